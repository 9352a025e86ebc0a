"""Approval on the page, with the real bot: asked, changed, asked again, held, approved by two."""

import re

import aiohttp
from playwright.async_api import Locator, expect

from tests.browser.visitor import Visitor

SIZE = (1280, 900)


async def rules(visitor: Visitor, stages: str) -> None:
    """Choose, as the admin, who approves."""
    await visitor.be("Mara")
    await visitor.go("social")
    await visitor.choose("/desk approval")
    form = visitor.page.locator("form.command")
    await form.get_by_role("button", name="Add option stages").click()
    await form.get_by_role("textbox").fill(stages)
    await form.get_by_role("button", name="Run").click()
    await expect(visitor.last).to_contain_text("Rules:")


async def ask(visitor: Visitor, caption: str) -> Locator:
    """Write a post as Ann, send it for approval, and return its card."""
    await visitor.be("Ann")
    await visitor.go("social")
    modal = await visitor.open_modal("/post new")
    await modal.get_by_label("Caption").fill(caption)
    await modal.get_by_role("button", name=re.compile("^Accounts")).click()
    await visitor.pick("Threads")
    await visitor.page.keyboard.press("Escape")
    await modal.get_by_label("When").fill("in 3 hours")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    await visitor.last.get_by_role("button", name="Send for approval").click()
    return await card_of(visitor, caption)


async def card_of(visitor: Visitor, caption: str) -> Locator:
    """Open #approvals and return the card of a post, as it is asked about now."""
    await visitor.go("approvals")
    shown = visitor.messages.filter(has_text=caption).filter(has_text="Waits for")
    return await visitor.fixed(shown.last)


async def press(visitor: Visitor, message: Locator, name: str, label: str) -> None:
    """Press a button under a message as one of the people."""
    await visitor.be(name)
    await message.get_by_role("button", name=label, exact=True).last.click()


async def answer(visitor: Visitor, text: str) -> None:
    """Fill in the form that asks for something, and send it."""
    modal = visitor.page.get_by_role("dialog")
    await modal.get_by_role("textbox").fill(text)
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)


async def react(visitor: Visitor, card: Locator, name: str, emoji: str) -> None:
    """Add or take off a reaction as one of the people."""
    await visitor.be(name)
    await card.get_by_role("button", name=re.compile(f"^{emoji}")).first.click()


async def change(visitor: Visitor, card: Locator, caption: str) -> Locator:
    """Change the text of a post as Ann, ask again, and return its new card."""
    await press(visitor, card, "Ann", "Change it")
    draft = visitor.messages.filter(has_text="Change of post").last
    await draft.get_by_role("button", name="Text", exact=True).click()
    modal = visitor.page.get_by_role("dialog")
    await modal.get_by_label("Caption").fill(caption)
    await modal.get_by_role("button", name="Submit").click()
    await expect(draft).to_contain_text(caption)
    await draft.get_by_role("button", name="Ask for approval again").click()
    return await card_of(visitor, caption)


async def test_asked_changed_held_and_approved_by_two(window: Visitor, real_address: str) -> None:
    """Two approve: one asks for changes, the author makes them, one holds it and then approves,
    like the other; what was approved is held and let go; another is rejected with a reason.
    """
    async with aiohttp.ClientSession(real_address) as http, http.get("/people") as found:
        roles = {role["name"]: f"<@&{role['id']}>" for role in (await found.json())["roles"]}
    async with window.visit(real_address, SIZE) as visitor:
        await rules(visitor, f"each of {roles['Approver']} {roles['Admin']}")
        card = await ask(visitor, "Fresh beans today")
        await react(visitor, card, "Paul", "✏️")
        await expect(card).to_contain_text("wants changes, and is asked which")
        await visitor.go("Fresh beans today")
        await press(visitor, visitor.last, "Paul", "Changes")
        await answer(visitor, "Say which beans.")
        await visitor.go("approvals")
        await expect(card).to_contain_text("Changes requested by @Paul")
        await expect(card).to_contain_text("Say which beans.")
        old, card = card, await change(visitor, card, "Fresh Kenya beans today")
        await expect(old).to_contain_text("what was voted here is void")
        await press(visitor, card, "Paul", "Approve")
        await expect(card).to_contain_text("Waits for @Admin")
        await react(visitor, card, "Mara", "⏸️")
        await expect(card).to_contain_text("@Mara holds it")
        await expect(card).to_contain_text("Still needed: @Admin")
        await react(visitor, card, "Mara", "✅")
        await expect(card).to_contain_text("Approved by @Paul and @Mara")
        await press(visitor, card, "Paul", "Hold")
        await expect(card).to_contain_text("holds it back")
        await press(visitor, card, "Paul", "Let it go")
        await expect(card).to_contain_text("🕓")
        card = await ask(visitor, "Old beans")
        await press(visitor, card, "Paul", "Reject")
        await answer(visitor, "Nobody wants *old* beans.")
        await expect(card).to_contain_text("Rejected by @Paul")
        await expect(card).to_contain_text("Nobody wants *old* beans.")
        await rules(visitor, "usual")
