"""How a post will look is drawn for each account, whatever it holds."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot import preview_card, screen_card
from bot.domain import editing
from bot.domain import screen as screens
from bot.domain.platform import Kind, Platform
from bot.errors import NotFoundError
from bot.paper import EDGE, MOST_HEIGHT, WIDTH
from bot.preview_card import Sketch
from bot.workflow import appearance, intake, redraft
from bot.workflow.desk import Desk
from providers.genviral.service import Genviral
from tests import pictures
from tests.factories import AUTHOR, SERVER
from tests.life import Life
from tests.scripted import ScriptedService

ODD = (
    "",
    "☕🎉👩‍👩‍👧🇩🇪👍🏽",
    "Привет Ελλάδα שלום سلام नमस्ते 日本",
    "x" * 4000,
    "\n" * 50 + "end",
    "\ufe0f\u200d\u202e\x00\ufffd",
    "#" * 300,
)


def sketch(**changes: Any) -> Sketch:
    """A post of one photo."""
    values: dict[str, Any] = {
        "platform": Platform.INSTAGRAM,
        "account": "Harbour Coffee",
        "kind": Kind.PHOTOS,
        "caption": "Beans",
        "title": "",
        "pictures": [pictures.JPEG],
    }
    return Sketch(**(values | changes))


def is_teal(pixel: Any) -> bool:
    """Whether a pixel, shaded or not, is of the test's photo."""
    red, green, blue = pixel
    return red < 40 and abs(green - blue) < 12 and green > 50


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height of a picture."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as picture:
        return picture.size


@pytest.mark.parametrize("platform", Platform)
def test_every_platform_is_drawn(platform: Platform) -> None:
    """Each kind of post becomes a picture of bounded size, also without the picture of its video."""
    for kind, shown in ((Kind.TEXT, []), (Kind.PHOTOS, [pictures.JPEG] * 5), (Kind.VIDEO, [])):
        drawn = preview_card.draw(sketch(platform=platform, kind=kind, pictures=shown))
        width, height = size_of(drawn)
        assert width == WIDTH
        assert height <= MOST_HEIGHT


@pytest.mark.parametrize(
    ("platform", "kind", "is_story"),
    [
        (Platform.INSTAGRAM, Kind.PHOTOS, True),
        (Platform.FACEBOOK, Kind.VIDEO, True),
        (Platform.INSTAGRAM, Kind.VIDEO, False),
        (Platform.TIKTOK, Kind.PHOTOS, False),
    ],
)
def test_whole_screens_are_upright(platform: Platform, kind: Kind, is_story: bool) -> None:
    """A picture that is no story itself is whole within 9:16, as wide as the screen."""
    assert screen_card.WIDE / screen_card.HIGH == 9 / 16
    screen = screens.of(platform, kind, is_story=is_story)
    white = pictures.picture(width=160, height=90)
    with Image.open(
        BytesIO(
            preview_card.draw(sketch(platform=platform, kind=kind, screen=screen, pictures=[white]))
        )
    ) as card:
        left, right = EDGE, EDGE + screen_card.WIDE
        top = card.height - screen_card.HIGH - 16 - EDGE // 2
        middle = top + screen_card.HIGH // 2
        shown = [card.getpixel((x, y)) for x, y in ((left + 60, middle), (right - 60, middle))]
        beyond = card.getpixel((right + 8, middle))
    assert all(is_teal(pixel) for pixel in shown)
    assert not is_teal(beyond)


def test_a_story_has_no_text() -> None:
    """The text of a story is nowhere in its picture; that of a reel is."""
    story = screens.of(Platform.INSTAGRAM, Kind.VIDEO, is_story=True)
    reel = screens.of(Platform.INSTAGRAM, Kind.VIDEO)
    told, silent = (
        [
            preview_card.draw(sketch(kind=Kind.VIDEO, caption=caption, screen=screen))
            for caption in ("", "Beans " * 9)
        ]
        for screen in (reel, story)
    )
    assert told[0] != told[1]
    assert silent[0] == silent[1]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts(text: str) -> None:
    """No text breaks the drawing: emoji, scripts from right to left, no spaces, endless lines."""
    drawn = preview_card.draw(sketch(platform=Platform.X, caption=text, account=text, title=text))
    assert size_of(drawn)[1] <= MOST_HEIGHT


async def test_each_account_has_its_own_text(life: Life, desk: Desk) -> None:
    """What is drawn is what goes out to that account; with notes on what is not seen at once."""
    ids = await life.connect()
    draft = await life.write(Platform.THREADS, Platform.FACEBOOK, caption="Short")
    own = "Long " * 100
    hand = redraft.hand_of(draft)
    facebook = ids[Platform.FACEBOOK]
    draft = await redraft.change(
        desk, hand, lambda content: editing.with_own_text(content, facebook, (own, ""))
    )
    looks = await appearance.of(desk, draft, facebook)
    assert looks.target.account_id == facebook
    assert "See more" in looks.notes[0]
    first = await appearance.of(desk, draft, None)
    assert first.notes == []
    assert first.picture != looks.picture


async def test_drawing_keeps_nobody_waiting(life: Life, desk: Desk) -> None:
    """While a preview is drawn, or waits for another to be drawn, the loop goes on."""
    await life.connect()
    draft = await life.write(Platform.THREADS)
    with preview_card.DRAWING:
        waiting = asyncio.create_task(appearance.of(desk, draft, None))
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
    assert (await waiting).picture


async def test_files_are_shown(life: Life, desk: Desk) -> None:
    """The photo of a post is in its preview."""

    async def pieces() -> AsyncIterator[bytes]:
        yield pictures.JPEG

    media = await intake.keep(desk, SERVER, "beans.jpg", pieces())
    draft = await life.write(Platform.THREADS, media=[media])
    plain = await life.write(Platform.THREADS)
    with_photo = await appearance.of(desk, draft, None)
    without = await appearance.of(desk, plain, None)
    assert size_of(with_photo.picture)[1] > size_of(without.picture)[1] + 100


async def test_who_may_look(life: Life, desk: Desk) -> None:
    """A draft is its author's; a post without accounts has no look; another server has none."""
    draft = await life.write(Platform.THREADS)
    found = await appearance.find(desk, server_id=SERVER, post_id=draft.id, user_id=AUTHOR)
    assert found.id == draft.id
    empty = await life.write()
    wrong = (
        (SERVER, draft.id, AUTHOR + 1),
        (SERVER + 1, draft.id, AUTHOR),
        (SERVER, empty.id, AUTHOR),
    )
    for server_id, post_id, user_id in wrong:
        with pytest.raises(NotFoundError):
            await appearance.find(desk, server_id=server_id, post_id=post_id, user_id=user_id)


async def test_a_story_is_drawn_as_one(life: Life, desk: Desk, service: ScriptedService) -> None:
    """The choice of a story at a service makes a story of the preview, and says that it has no text."""

    async def pieces() -> AsyncIterator[bytes]:
        yield pictures.JPEG

    service.can(options=Genviral.capabilities.options)
    ids = await life.connect()
    media = await intake.keep(desk, SERVER, "beans.jpg", pieces())
    draft = await life.write(Platform.INSTAGRAM, media=[media])
    feed = await appearance.of(desk, draft, None)
    hand, account = redraft.hand_of(draft), ids[Platform.INSTAGRAM]
    draft = await redraft.change(
        desk, hand, lambda content: editing.with_options(content, account, {"post_type": "story"})
    )
    story = await appearance.of(desk, draft, None)
    assert feed.notes == []
    assert story.notes[0] == "The text is not shown: a story has none."
    assert story.picture != feed.picture
