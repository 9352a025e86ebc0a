"""How a post will look is drawn for each account, whatever it holds."""

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from bot import preview_card
from bot.domain import editing
from bot.domain.platform import Kind, Platform
from bot.errors import NotFoundError
from bot.preview_card import MOST_HEIGHT, WIDTH, Sketch
from bot.workflow import appearance, intake, redraft
from bot.workflow.desk import Desk
from tests import pictures
from tests.factories import AUTHOR, SERVER
from tests.life import Life

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
