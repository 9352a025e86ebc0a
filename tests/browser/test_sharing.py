"""Two people write one post on the page, with the real bot: invited, overtaken, taken away again."""

import re

from playwright.async_api import Locator, expect

from tests.browser.visitor import Visitor

SIZE = (1280, 900)
BEGUN, ANNS, PAULS = "Tasting on Friday", "Tasting on Saturday", "Tasting on Friday at noon"


async def begin(visitor: Visitor) -> Locator:
    """Write a draft as Ann and return its card."""
    await visitor.be("Ann")
    await visitor.go("social")
    modal = await visitor.open_modal("/post new")
    await modal.get_by_label("Caption").fill(BEGUN)
    await modal.get_by_role("button", name=re.compile("^Accounts")).click()
    await visitor.pick("Threads")
    await visitor.page.keyboard.press("Escape")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    return await visitor.fixed(visitor.messages.filter(has_text=BEGUN).last)


async def press(card: Locator, label: str) -> None:
    """Press a button under a card."""
    await card.get_by_role("button", name=label, exact=True).click()


async def toggle(visitor: Visitor, card: Locator, name: str) -> None:
    """Choose somebody in the select of a card, or take them away."""
    await card.locator("button.select").click()
    await visitor.pick(name)
    await visitor.page.keyboard.press("Escape")


async def type_into(visitor: Visitor, text: str) -> None:
    """Send the open form with another text."""
    modal = visitor.page.get_by_role("dialog")
    await modal.get_by_label("Caption").fill(text)
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)


async def test_a_draft_is_written_together(window: Visitor, real_address: str) -> None:
    """Ann invites Paul, who is pinged and opens the draft; whoever comes second is shown what the
    other changed, and by whom. Taken away, Paul opens it no more.
    """
    async with window.visit(real_address, SIZE) as visitor:
        card = await begin(visitor)
        await press(card, "Write together")
        await toggle(visitor, card, "Paul")
        await expect(card).to_contain_text("@Ann with @Paul")
        invitation = await visitor.fixed(visitor.messages.filter(has_text="asks you to write").last)
        await expect(invitation).to_contain_text("@Paul")
        await expect(invitation).not_to_contain_text(BEGUN)
        await press(card, "Done")
        await expect(card).to_contain_text("seen by those alone who write it")
        await visitor.be("Paul")
        await press(invitation, "Open the draft")
        theirs = await visitor.fixed(visitor.messages.filter(has_text=BEGUN).last)
        await expect(theirs).to_contain_text("your own approval of it does not count")
        await visitor.be("Ann")
        await press(card, "Text")
        await type_into(visitor, ANNS)
        await expect(card).to_contain_text(ANNS)
        await visitor.be("Paul")
        await press(theirs, "Text")
        late = visitor.messages.filter(has_text="was changed by @Ann since you opened it").last
        await expect(late).to_be_visible()
        await expect(theirs).to_contain_text(ANNS)
        await press(theirs, "Text")
        await type_into(visitor, PAULS)
        await expect(theirs).to_contain_text(PAULS)
        await visitor.be("Ann")
        await press(card, "Write together")
        await expect(card.locator("button.select")).to_contain_text("Paul")
        await toggle(visitor, card, "Paul")
        await expect(card).to_contain_text("Not any more, though they changed it: @Paul")
        await visitor.be("Paul")
        await press(theirs, "Files")
        await expect(visitor.last).to_contain_text("You have no draft")
