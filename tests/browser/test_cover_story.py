"""The cover of a video on the page: chosen from its frames, and put before approvers."""

import io
import re
from fractions import Fraction

import av
from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, Locator, expect

from tests.browser.test_story import find_card, keep_picture
from tests.browser.visitor import Visitor

CAPTION = "Steam over the harbour"
RATE, SECONDS = 24, 4


def a_film() -> bytes:
    """Film a cup that is filled while the sun moves over it."""
    file = io.BytesIO()
    with av.open(file, "w", format="webm") as output:
        stream = output.add_stream("libvpx", rate=RATE, options={"deadline": "realtime"})
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number in range(RATE * SECONDS):
            part = number / (RATE * SECONDS)
            picture = Image.new("RGB", (640, 360), (40 + round(90 * part), 90, 110))
            draw = ImageDraw.Draw(picture)
            x = 40 + 560 * part
            draw.ellipse((x - 30, 30, x + 30, 90), fill="#f4c95d")
            draw.rectangle((240, 160, 400, 320), outline="#f7f3ea", width=8)
            draw.rectangle((248, 312 - round(140 * part), 392, 312), fill="#5b3a24")
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


async def film_draft(visitor: Visitor) -> Locator:
    """Write a post with a video, as Ann in #social; the card of its draft."""
    await visitor.be("Ann")
    await visitor.go("social")
    modal = await visitor.open_modal("/post new")
    await modal.get_by_label("Caption").fill(CAPTION)
    film: FilePayload = {"name": "steam.webm", "mimeType": "video/webm", "buffer": a_film()}
    await modal.get_by_label("Media").set_input_files([film])
    await modal.get_by_role("button", name=re.compile("^Accounts")).click()
    for account in ("Threads", "TikTok · Harbour Coffee"):
        await visitor.pick(account)
    await visitor.page.keyboard.press("Escape")
    await modal.get_by_role("button", name="Submit").click()
    card = visitor.messages.filter(has_text="seen by you alone").filter(has_text=CAPTION)
    await card.last.wait_for()
    return await visitor.fixed(card.last)


async def test_a_cover_is_chosen_from_frames(window: Visitor, real_address: str) -> None:
    """Frames are shown with their times; the chosen one stands on both cards, and is seen by approvers."""
    async with window.visit(real_address) as visitor:
        card = await film_draft(visitor)
        await card.get_by_role("button", name="Files").click()
        await card.get_by_role("button", name="Cover", exact=True).click()
        await expect(card).to_contain_text("takes a frame")
        sheet = card.locator("img").first
        await expect(sheet).to_be_visible()
        await keep_picture(visitor, "cover-desktop")
        await card.get_by_role("button", name=re.compile("A frame of the video")).click()
        await visitor.pick("5 · 0:0")
        await expect(card).to_contain_text("Cover: the frame at 0:0")
        await expect(card).to_contain_text("takes none through its service")
        await card.get_by_role("button", name="Send for approval").click()
        await expect(card).to_contain_text("waits in")
        approval = await find_card(visitor, CAPTION)
        await expect(approval).to_contain_text("Cover: the frame at 0:0")
        await expect(approval.locator("img").first).to_be_visible()
