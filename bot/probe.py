"""What a file is, told by reading it: type, size in pixels, and a video's length, rate and codec.

Files come from strangers. Only the readers of the types we take are let near them, pixels are
counted before they are unpacked, a video is read no further than its first picture, and no file is
ever held whole in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import puremagic
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from bot import glimpse
from bot.domain.media import EXTENSIONS
from bot.errors import InputError, Problem

MAX_PIXELS = 50_000_000
"""The largest picture that is read: more than any platform shows; unpacked it fills 200 MB."""

MAX_PICTURE = 50_000_000
"""The largest picture in bytes: some readers hold it whole. No platform takes more than 20 MB."""

_HEAD = 65_536  # bytes that tell a file's type; every signature we take stands in its beginning
_ALIASES = {"video/avi": "video/x-msvideo"}
_MP4_BRANDS = {b"avc1", b"dash", b"iso2", b"iso4", b"iso5", b"iso6", b"isom", b"mp41", b"mp42"}
READERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/x-m4v": "mov",
    "video/webm": "matroska",
    "video/x-msvideo": "avi",
}
_ORIENTATION, _ON_ITS_SIDE = 0x0112, 5  # the tag of EXIF, and its values from which on it lies so
_PACKETS = 100  # a whole video shows a picture within the first few
_OPEN_SECONDS = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Probed:
    """What was found in a file; see `bot.domain.media.Media`."""

    content_type: str
    width: int
    height: int
    seconds: float | None = None
    frame_rate: float | None = None
    codec: str = ""
    glimpse: bytes = b""  # a small picture of it, see `bot.glimpse`; empty where none could be made


def probe(filename: str, path: Path) -> Probed:
    """Read what a file is, whatever its name says. Slow: call it in a thread.

    Raises InputError for a type that no service takes, and for a file that cannot be read as the
    picture or video it begins like.
    """
    content_type = _content_type(path)
    if content_type not in EXTENSIONS:
        raise _refused(
            f"the file {filename} is {content_type}, which no service takes.",
            f"Give one of {', '.join(sorted(set(EXTENSIONS.values())))}.",
        )
    is_video = content_type.startswith("video/")
    if not is_video and path.stat().st_size > MAX_PICTURE:
        raise _refused(
            f"the picture {filename} has {path.stat().st_size / 1e6:.0f} MB;"
            f" {MAX_PICTURE / 1e6:.0f} MB are taken.",
            "Make it smaller.",
        )
    try:
        return _read_video(content_type, path) if is_video else _read_picture(content_type, path)
    except _TooLargeError as error:
        raise _refused(
            f"the file {filename} has {error} pixels; {MAX_PIXELS:,} are taken.",
            "Make it smaller.",
        ) from None
    except Exception as error:  # the readers raise whatever a broken file makes them stumble over
        raise _refused(
            f"the file {filename} begins like {content_type} but cannot be read.",
            "See whether it opens on your computer, and save or export it again.",
        ) from error


class _TooLargeError(Exception):
    """More pixels than we unpack."""


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise _TooLargeError(f"{width * height:,}")


def _read_picture(content_type: str, path: Path) -> Probed:
    kinds = [READERS[content_type]]
    try:
        picture = Image.open(path, formats=kinds)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _TooLargeError(f"more than {MAX_PIXELS:,}") from None
    with picture:
        width, height = picture.size
        _check_pixels(width, height)
        if content_type == "image/png":
            picture.verify()  # every checksum, to the end of the file; it cannot be read after that
        elif picture.getexif().get(_ORIENTATION, 1) >= _ON_ITS_SIDE:
            width, height = height, width
        if content_type == "image/webp":
            picture.load()  # its end is looked at nowhere else
    with Image.open(path, formats=kinds) as picture:
        small = glimpse.of_picture(picture)  # which reads a JPEG to its end
    return Probed(content_type=content_type, width=width, height=height, glimpse=small)


def _read_video(content_type: str, path: Path) -> Probed:
    found, frame = _first_picture(content_type, path)
    # What unpacked it, as much as the picture itself, is given back by now.
    small = glimpse.shrunk(frame, found.width, found.height)
    return replace(found, glimpse=glimpse.of_shrunk(small, frame.rotation))


def _first_picture(content_type: str, path: Path) -> tuple[Probed, VideoFrame]:
    """What a video is, and its first picture as it is stored."""
    # A file, not a path: FFmpeg would take some names for addresses.
    with (
        path.open("rb") as file,
        av.open(file, "r", format=READERS[content_type], timeout=_OPEN_SECONDS) as container,
    ):
        stream = moving(container)
        _check_pixels(stream.width, stream.height)
        frame = next(_frames(container, stream))
        width, height = round(frame.width * (stream.sample_aspect_ratio or 1)), frame.height
        if frame.rotation % 180:
            width, height = height, width
        found = Probed(
            content_type=content_type,
            width=width,
            height=height,
            seconds=_seconds(container, stream),
            frame_rate=_rounded(stream.average_rate),
            codec=stream.codec_context.codec.canonical_name,
        )
        return found, frame


def moving(container: InputContainer) -> VideoStream:
    """The stream of moving pictures in a file, and not the picture of its cover."""
    stream = next(one for one in container.streams.video if not _is_cover(one))
    stream.thread_count = 1
    return stream


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """The pictures of a stream, as many as its first packets hold."""
    # Told that nothing follows, a decoder gives the first picture at once. Else it would unpack
    # several, to put them in order, and hold them all: 70 MB of a video in 4K.
    for packet in islice(container.demux(stream), 1):
        yield from packet.decode()
        yield from stream.codec_context.decode(None)  # pyright: ignore[reportUnknownMemberType]
    container.seek(0)
    for number, packet in enumerate(container.demux(stream)):
        yield from packet.decode()
        if number == _PACKETS:
            return


def _seconds(container: InputContainer, stream: VideoStream) -> float | None:
    if container.duration:
        return _rounded(Fraction(container.duration, av.time_base))
    if stream.duration and stream.time_base:
        return _rounded(stream.duration * stream.time_base)
    return None


def _rounded(value: Fraction | None) -> float | None:
    return round(float(value), 3) if value else None


def _content_type(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(_HEAD)
    try:
        found = puremagic.from_string(  # pyright: ignore[reportUnknownMemberType]
            data, mime=True
        )
    except (puremagic.PureError, ValueError):
        found = ""
    if not found:
        return "video/mp4" if _is_mp4(data) else "of an unknown type"
    return _ALIASES.get(found, found)


def _is_mp4(data: bytes) -> bool:
    """Whether the file calls itself MP4 video in a way puremagic does not know.

    An ISO 14496-12 file begins with a box `ftyp` of brands, the major one first.
    """
    if data[4:8] != b"ftyp" or data[8:11] == b"M4A":
        return False
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    return any(box[at : at + 4] in _MP4_BRANDS for at in range(0, len(box), 4))


def _refused(message: str, remedy: str) -> InputError:
    return InputError([Problem(field="Media", message=message, remedy=remedy)])
