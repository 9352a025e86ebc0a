"""Messages on the page: text, components, reactions, threads, and who sees what, at once."""

import re

from playwright.async_api import expect

from tests.browser.visitor import Visitor


async def test_markdown_is_drawn_and_escaped(visitor: Visitor) -> None:
    """Text is drawn with Discord's markdown, and never as HTML."""
    message = await visitor.run("/sample page")
    text = message.locator(".markdown").first
    for tag, words in {
        "h3": "Heading", "strong": "bold", "em": "italic", "u": "under", "s": "gone",
        "p code": "code", "blockquote": "quoted", "ul ul li": "inner", "ol li": "first",
        "small": "small print", "pre": "print('<b>')",
    }.items():  # fmt: skip
        await expect(text.locator(tag).first).to_have_text(words)
    await expect(text).to_contain_text("<script>alert(1)</script> @Ann")
    await expect(text.locator("a")).to_have_attribute("href", "https://example.com/a_b_c")
    spoiler = text.get_by_role("button", name="Spoiler")
    await spoiler.focus()
    await visitor.page.keyboard.press("Enter")
    await expect(text.locator(".spoiler.shown")).to_have_text("secret")


async def test_embeds_of_one_url_are_one_gallery(visitor: Visitor) -> None:
    """Embeds show their parts; those of the same url share one gallery."""
    message = await visitor.run("/sample page")
    embed = message.locator(".embed")
    await expect(embed).to_have_count(1)
    await expect(embed.locator(".gallery img")).to_have_count(2)
    await expect(embed.locator("dt")).to_have_text(["Accounts", "When"])
    await expect(embed.locator(".embed-foot")).to_contain_text("In review · ")
    await embed.locator(".gallery button").first.click()
    await expect(visitor.page.locator("dialog.lightbox img")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("dialog")).to_have_count(0)


async def test_old_components(visitor: Visitor) -> None:
    """Buttons act in place, links leave, disabled ones rest, selects take several."""
    message = await visitor.run("/sample old")
    page = visitor.page
    await message.get_by_role("button", name="Count").click()
    await message.get_by_role("button", name="Count 1").click()
    await message.get_by_role("button", name="Count 2").wait_for()
    await expect(message.get_by_role("button", name="Not now")).to_be_disabled()
    link = message.get_by_role("link", name="Read more")
    await expect(link).to_have_attribute("href", "https://example.com/more")
    await message.get_by_role("button", name=re.compile("^Pick two")).click()
    await visitor.pick("Flat")
    await visitor.pick("Cold")
    await page.keyboard.press("Escape")
    await expect(visitor.last).to_contain_text("Picked Flat, Cold")
    await message.get_by_role("button", name=re.compile("^Pick a person")).click()
    await visitor.pick("Paul")
    await expect(visitor.last).to_contain_text("Picked @Paul")


async def test_silence_is_shown_at_the_message(visitor: Visitor) -> None:
    """A button the bot does not answer says so beside it after three seconds."""
    message = await visitor.run("/sample old")
    await message.get_by_role("button", name="Break").click()
    await expect(message.get_by_role("alert")).to_contain_text("The application did not respond")


async def test_new_components(visitor: Visitor) -> None:
    """Containers, sections, galleries, files and separators are drawn; spoilers are covered."""
    message = await visitor.run("/sample new")
    container = message.locator(".container")
    await expect(container.locator("h5")).to_have_text("A container")
    await expect(container.locator(".section")).to_have_count(2)
    await expect(container.locator("hr.large")).to_have_count(1)
    await expect(container.locator(".gallery img")).to_have_count(2)
    await expect(container.locator("a.file")).to_contain_text("notes.txt")
    await container.get_by_role("button", name="Spoiler: show").click()
    await expect(container.locator(".covered.cover")).to_have_count(0)
    await expect(container.get_by_role("button", name="Go")).to_be_enabled()


async def test_reactions(visitor: Visitor) -> None:
    """A click toggles one's reaction; the count and who reacted follow."""
    message = await visitor.write("React to this")
    await message.hover()
    await message.get_by_role("button", name="Add reaction").click()
    await visitor.page.get_by_role("button", name="✅ yes").click()
    reaction = message.get_by_role("button", name=re.compile("^✅, 1 reaction"))
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await visitor.be("Paul")
    await reaction.click()
    both = message.get_by_role("button", name=re.compile("^✅, 2 reactions"))
    await both.hover()
    await expect(both).to_have_attribute("title", "✅ Ann, Paul")
    await both.click()
    await expect(reaction).to_have_attribute("aria-pressed", "false")


async def test_only_you_can_see_this(visitor: Visitor) -> None:
    """An ephemeral answer thinks first, is seen by one person, and can be dismissed."""
    message = await visitor.run("/sample slow")
    await expect(message).to_contain_text("Thought about it.")
    await expect(message).to_contain_text("Only you can see this")
    await visitor.be("Ben")
    await expect(message).to_have_count(0)
    await visitor.be("Ann")
    await message.get_by_role("button", name="Dismiss message").click()
    await expect(message).to_have_count(0)


async def test_news_come_by_themselves(
    visitor: Visitor, another_window: Visitor, address: str
) -> None:
    """What one does is on another's screen within a second, and elsewhere as unread."""
    async with another_window.visit(address) as other:
        await other.be("Paul")
        message = await visitor.write("Hello Paul")
        seen = other.messages.filter(has_text="Hello Paul")
        await expect(seen).to_have_count(1, timeout=1000)
        await other.go("announcements")
        await visitor.write("Where are you?")
        unread = other.page.get_by_role("button", name=re.compile("social.*unread"))
        await expect(unread).to_have_count(1, timeout=1000)
        await message.get_by_role("button", name="Message menu").click()
        await visitor.page.get_by_role("menuitem", name="Delete").click()
        await other.go("social")
        await expect(seen).to_have_count(0, timeout=1000)


async def test_reply_edit_and_thread(visitor: Visitor) -> None:
    """The message menu replies, edits, starts threads, and runs the bot's commands."""
    page = visitor.page
    message = await visitor.write("The first words")

    async def choose(name: str) -> None:
        await message.get_by_role("button", name="Message menu").click()
        await page.get_by_role("menuitem", name=name).click()

    await choose("Reply")
    reply = await visitor.write("An answer")
    await expect(reply.locator(".origin")).to_contain_text("Ann The first words")
    await reply.locator(".origin").click()
    await expect(message.get_by_role("button", name="Message menu")).to_be_focused()
    await choose("Edit")
    await page.locator("#write").fill("The second words")
    await page.keyboard.press("Enter")
    await expect(message.locator(".markdown")).to_have_text("The second words (edited)")
    await choose("Draft a post from this")
    await expect(visitor.last).to_contain_text("Draft: The second words")
    await choose("Start a thread")
    await page.get_by_role("textbox", name="Name of the thread").fill("Details")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("↳ Details")
    await visitor.write("Inside")
    await visitor.go("social")
    await expect(message.get_by_role("button", name="Details")).to_be_visible()


async def test_files_are_sent_and_shown(visitor: Visitor) -> None:
    """Files are attached, listed before sending, and shown as what they are."""
    page = visitor.page
    await page.get_by_label("Files to attach").set_input_files(
        [
            {"name": "dot.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"},
            {"name": "list.txt", "mimeType": "text/plain", "buffer": b"one\ntwo"},
        ]
    )
    await page.get_by_role("button", name="Remove dot.svg").click()
    await page.locator("#write").press("Enter")
    await expect(visitor.last.locator("a.file")).to_contain_text("list.txt7 B")
