"""Small pictures of what a file shows: a photo made smaller, the first picture of a video, and a
sheet of several. JPEG, bounded in pixels and bytes, so that they can be drawn and sent at any time.
"""

from collections.abc import Sequence
from io import BytesIO
from math import ceil, sqrt
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

if TYPE_CHECKING:  # whoever gives a frame has loaded what reads videos
    from av.video.frame import VideoFrame

SIDE = 1280
"""The longer side of a glimpse in pixels."""

MOST_BYTES = 200_000
"""The size of a glimpse or a sheet; a noisy picture loses quality, then pixels, until it fits."""

MOST_UNPACKED = 24_000_000
"""Pixels of a picture that must be unpacked whole: more would fill 100 MB of memory and over."""

_QUALITIES = (85, 70, 55)
_GAP = 8  # pixels between the pictures of a sheet
_PAPER = (24, 25, 28)


def of_picture(picture: Image.Image) -> bytes:
    """A picture as it is shown, made smaller; empty where unpacking it would take too much.

    A JPEG is unpacked at a fraction of its size (`draft`), whoever opened it.
    """
    picture.draft("RGB", (SIDE, SIDE))
    if picture.width * picture.height > MOST_UNPACKED:
        return b""
    picture.thumbnail((SIDE, SIDE))
    return jpeg(_flat(ImageOps.exif_transpose(picture)))


def of_data(data: bytes) -> bytes:
    """A picture as it came from elsewhere, made smaller; empty where it cannot be read as one."""
    try:
        with Image.open(BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as picture:
            return of_picture(picture)
    except Exception:  # the readers raise whatever a broken file makes them stumble over
        return b""


def shrunk(frame: "VideoFrame", width: int, height: int, side: int = SIDE) -> "VideoFrame":
    """A picture of a video that is shown with this width and height after turning: made smaller,
    to at most `side` pixels, in RGB, not turned yet.
    """
    scale = min(1.0, side / max(width, height))
    shown = max(1, round(width * scale)), max(1, round(height * scale))
    across, down = reversed(shown) if frame.rotation % 180 else shown
    return frame.reformat(width=across, height=down, format="rgb24")


def of_shrunk(frame: "VideoFrame", rotation: int, most: int = MOST_BYTES) -> bytes:
    """What `shrunk` gave, turned counterclockwise by so many degrees, in at most `most` bytes."""
    plane = frame.planes[0]  # rows with something to fill them up
    size = frame.width, frame.height
    picture = Image.frombytes("RGB", size, bytes(plane), "raw", "RGB", plane.line_size, 1)
    return jpeg(picture.rotate(rotation, expand=True) if rotation else picture, most)


def sheet(glimpses: Sequence[bytes]) -> bytes:
    """Several glimpses on one sheet, in order, row by row; one stands for itself."""
    if len(glimpses) == 1:
        return glimpses[0]
    columns = ceil(sqrt(len(glimpses)))
    rows = ceil(len(glimpses) / columns)
    cell = (SIDE - _GAP * (columns + 1)) // columns
    paper = Image.new("RGB", (SIDE, rows * (cell + _GAP) + _GAP), _PAPER)
    for place, glimpse in enumerate(glimpses):
        row, column = divmod(place, columns)
        with Image.open(BytesIO(glimpse), formats=["JPEG"]) as picture:
            fitted = ImageOps.contain(picture, (cell, cell))
        left = _GAP + column * (cell + _GAP) + (cell - fitted.width) // 2
        top = _GAP + row * (cell + _GAP) + (cell - fitted.height) // 2
        paper.paste(fitted, (left, top))
    return jpeg(paper)


def _flat(picture: Image.Image) -> Image.Image:
    """Without transparency, which JPEG does not know: on white, as feeds show it."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        shown = picture.convert("RGBA")
        paper = Image.new("RGBA", shown.size, "white")
        return Image.alpha_composite(paper, shown).convert("RGB")
    return picture.convert("RGB")


def jpeg(picture: Image.Image, most: int = MOST_BYTES) -> bytes:
    """A picture in at most so many bytes: it loses quality, then pixels, until it fits."""
    while True:
        for quality in _QUALITIES:
            file = BytesIO()
            picture.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() <= most:
                return file.getvalue()
        picture = ImageOps.contain(picture, (picture.width // 2 or 1, picture.height // 2 or 1))
