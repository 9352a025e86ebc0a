"""A post's whole life on the page, with the real bot, as a newcomer plays it."""

import io
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Locator, expect

from tests.browser.visitor import DESKTOP, PHONE, Visitor

SOON = 15000  # milliseconds: TikTok's simulated work, and the bot's growing poll intervals


DOCS = Path(__file__).parents[2] / "docs"


def a_picture() -> bytes:
    """Return a small photo: a cup, seen from above."""
    picture = Image.new("RGB", (720, 480), "#2f4a45")
    draw = ImageDraw.Draw(picture)
    rings = (("#e9e2d4", 190), ("#f7f3ea", 165), ("#5b3a24", 140), ("#8a5a36", 120))
    for colour, radius in rings:
        draw.ellipse((360 - radius, 240 - radius, 360 + radius, 240 + radius), fill=colour)
    draw.ellipse((310, 150, 410, 330), fill="#f3dfc1")
    raw = io.BytesIO()
    picture.save(raw, "JPEG", quality=90)
    return raw.getvalue()


async def keep_picture(visitor: Visitor, name: str) -> None:
    """Put what the visitor sees into docs/, where the README shows it, if PICTURES is set."""
    if os.environ.get("PICTURES"):
        await visitor.page.screenshot(path=DOCS / f"{name}.png")


async def write_draft(visitor: Visitor, caption: str, accounts: Sequence[str]) -> Locator:
    """Write a post with a picture, as Ann in #social; the card of its draft."""
    await visitor.be("Ann")
    await visitor.go("social")
    modal = await visitor.open_modal("/post new")
    await modal.get_by_label("Caption").fill(caption)
    await modal.get_by_label("Media").set_input_files(
        [{"name": "cups.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}]
    )
    await modal.get_by_role("button", name=re.compile("^Accounts")).click()
    for account in accounts:
        await visitor.pick(account)
    await visitor.page.keyboard.press("Escape")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    card = visitor.messages.filter(has_text="seen by you alone").filter(has_text=caption.strip())
    await card.last.wait_for()
    return await visitor.fixed(card.last)


async def write_post(visitor: Visitor, caption: str, accounts: Sequence[str]) -> None:
    """Write a post with a picture, as Ann in #social, for as soon as it is approved; send it."""
    card = await write_draft(visitor, caption, accounts)
    await card.get_by_role("button", name="Send for approval").click()
    await expect(card).to_contain_text("waits in")


async def find_card(visitor: Visitor, caption: str) -> Locator:
    """Open #approvals and return the card of a post."""
    await visitor.go("approvals")
    return await visitor.fixed(visitor.messages.filter(has_text=caption).last)


async def react(visitor: Visitor, card: Locator, name: str, emoji: str) -> None:
    """React to a card as one of the people."""
    await visitor.be(name)
    await card.get_by_role("button", name=re.compile(f"^{emoji}")).click()


def published(visitor: Visitor, account: str, caption: str) -> Locator:
    """Return what an account out there shows of a post."""
    box = visitor.page.locator("details.account", has_text=account)
    return box.get_by_role("article").filter(has_text=caption)


@pytest.mark.parametrize(
    ("name", "size", "caption", "accounts"),
    [
        ("desktop", DESKTOP, "Autumn blend is here ☕", ("Threads", "TikTok · Harbour Coffee")),
        ("phone", PHONE, "New roast, same harbour ⚓", ("Threads", "Instagram")),
    ],
    ids=["desktop", "phone"],
)
async def test_a_post_from_idea_to_link(
    window: Visitor,
    real_address: str,
    name: str,
    size: tuple[int, int],
    caption: str,
    accounts: Sequence[str],
) -> None:
    """A post is written, approved by its approver alone, published, shown and announced."""
    async with window.visit(real_address, size) as visitor:
        await write_post(visitor, caption, accounts)
        card = await find_card(visitor, caption)
        await expect(card.locator("img").first).to_be_visible()
        await react(visitor, card, "Tom", "✅")
        await expect(card).to_contain_text("Waits for @Approver")
        await react(visitor, card, "Paul", "✅")
        await expect(card).to_contain_text("all 2 published", timeout=SOON)
        await keep_picture(visitor, f"card-{name}")
        await visitor.go("social")
        news = visitor.messages.filter(has_text="all 2 published").filter(has_text=caption)
        await expect(news).to_have_count(1)
        await keep_picture(visitor, f"sandbox-{name}")
        await news.get_by_role("link", name="open").last.click()
        shown = published(visitor, "Threads", caption)
        await expect(shown).to_be_focused()
        assert await shown.locator("img").evaluate("image => image.decode().then(() => true)")
        await expect(visitor.page.get_by_text(re.compile("Published . times"))).to_have_count(0)


async def test_a_vote_while_the_bot_is_dead(window: Visitor, real_address: str) -> None:
    """A vote cast while the bot is dead counts when it starts again, once."""
    async with window.visit(real_address) as visitor:
        await write_post(visitor, "Open on Sunday", ["Threads"])
        card = await find_card(visitor, "Open on Sunday")
        reaction = card.get_by_role("button", name=re.compile("^❌"))
        await reaction.wait_for()
        bot = visitor.page.get_by_role("region", name="The bot")
        await bot.get_by_role("button", name="Kill").click()
        await expect(bot.get_by_role("status")).to_contain_text("Stopped")
        await react(visitor, card, "Paul", "✅")
        await bot.get_by_role("button", name="Start").click()
        await expect(card).to_contain_text("published", timeout=SOON)
        await expect(published(visitor, "Threads", "Open on Sunday")).to_have_count(1)


async def test_a_lost_answer_is_not_sent_twice(window: Visitor, real_address: str) -> None:
    """When the service accepts a post and cuts the connection, the bot asks and does not repeat."""
    async with window.visit(real_address) as visitor:
        choice = visitor.page.get_by_role("combobox", name="How WAHDX behaves")
        await choice.select_option("drop_after")
        await write_post(visitor, "Who saw this?", ["Threads"])
        card = await find_card(visitor, "Who saw this?")
        await react(visitor, card, "Paul", "✅")
        await expect(published(visitor, "Threads", "Who saw this?")).to_have_count(1, timeout=SOON)
        await expect(card).to_contain_text("outcome unknown", timeout=SOON)
        await choice.select_option("none")
        await expect(visitor.page.get_by_text(re.compile("Published . times"))).to_have_count(0)


async def test_a_draft_is_mended_on_its_card(window: Visitor, real_address: str) -> None:
    """What is in the way is said account by account; one gets a text of its own and an option, one
    is left out, and then a click sends it.
    """
    async with window.visit(real_address, PHONE) as visitor:
        long = "Too long. " * 60
        chosen = ("Threads", "TikTok · Harbour Coffee", "Facebook · Harbour Coffee (old page)")
        card = await write_draft(visitor, long, chosen)
        await expect(card).to_contain_text("takes 500 characters")
        await expect(card).to_contain_text("must be reconnected")
        await card.get_by_role("button", name=re.compile("^One account")).click()
        await visitor.pick("Threads")
        await expect(card).to_contain_text("none chosen")
        await card.get_by_role("button", name="Its own text").click()
        modal = visitor.page.get_by_role("dialog")
        await expect(modal.get_by_label("Caption")).to_have_value(long.strip())
        fields = modal.locator(".modal-fields")
        assert await fields.evaluate("fields => fields.scrollWidth <= fields.clientWidth")
        await modal.get_by_label("Caption").fill("Short enough")
        await modal.get_by_role("button", name="Submit").click()
        await expect(card).to_contain_text("Short enough")
        await card.get_by_role("button", name="Done").click()
        await card.get_by_role("button", name=re.compile("^One account")).click()
        await visitor.pick("TikTok")
        await card.get_by_role("button", name="Choose options").click()
        await visitor.options.first.click()
        await modal.get_by_role("button", name=re.compile("^Who can see it")).click()
        await visitor.pick("nobody but the account")
        await modal.get_by_role("button", name="Submit").click()
        await expect(card).to_contain_text("visible to nobody but the account")
        await card.get_by_role("button", name="Done").click()
        await card.get_by_role("button", name="Accounts").click()
        await card.get_by_role("button", name=re.compile("^Where it goes")).click()
        await visitor.pick("old page")
        await visitor.page.keyboard.press("Escape")
        await expect(card.get_by_role("definition")).not_to_contain_text("old page")
        await card.get_by_role("button", name="Done").click()
        await expect(card).not_to_contain_text("old page")
        await expect(card).to_contain_text("its own text")
        await keep_picture(visitor, "draft-phone")
        await card.get_by_role("button", name="Send for approval").click()
        await expect(card).to_contain_text("waits in")
        found = await find_card(visitor, "Short enough")
        await expect(found.locator("img").first).to_be_visible()


async def test_a_message_becomes_a_post_that_is_looked_at(
    window: Visitor, real_address: str
) -> None:
    """The menu of a message begins a draft with its words; its preview shows it as the platform
    will, folded, and turns to another account in its place.
    """
    async with window.visit(real_address) as visitor:
        await visitor.be("Ann")
        await visitor.go("social")
        message = await visitor.write(
            "☕ 月曜定休 #harbour 🇯🇵 " + "Closed on Monday, open on Tuesday. " * 8
        )
        await message.get_by_role("button", name="Message menu").click()
        await visitor.page.get_by_role("menuitem", name="Draft a post from this").click()
        card = (
            visitor.messages.filter(has_text="seen by you alone").filter(has_text="Begun from").last
        )
        await card.wait_for()
        card = await visitor.fixed(card)
        await card.get_by_role("button", name="Accounts").click()
        await card.get_by_role("button", name=re.compile("^Where it goes")).click()
        for account in ("Threads", "Facebook"):
            await visitor.pick(account)
        await visitor.page.keyboard.press("Escape")
        await expect(card.get_by_role("definition").filter(has_text="Facebook")).to_have_count(1)
        await card.get_by_role("button", name="Done").click()
        await card.get_by_role("button", name="Preview").click()
        looks = visitor.messages.filter(has_text="A sketch of the feed").last
        await looks.wait_for()
        looks = await visitor.fixed(looks)
        await expect(looks).to_contain_text("behind “… more”")
        picture = looks.locator("img").first
        assert (
            await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 600
        )
        await looks.get_by_role("button", name=re.compile("^Another account")).click()
        await visitor.pick("Facebook")
        await expect(looks).to_contain_text("behind “… See more”")
        await keep_picture(visitor, "preview-desktop")
