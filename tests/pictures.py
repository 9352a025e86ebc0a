"""Real pictures and videos, drawn small, each once per session."""

from collections.abc import AsyncIterator
from fractions import Fraction
from functools import cache
from io import BytesIO

import av
from PIL import Image

ORIENTATION = 0x0112  # the tag of EXIF


@cache
def picture(
    kind: str = "JPEG", width: int = 16, height: int = 16, *, orientation: int = 1
) -> bytes:
    """Draw a picture; `kind` is Pillow's name of the format, width and height are those stored."""
    image = Image.new("RGB", (width, height), "teal")
    exif = image.getexif()
    if orientation != 1:
        exif[ORIENTATION] = orientation
    file = BytesIO()
    image.save(file, kind, exif=exif)
    return file.getvalue()


@cache
def video(
    container: str = "mp4",
    width: int = 64,
    height: int = 36,
    *,
    seconds: int = 4,
    rate: int = 24,
    turned: int = 0,
    brand: bytes = b"",
    marked: bool = False,
) -> bytes:
    """Film a still; `container` is FFmpeg's name of the format, `turned` is in degrees.

    `brand` of four bytes replaces the one an MP4 file calls itself by. A video that is `marked` has
    a white first corner, a quarter of its width and height.
    """
    codec = "libvpx" if container == "webm" else "mpeg4"
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if turned:
            stream.set_display_rotation(turned)
        for number in range(seconds * rate):
            still = Image.new("RGB", (width, height), "teal")
            if marked:
                still.paste("white", (0, 0, width // 4, height // 4))
            frame = av.VideoFrame.from_image(still)
            frame.pts, frame.time_base = number, Fraction(1, rate)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    data = file.getvalue()
    return data[:8] + brand + data[8 + len(brand) :]


@cache
def sound() -> bytes:
    """Record a silence as MP4 without any picture."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as output:
        stream = output.add_stream("aac", rate=44_100, layout="mono")
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.sample_rate, frame.pts, frame.time_base = 44_100, 0, Fraction(1, 44_100)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        output.mux(list(stream.encode(frame)) + list(stream.encode(None)))
    return file.getvalue()


async def in_pieces(data: bytes) -> AsyncIterator[bytes]:
    """Hand bytes over as they come from the network."""
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


JPEG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")
