"""The page as a whole: widths, names for all controls, the bot's process, out there."""

import pytest
from playwright.async_api import Browser, WebSocketRoute, expect

from sandbox.services.catalogue import SIMULATORS
from tests.browser.conftest import opened
from tests.browser.visitor import Visitor

NAMELESS = """() => [...document.querySelectorAll(
  'button, a[href], input, textarea, select, summary, [role=option], [tabindex], img, video, dialog'
)].filter(node => node.checkVisibility() && !node.closest('[aria-hidden=true]')).filter(node => {
  if (node.matches('img')) return !node.hasAttribute('alt');
  if (node.matches('#messages')) return false;
  const labelled = (node.getAttribute('aria-labelledby') ?? '').split(' ')
    .map(id => document.getElementById(id)?.textContent ?? '').join('');
  const name = node.getAttribute('aria-label') || labelled || node.textContent.trim()
    || [...(node.labels ?? [])].map(label => label.textContent).join('')
    || [...node.querySelectorAll('img')].map(img => img.alt).join('');
  return !name;
}).map(node => node.outerHTML.slice(0, 120))"""

FAINT = """() => {
  const channel = value => { value /= 255; return value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4; };
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const behind = node => { for (; node; node = node.parentElement) {
    const color = parse(getComputedStyle(node).backgroundColor);
    if (color.length < 4 || color[3] > .9) return color; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')].filter(node => node.checkVisibility({opacityProperty: true})
      && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())
      && !node.closest(':disabled, [aria-disabled=true], .spoiler, .covered, .tools, option')).map(node => {
    const [one, two] = [light(parse(getComputedStyle(node).color)), light(behind(node))].sort((a, b) => b - a);
    return [(one + .05) / (two + .05), node.textContent.slice(0, 40), node.className];
  }).filter(([ratio]) => ratio < 4.5);
}"""


async def fill(visitor: Visitor) -> None:
    """Bring one of everything onto the page."""
    for command in ("page", "old", "new", "slow"):
        await visitor.run(f"/sample {command}")
    await expect(visitor.last).to_contain_text("Thought about it.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_names_and_contrast(visitor: Visitor, scheme: str) -> None:
    """Every control has a name, and text stands out 4.5 to 1 (WCAG 2.2 AA), in both schemes."""
    await visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await fill(visitor)
    await visitor.page.get_by_text("Log", exact=True).click()
    assert await visitor.page.evaluate(NAMELESS) == []
    assert await visitor.page.evaluate(FAINT) == []
    await visitor.choose("/sample options")
    assert await visitor.page.evaluate(NAMELESS) == []
    await visitor.page.keyboard.press("Escape")
    await visitor.page.keyboard.press("Escape")
    await visitor.open_modal("/sample modal")
    assert await visitor.page.evaluate(NAMELESS) == []
    assert await visitor.page.evaluate(FAINT) == []


async def test_phone(visitor: Visitor) -> None:
    """At 390 px nothing scrolls sideways and three tabs hold all parts; anyone can be chosen."""
    page = visitor.page
    await fill(visitor)
    await page.set_viewport_size({"width": 390, "height": 780})
    wide = """() => [...document.querySelectorAll('body, #messages, #side, #channels, #chat, dialog, .command')]
      .filter(node => node.scrollWidth > node.clientWidth + 1).map(node => node.id || node.className)"""
    tabs = page.get_by_role("navigation", name="Parts of the page")
    for tab in ("Out there", "Channels", "Chat"):
        await tabs.get_by_role("button", name=tab).click()
        assert await page.evaluate(wide) == []
        await visitor.be("Mara")
        await visitor.be("Ann")
    await visitor.choose("/sample options")
    assert await page.evaluate(wide) == []
    await page.get_by_role("button", name="Cancel").click()
    await visitor.open_modal("/sample modal")
    assert await page.evaluate(wide) == []


async def test_theme_is_remembered(visitor: Visitor) -> None:
    """The button changes dark and light, and the choice outlives a reload."""
    page = visitor.page
    await page.get_by_role("button", name="Change to dark or light").click()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_who_i_am_is_remembered(visitor: Visitor) -> None:
    """Arrow keys go through the people, and the choice outlives a reload."""
    page = visitor.page
    await page.get_by_role("radio", name="Ann (Author)").focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowRight")
    paul = page.get_by_role("radio", name="Paul (Approver)")
    await expect(paul).to_be_checked()
    await expect(paul).to_be_focused()
    await page.reload()
    await expect(paul).to_be_checked()


async def test_bot_is_killed_and_started(visitor: Visitor) -> None:
    """The bot can be killed and started; while it is dead, commands fail and keep their input."""
    bot = visitor.page.get_by_role("region", name="The bot")
    await bot.get_by_role("button", name="Kill").click()
    await expect(bot.get_by_role("status")).to_contain_text("Stopped")
    await visitor.choose("/sample old")
    await visitor.page.keyboard.press("Enter")
    failure = visitor.page.get_by_role("form").get_by_role("alert")
    await expect(failure).to_contain_text("The application did not respond")
    await expect(failure).to_contain_text("Your input is kept")
    await bot.get_by_role("button", name="Start").click()
    await expect(bot.get_by_role("status")).to_contain_text("Running")
    await visitor.page.get_by_role("button", name="Run").click()
    await expect(visitor.last).to_contain_text("Old components")


async def test_faults_are_switched(visitor: Visitor, another_window: Visitor, address: str) -> None:
    """A fault is chosen by name, explained, and shown to every other visitor at once."""
    async with another_window.visit(address) as other:
        service = visitor.page.get_by_role("region", name="WAHDX")
        choice = service.get_by_role("combobox", name="How WAHDX behaves")
        await choice.select_option("drop_after")
        await expect(service).to_contain_text("This lasts until you choose another.")
        elsewhere = other.page.get_by_role("combobox", name="How WAHDX behaves")
        await expect(elsewhere).to_have_value("drop_after", timeout=1000)
        await choice.select_option("none")
        await expect(elsewhere).to_have_value("none", timeout=1000)


async def test_every_service_has_its_own_faults(visitor: Visitor) -> None:
    """However many services there are: one choice each, named after it, and a fault is of one."""
    services = visitor.page.locator("section.service")
    await expect(services).to_have_count(len(SIMULATORS))
    names = await services.evaluate_all("all => all.map(each => each.getAttribute('aria-label'))")
    chosen = visitor.page.get_by_role("combobox", name=f"How {names[-1]} behaves")
    await chosen.select_option("error_after")
    await expect(services.last).to_contain_text("This lasts until you choose another.")
    for name in names[:-1]:
        choice = visitor.page.get_by_role("combobox", name=f"How {name} behaves")
        await expect(choice).to_have_value("none")
    await chosen.select_option("none")


async def test_accounts_without_posts_take_one_line(visitor: Visitor) -> None:
    """Accounts that published nothing share a line until someone opens it, and then stay open."""
    wahdx = visitor.page.get_by_role("region", name="WAHDX")
    account = wahdx.locator("details.account").last
    await expect(account).to_be_hidden()
    await wahdx.get_by_text("accounts without posts").click()
    await account.locator("summary").click()
    choice = visitor.page.get_by_role("combobox", name="How WAHDX behaves")
    await choice.select_option("slow")  # which draws everything anew
    await expect(visitor.page.get_by_role("region", name="WAHDX")).to_contain_text("This lasts")
    await expect(account.get_by_text("Nothing published yet.")).to_be_visible()
    await choice.select_option("none")


async def test_reconnects_by_itself(visitor: Visitor, chromium: Browser, address: str) -> None:
    """A lost connection is said; the page comes back by itself and shows what it missed."""
    sockets: list[WebSocketRoute] = []

    async def take(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 2:  # the first try to come back fails
            await socket.close()
        else:
            socket.connect_to_server()

    async with opened(chromium) as other:
        await other.page.route_web_socket("**/live", take)
        async with other.visit(address):
            lost = other.page.get_by_text("Connection lost")
            await expect(lost).to_be_hidden()
            await sockets[0].close()
            await expect(lost).to_be_visible()
            await visitor.write("While you were away")
            await expect(other.last).to_contain_text("While you were away")
            await expect(lost).to_be_hidden()
            assert len(sockets) == 3
