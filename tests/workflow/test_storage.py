"""The bytes of posts: told by their content, kept under their hash."""

import hashlib
import zlib
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from bot.domain.media import Media
from bot.errors import InputError
from bot.glimpse import MOST_BYTES
from bot.storage import Storage, name_of
from tests.factories import SERVER, a_media
from tests.pictures import JPEG, PNG, WEBP, in_pieces, picture, sound, video


def iso_media(*brands: bytes) -> bytes:
    """Make the beginning of an ISO media file (MP4, QuickTime, …) of these brands."""
    box = b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:])
    return (len(box) + 4).to_bytes(4, "big") + box + bytes(200)


def matroska(kind: bytes) -> bytes:
    """Make the beginning of a Matroska file."""
    document = b"\x42\x82" + bytes([0x80 + len(kind)]) + kind
    return b"\x1aE\xdf\xa3" + bytes([0x80 + len(document) + 16]) + bytes(16) + document + bytes(64)


def claiming(png: bytes, width: int, height: int) -> bytes:
    """Make a small PNG that says it is this large."""
    header = png[12:16] + width.to_bytes(4, "big") + height.to_bytes(4, "big") + png[24:29]
    return png[:12] + header + zlib.crc32(header).to_bytes(4, "big") + png[33:]


# Major brands of Android, of fragments, of other programs.
BRANDS = (b"mp42", b"iso5", b"avc1", b"dash", b"iso4", b"mp41")


def files_below(folder: Path) -> int:
    """Count the files of a folder, small pictures of them left out."""
    return sum(path.is_file() and ".glimpse" not in path.name for path in folder.rglob("*"))


async def keep(storage: Storage, filename: str, data: bytes) -> Media:
    """Have bytes arrive, and keep them."""
    async with storage.receive(filename, in_pieces(data)) as arrived:
        await storage.put(SERVER, arrived)
    return arrived.media


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
    media = await keep(storage, "holiday.txt", data)
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
        await keep(storage, "photo.jpg", data)
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
        await keep(storage, "cup", data)
    [problem] = caught.value.problems
    assert problem.message == f"the file cup begins like {content_type} but cannot be read."
    assert problem.remedy.startswith("See whether it opens")
    assert files_below(tmp_path) == 0


@pytest.mark.parametrize("size", [(10_001, 5_000), (20_000, 10_000)])
async def test_more_pixels_than_are_read(
    storage: Storage, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file that unpacks to a huge picture is refused before it is unpacked."""
    bomb = claiming(PNG, *size)
    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", None)
    with pytest.raises(InputError, match=r"cup.png has .* pixels; 50,000,000 are taken"):
        await keep(storage, "cup.png", bomb)


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
    media = await keep(storage, "cup", data)
    assert (media.width, media.height) == size
    assert (media.seconds, media.frame_rate, media.codec) == (None, None, "")


@pytest.mark.parametrize("container", ["mp4", "mov", "webm", "avi"])
async def test_videos_are_measured(storage: Storage, container: str) -> None:
    """A video has its length in seconds, its frames per second and its codec."""
    media = await keep(storage, "cup", video(container, seconds=3, rate=25))
    assert (media.width, media.height, media.seconds, media.frame_rate) == (64, 36, 3.0, 25.0)
    assert media.codec == ("vp8" if container == "webm" else "mpeg4")


@pytest.mark.parametrize(("turned", "size"), [(90, (36, 64)), (180, (64, 36)), (-90, (36, 64))])
async def test_turned_video(storage: Storage, turned: int, size: tuple[int, int]) -> None:
    """A video filmed upright is measured upright, as players show it."""
    media = await keep(storage, "cup", video(turned=turned))
    assert (media.width, media.height) == size


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (picture("PNG", 2560, 1280), (1280, 640)),
        (picture("JPEG", 2560, 1280, orientation=6), (640, 1280)),
        (picture("WEBP", 30, 20), (30, 20)),
        (video(), (64, 36)),
        (video(turned=90), (36, 64)),
    ],
)
async def test_glimpse(storage: Storage, data: bytes, size: tuple[int, int]) -> None:
    """Beside a file lies a small picture of what it shows, as it is shown."""
    media = await keep(storage, "cup", data)
    glimpse = await storage.glimpse(SERVER, media)
    assert glimpse is not None
    with Image.open(BytesIO(glimpse), formats=["JPEG"]) as small:
        assert small.size == size
        red, green, blue = small.convert("RGB").resize((1, 1)).tobytes()
        assert red < 20 < green < 140  # teal
        assert green - 20 < blue < green + 20


async def test_noisy_glimpse(storage: Storage) -> None:
    """A picture that cannot be pressed well loses quality, then pixels, until it is small."""
    noise = Image.frombytes("RGB", (900, 900), Random(1).randbytes(2_430_000))  # noqa: S311
    file = BytesIO()
    noise.save(file, "PNG")
    media = await keep(storage, "noise", file.getvalue())
    glimpse = await storage.glimpse(SERVER, media)
    assert glimpse is not None
    assert 20_000 < len(glimpse) <= MOST_BYTES


async def test_picture_of_too_many_bytes(storage: Storage) -> None:
    """A picture that no platform would take is not unpacked."""
    with pytest.raises(InputError, match=r"the picture cup.png has 51 MB; 50 MB are taken"):
        await keep(storage, "cup.png", PNG + bytes(51_000_000))


async def test_same_bytes_once(storage: Storage, tmp_path: Path) -> None:
    """The same bytes are kept once for a server, whatever they are called."""
    one = await keep(storage, "a.png", PNG)
    other = await keep(storage, "b.png", PNG)
    assert one.sha256 == other.sha256
    assert files_below(tmp_path) == 1
    assert await storage.read(SERVER, one) == PNG
    await storage.remove([name_of(SERVER, one)] * 2)
    assert files_below(tmp_path) == 0
    assert await storage.glimpse(SERVER, one) is None


async def test_servers_are_apart(storage: Storage) -> None:
    """A server reads its own files only."""
    media = await keep(storage, "a.png", PNG)
    with pytest.raises(FileNotFoundError):
        await storage.read(SERVER + 1, media)


async def test_stream(storage: Storage) -> None:
    """A large file comes in pieces with its size told first."""
    data = PNG + bytes(3_000_000)
    media = await keep(storage, "a.png", data)
    kept = name_of(SERVER, media)
    received = [piece async for piece in storage.stream(kept)]
    assert await storage.size(kept) == len(data)
    assert b"".join(received) == data
    assert max(map(len, received)) <= 1 << 21


@pytest.mark.parametrize(
    ("start", "end"), [(0, 10), (5, 6), (2_000_000, None), (2_999_999, 3_000_000)]
)
async def test_part_of_a_file(storage: Storage, start: int, end: int | None) -> None:
    """A part of a file is read without the rest."""
    data = PNG + bytes(range(250)) * 12_000
    media = await keep(storage, "a.png", data)
    received = [piece async for piece in storage.stream(name_of(SERVER, media), start, end)]
    assert b"".join(received) == data[start:end]


async def test_file_that_is_gone(storage: Storage) -> None:
    """A file that is not there is said to be so."""
    with pytest.raises(FileNotFoundError):
        await anext(storage.stream(name_of(SERVER, a_media())))
