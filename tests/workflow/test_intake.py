"""Taking files in: at once, streamed, kept once, and told what is wrong with them."""

import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import arrival
from bot.errors import InputError, TryLaterError
from bot.workflow import intake
from bot.workflow.desk import Desk
from bot.workflow.intake import Upload
from tests.factories import SERVER
from tests.pictures import JPEG, PNG, in_pieces, video

LARGE = 32_000_000


async def test_files_nobody_takes(desk: Desk) -> None:
    """Of several files the good ones are kept, and each bad one is named."""

    async def cut() -> AsyncIterator[bytes]:
        yield PNG
        raise TryLaterError("It broke off.")

    uploads = [
        Upload(filename="a.png", content=lambda: in_pieces(PNG)),
        Upload(filename="b.png", content=lambda: in_pieces(b"%PDF-1.4 ")),
        Upload(filename="c.txt", content=lambda: in_pieces(b"")),
        Upload(filename="d.png", content=cut),
    ]
    kept, problems = await intake.take_files(desk, SERVER, uploads)
    assert [media.filename for media in kept] == ["a.png"]
    told = "avi, jpg, m4v, mov, mp4, png, webm, webp"
    assert [str(problem) for problem in problems] == [
        f"Media: the file b.png is application/pdf, which no service takes. Give one of {told}.",
        f"Media: the file c.txt is of an unknown type, which no service takes. Give one of {told}.",
        "Media: Discord did not hand over d.png. Upload it again.",
    ]


async def large_video(size: int = LARGE) -> AsyncIterator[bytes]:
    """Send a whole video, and after it zeros in a box that players skip."""
    film = video()
    yield film + (size - len(film)).to_bytes(4, "big") + b"free"
    nothing = bytes(65_536)
    left = size - len(film) - 8
    while left > 0:
        yield nothing[:left]
        left -= len(nothing)


async def test_large_file_in_little_memory(desk: Desk) -> None:
    """A file goes in, and out again, in memory that does not grow with it."""
    tracemalloc.start()
    try:
        media = await intake.keep(desk, SERVER, "film.mp4", large_video())
        hasher = hashlib.sha256()
        async for piece in intake.content(desk, SERVER, media)():
            hasher.update(piece)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (media.size, media.sha256) == (LARGE, hasher.hexdigest())
    assert most < 8_000_000


async def test_too_large(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file is cut off at the limit, and nothing of it stays."""
    monkeypatch.setattr(arrival, "MAX_SIZE", 1_000_000)
    with pytest.raises(InputError, match=r"film.mp4 has more than 0 GB, the most"):
        await intake.keep(desk, SERVER, "film.mp4", large_video())
    assert list((tmp_path / "media" / "arriving").iterdir()) == []


async def test_no_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is told in words, with what to do."""
    monkeypatch.setattr(Path, "open", lambda path, mode: open("/dev/full", "wb"))  # noqa: PTH123, SIM115
    with pytest.raises(InputError, match=r"there is no room left for a.jpg") as caught:
        await intake.keep(desk, SERVER, "a.jpg", in_pieces(JPEG))
    assert caught.value.problems[0].remedy.startswith("Tell whoever runs Copydesk")


async def test_killed_on_the_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was on its way in when a process was killed is removed after a day, not before."""
    async with desk.storage.receive("a.jpg", in_pieces(JPEG)) as arrived:
        await desk.storage.forget_arrivals()
        assert arrived.path.exists()
        monkeypatch.setattr(arrival, "FORGOTTEN_SECONDS", -1.0)
        await desk.storage.forget_arrivals()
        assert not arrived.path.exists()
