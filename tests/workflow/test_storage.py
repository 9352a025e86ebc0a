"""The bytes of posts: told by their content, kept under their hash."""

import hashlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import InputError
from bot.storage import Storage
from tests.factories import SERVER, a_media


def picture(kind: str) -> bytes:
    """Draw a small picture."""
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind)
    return file.getvalue()


def iso_media(*brands: bytes) -> bytes:
    """Make the beginning of an ISO media file (MP4, QuickTime, …) of these brands."""
    box = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(box) + 4).to_bytes(4, "big") + box + bytes(200)


def matroska(kind: bytes) -> bytes:
    """Make the beginning of a Matroska file."""
    document = b"\x42\x82" + bytes([0x80 + len(kind)]) + kind
    return b"\x1aE\xdf\xa3" + bytes([0x80 + len(document) + 16]) + bytes(16) + document + bytes(64)


def files_below(folder: Path) -> int:
    """Count the files of a folder."""
    return sum(path.is_file() for path in folder.rglob("*"))


PNG = picture("PNG")


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    """Keep files in a folder that does not exist yet."""
    return Storage(f"file:{tmp_path / 'new' / 'media'}")


@pytest.mark.parametrize(
    ("data", "content_type", "extension"),
    [
        (picture("JPEG"), "image/jpeg", "jpg"),
        (b"\xff\xd8\xff\xe1\x00\x10Exif\0" + bytes(90), "image/jpeg", "jpg"),  # of a camera
        (PNG, "image/png", "png"),
        (picture("WEBP"), "image/webp", "webp"),
        (iso_media(b"isom", b"isom", b"iso2", b"avc1", b"mp41"), "video/mp4", "mp4"),  # ffmpeg
        (iso_media(b"mp42", b"mp42", b"isom"), "video/mp4", "mp4"),  # Android
        (iso_media(b"iso5", b"iso5", b"iso6", b"mp41"), "video/mp4", "mp4"),  # fragmented
        (iso_media(b"avc1", b"isom", b"avc1"), "video/mp4", "mp4"),
        (iso_media(b"dash", b"iso6", b"mp41"), "video/mp4", "mp4"),
        (iso_media(b"iso4", b"iso4"), "video/mp4", "mp4"),
        (iso_media(b"mp41", b"mp41"), "video/mp4", "mp4"),
        (iso_media(b"qt  ", b"qt  "), "video/quicktime", "mov"),
        (matroska(b"webm"), "video/webm", "webm"),
        (b"RIFF\x24\0\0\0AVI LIST" + bytes(50), "video/x-msvideo", "avi"),
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
