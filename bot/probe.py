"""What a file is, told by reading it: type, size in pixels, and a video's length, rate and codec.

Files come from strangers. Only the readers of the types we take are let near them, pixels are
counted before they are unpacked, and a video is read no further than its first picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO

import av
import puremagic
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from bot.domain.media import EXTENSIONS
from bot.errors import InputError, Problem

MAX_PIXELS = 50_000_000
"""The largest picture that is read: more than any platform shows; unpacked it fills 200 MB."""

_HEAD = 65_536  # bytes that tell a file's type; every signature we take stands in its beginning
_ALIASES = {"video/avi": "video/x-msvideo"}
_MP4_BRANDS = {b"avc1", b"dash", b"iso2", b"iso4", b"iso5", b"iso6", b"isom", b"mp41", b"mp42"}
_READERS = {
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


def probe(filename: str, data: bytes) -> Probed:
    """Read what a file is, whatever its name says. Slow: call it in a thread.

    Raises InputError for a type that no service takes, and for a file that cannot be read as the
    picture or video it begins like.
    """
    content_type = _content_type(data)
    if content_type not in EXTENSIONS:
        raise _refused(
            f"the file {filename} is {content_type}, which no service takes.",
            f"Give one of {', '.join(sorted(set(EXTENSIONS.values())))}.",
        )
    read = _read_video if content_type.startswith("video/") else _read_picture
    try:
        return read(content_type, data)
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


def _read_picture(content_type: str, data: bytes) -> Probed:
    try:
        picture = Image.open(BytesIO(data), formats=[_READERS[content_type]])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _TooLargeError(f"more than {MAX_PIXELS:,}") from None
    with picture:
        width, height = picture.size
        _check_pixels(width, height)
        if content_type == "image/png":
            picture.verify()  # every checksum, to the end of the file
        else:
            picture.draft("RGB", (1, 1))  # a JPEG is unpacked at an eighth of its size
            picture.load()
            if picture.getexif().get(_ORIENTATION, 1) >= _ON_ITS_SIDE:
                width, height = height, width
    return Probed(content_type=content_type, width=width, height=height)


def _read_video(content_type: str, data: bytes) -> Probed:
    with av.open(
        BytesIO(data), "r", format=_READERS[content_type], timeout=_OPEN_SECONDS
    ) as container:
        stream = next(one for one in container.streams.video if not _is_cover(one))
        _check_pixels(stream.width, stream.height)
        frame = next(_frames(container, stream))
        width, height = frame.width * (stream.sample_aspect_ratio or 1), frame.height
        if frame.rotation % 180:
            width, height = height, width
        return Probed(
            content_type=content_type,
            width=round(width),
            height=round(height),
            seconds=_seconds(container, stream),
            frame_rate=_rounded(stream.average_rate),
            codec=stream.codec_context.codec.canonical_name,
        )


def _is_cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """The pictures of a stream, as many as its first packets hold."""
    stream.thread_count = 1
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


def _content_type(data: bytes) -> str:
    try:
        found = puremagic.from_string(  # pyright: ignore[reportUnknownMemberType]
            data[:_HEAD], mime=True
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
