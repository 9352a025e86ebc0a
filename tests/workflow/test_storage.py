"""The bytes of posts: told by their content, kept under their hash."""

import hashlib
from pathlib import Path

import pytest

from bot.errors import InputError
from bot.storage import Storage
from tests.factories import SERVER, a_media
from tests.pictures import JPEG, PNG, WEBP, picture, sound, video


def iso_media(*brands: bytes) -> bytes:
    """Make the beginning of an ISO media file (MP4, QuickTime, …) of these brands."""
    box = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(box) + 4).to_bytes(4, "big") + box + bytes(200)


def matroska(kind: bytes) -> bytes:
    """Make the beginning of a Matroska file."""
    document = b"\x42\x82" + bytes([0x80 + len(kind)]) + kind
    return b"\x1aE\xdf\xa3" + bytes([0x80 + len(document) + 16]) + bytes(16) + document + bytes(64)


# Major brands of Android, of fragments, of other programs.
BRANDS = (b"mp42", b"iso5", b"avc1", b"dash", b"iso4", b"mp41")


def files_below(folder: Path) -> int:
    """Count the files of a folder."""
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Keep files in a folder that does not exist yet."""
    return Storage(f"file:{tmp_path / 'new' / 'media'}")


@pytest.mark.parametrize(
    ("data", "content_type", "extension"),
    [
        (JPEG, "image/jpeg", "jpg"),
        (picture("JPEG", orientation=3), "image/jpeg", "jpg"),  # of a camera, with EXIF
        (PNG, "image/png", "png"),
        (WEBP, "image/webp", "webp"),
        (video(), "video/mp4", "mp4"),
        *[(video(brand=brand), "video/mp4", "mp4") for brand in BRANDS],
        (video("mov"), "video/quicktime", "mov"),
        (video("webm"), "video/webm", "webm"),
        (video("avi"), "video/x-msvideo", "avi"),
    ],
)
async def test_type_by_content(
    storage: Storage, data: bytes, content_type: str, extension: str
) -> None:
    """A file's type is what its bytes say, never what its name says."""
    media = await storage.keep(SERVER, "holiday.txt", data)
    assert (media.content_type, media.extension) == (content_type, extension)
    assert (media.size, media.filename) == (len(data), "holiday.txt")
    assert media.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "of an unknown type"),
        (b"hello", "of an unknown type"),
        (bytes(100), "of an unknown type"),
        (b"\0\0\0\x08ftyp", "of an unknown type"),
        (picture("GIF"), "image/gif"),
        (b"%PDF-1.4 ", "application/pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (iso_media(b"M4A ", b"mp42", b"isom"), "of an unknown type"),  # sound only
        (iso_media(b"3gp4", b"isom"), "video/3gpp"),
        (matroska(b"matroska"), "video/x-matroska"),
    ],
)
async def test_type_nobody_takes(storage: Storage, data: bytes, told: str, tmp_path: Path) -> None:
    """A file no service takes is named as what it is, whatever its name, and not kept."""
    with pytest.raises(InputError) as caught:
        await storage.keep(SERVER, "photo.jpg", data)
    [problem] = caught.value.problems
    assert problem.message == f"the file photo.jpg is {told}, which no service takes."
    assert files_below(tmp_path) == 0


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (JPEG[:-9], "image/jpeg"),
        (PNG[:-9], "image/png"),
        (WEBP[:-9], "image/webp"),
        (JPEG[:4] + b"x" * 90, "image/jpeg"),
        (video()[:900], "video/mp4"),
        (sound(), "video/mp4"),  # nothing to see
        (iso_media(b"isom", b"isom", b"mp41"), "video/mp4"),
        (matroska(b"webm"), "video/webm"),
        (b"RIFF\x24\0\0\0AVI LIST" + bytes(50), "video/x-msvideo"),
    ],
)
async def test_file_that_cannot_be_read(
    storage: Storage, data: bytes, content_type: str, tmp_path: Path
) -> None:
    """A file that only begins like a picture or video is refused, and not kept."""
    with pytest.raises(InputError) as caught:
        await storage.keep(SERVER, "cup", data)
    [problem] = caught.value.problems
    assert problem.message == f"the file cup begins like {content_type} but cannot be read."
    assert problem.remedy.startswith("See whether it opens")
    assert files_below(tmp_path) == 0


@pytest.mark.parametrize("size", [(10_001, 5_000), (20_000, 10_000)])
async def test_more_pixels_than_are_read(
    storage: Storage, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file that unpacks to a huge picture is refused before it is unpacked."""
    bomb = picture("PNG", *size)
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", None)
    with pytest.raises(InputError, match=r"cup.png has .* pixels; 50,000,000 are taken"):
        await storage.keep(SERVER, "cup.png", bomb)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (picture("JPEG", 30, 20), (30, 20)),
        (picture("JPEG", 30, 20, orientation=6), (20, 30)),
        (picture("JPEG", 30, 20, orientation=3), (30, 20)),
        (picture("WEBP", 30, 20, orientation=8), (20, 30)),
        (picture("PNG", 30, 20), (30, 20)),
    ],
)
async def test_pictures_are_measured(storage: Storage, data: bytes, size: tuple[int, int]) -> None:
    """A picture has the width and height it is shown with, and no length."""
    media = await storage.keep(SERVER, "cup", data)
    assert (media.width, media.height) == size
    assert (media.seconds, media.frame_rate, media.codec) == (None, None, "")


@pytest.mark.parametrize("container", ["mp4", "mov", "webm", "avi"])
async def test_videos_are_measured(storage: Storage, container: str) -> None:
    """A video has its length in seconds, its frames per second and its codec."""
    media = await storage.keep(SERVER, "cup", video(container, seconds=3, rate=25))
    assert (media.width, media.height, media.seconds, media.frame_rate) == (64, 36, 3.0, 25.0)
    assert media.codec == ("vp8" if container == "webm" else "mpeg4")


@pytest.mark.parametrize(("turned", "size"), [(90, (36, 64)), (180, (64, 36)), (-90, (36, 64))])
async def test_turned_video(storage: Storage, turned: int, size: tuple[int, int]) -> None:
    """A video filmed upright is measured upright, as players show it."""
    media = await storage.keep(SERVER, "cup", video(turned=turned))
    assert (media.width, media.height) == size


async def test_same_bytes_once(storage: Storage, tmp_path: Path) -> None:
    """The same bytes are kept once for a server, whatever they are called."""
    one = await storage.keep(SERVER, "a.png", PNG)
    other = await storage.keep(SERVER, "b.png", PNG)
    assert one.sha256 == other.sha256
    assert files_below(tmp_path) == 1
    assert await storage.read(SERVER, one) == PNG


async def test_servers_are_apart(storage: Storage) -> None:
    """A server reads its own files only."""
    media = await storage.keep(SERVER, "a.png", PNG)
    with pytest.raises(FileNotFoundError):
        await storage.read(SERVER + 1, media)


async def test_stream(storage: Storage) -> None:
    """A large file comes in pieces with its size told first."""
    data = PNG + bytes(3_000_000)
    media = await storage.keep(SERVER, "a.png", data)
    size, pieces = await storage.stream(SERVER, media.sha256, "png")
    received = [piece async for piece in pieces]
    assert size == len(data)
    assert b"".join(received) == data


async def test_file_that_is_gone(storage: Storage) -> None:
    """A file that is not there is said to be so."""
    with pytest.raises(FileNotFoundError):
        await storage.stream(SERVER, a_media().sha256, "jpg")
