"""Pictures of what posts show: one file for itself, several on a sheet, small in any case."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot import glimpse
from bot.domain.media import Media
from bot.storage import name_of
from bot.workflow import intake, preview
from bot.workflow.desk import Desk
from tests.factories import SERVER, a_media
from tests.pictures import in_pieces, picture, video

WIDE, HIGH = picture("JPEG", 320, 160), picture("PNG", 160, 320)
TEAL, PAPER = (0, 128, 128), (24, 25, 28)


async def kept(desk: Desk, *files: bytes) -> list[Media]:
    """Keep files."""
    return [await intake.keep(desk, SERVER, "cup", in_pieces(data)) for data in files]


def opened(data: bytes | None) -> Image.Image:
    """A picture that was drawn."""
    assert data is not None
    assert len(data) <= glimpse.MOST_BYTES
    return Image.open(BytesIO(data), formats=["JPEG"]).convert("RGB")


def is_like(picture: Image.Image, place: tuple[float, float], colour: tuple[int, ...]) -> bool:
    """Whether a place, given in parts of width and height, has a colour."""
    at = int(picture.width * place[0]), int(picture.height * place[1])
    found = picture.getpixel(at)
    assert isinstance(found, tuple)
    return all(abs(one - other) < 12 for one, other in zip(found, colour, strict=True))


@pytest.mark.parametrize(
    ("data", "size"), [(WIDE, (320, 160)), (HIGH, (160, 320)), (video(), (64, 36))]
)
async def test_one_file(desk: Desk, data: bytes, size: tuple[int, int]) -> None:
    """One file is shown alone, as it is."""
    shown = opened(await preview.picture(desk, SERVER, await kept(desk, data)))
    assert shown.size == size
    assert is_like(shown, (0.5, 0.5), TEAL)


async def test_sheet(desk: Desk) -> None:
    """Several photos stand on one sheet in order, each whole."""
    shown = opened(await preview.picture(desk, SERVER, await kept(desk, WIDE, HIGH, WIDE)))
    assert shown.size == (glimpse.SIDE, glimpse.SIDE)
    middles = [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)]
    assert [is_like(shown, place, TEAL) for place in middles] == [True, True, True, False]
    assert is_like(shown, (0.25, 0.05), PAPER)  # above the wide one
    assert is_like(shown, (0.55, 0.25), PAPER)  # beside the high one


async def test_sheet_of_ten(desk: Desk) -> None:
    """Ten photos fit too."""
    files = [picture("JPEG", 100 + width, 100) for width in range(10)]
    shown = opened(await preview.picture(desk, SERVER, await kept(desk, *files)))
    assert shown.size[0] == glimpse.SIDE


async def test_file_from_before(desk: Desk, tmp_path: Path) -> None:
    """A file that was kept before there were small pictures gets one when it is asked for."""
    [media] = await kept(desk, WIDE)
    small = tmp_path / "media" / name_of(SERVER, media).glimpse_path
    small.unlink()
    assert opened(await preview.picture(desk, SERVER, [media])).size == (320, 160)
    assert small.exists()


async def test_nothing_to_show(desk: Desk) -> None:
    """Without files, or with files that are gone, there is no picture; others are shown alone."""
    assert await preview.picture(desk, SERVER, []) is None
    assert await preview.picture(desk, SERVER, [a_media()]) is None
    media = await kept(desk, WIDE)
    assert opened(await preview.picture(desk, SERVER, [a_media(), *media])).size == (320, 160)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "CMYK", "1"])
async def test_odd_colours(desk: Desk, mode: str) -> None:
    """Whatever colours a picture is stored with, it is shown; what is clear is white."""
    file = BytesIO()
    odd = Image.new("RGBA", (30, 20), (0, 0, 0, 0)).convert(mode) if mode == "RGBA" else None
    (odd or Image.new(mode, (30, 20))).save(file, "JPEG" if mode == "CMYK" else "PNG")
    shown = opened(await preview.picture(desk, SERVER, await kept(desk, file.getvalue())))
    assert shown.size == (30, 20)
    if mode == "RGBA":
        assert is_like(shown, (0.5, 0.5), (255, 255, 255))


async def test_picture_too_large_to_unpack(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture that would take too much memory is kept without a small one; a JPEG never is."""
    monkeypatch.setattr(glimpse, "MOST_UNPACKED", 320 * 160 - 1)
    media = await kept(desk, HIGH)
    assert await preview.picture(desk, SERVER, media) is None
    assert await desk.storage.has(SERVER, media[0])


@pytest.mark.parametrize(
    ("turned", "corner"), [(0, (0.1, 0.1)), (90, (0.1, 0.9)), (-90, (0.9, 0.1))]
)
async def test_turned_video(desk: Desk, turned: int, corner: tuple[float, float]) -> None:
    """A video that was filmed upright is shown upright: its first corner is where players have it."""
    film = video(turned=turned, marked=True)
    shown = opened(await preview.picture(desk, SERVER, await kept(desk, film)))
    assert is_like(shown, corner, (255, 255, 255))
    assert is_like(shown, (1 - corner[0], 1 - corner[1]), TEAL)
