"""Pictures as a platform shows them: cut to a shape, between bars, or several side by side."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageOps

from bot.domain import look as looks
from bot.domain.look import Look
from bot.domain.platform import Kind

PAPER, BAR = "#ffffff", "#101114"

IN_GRID = 4
"""Pictures that are seen side by side; of more, the number is told."""


def grid(pictures: Sequence[bytes], width: int) -> Image.Image:
    """Up to four pictures beside and below each other, each cut to its place."""
    shown, height, gap = pictures[:IN_GRID], round(width * 9 / 16), 4
    half, low = (width - gap) // 2, (height - gap) // 2
    right, below = half + gap, low + gap
    places = {
        2: [(0, 0, half, height), (right, 0, half, height)],
        3: [(0, 0, half, height), (right, 0, half, low), (right, below, half, low)],
        4: [(x, y, half, low) for y in (0, below) for x in (0, right)],
    }[len(shown)]
    sheet = Image.new("RGB", (width, height), PAPER)
    for data, (x, y, across, down) in zip(shown, places, strict=True):
        with Image.open(BytesIO(data), formats=["JPEG"]) as picture:
            sheet.paste(ImageOps.fit(picture.convert("RGB"), (across, down)), (x, y))
    return sheet


def framed(data: bytes | None, kind: Kind, look: Look, width: int, most: int) -> Image.Image:
    """A picture in the shape in which it is seen, as large as there is room."""
    if data is None:
        least, _ = look.video
        return Image.new("RGB", _fitting(least, width, most), BAR)
    with Image.open(BytesIO(data), formats=["JPEG"]) as found:
        seen = looks.frame(look, kind, found.width / found.height)
        size = _fitting(seen.aspect, width, most)
        if seen.has_bars:
            return ImageOps.pad(found.convert("RGB"), size, color=BAR)
        return ImageOps.fit(found.convert("RGB"), size)


def _fitting(aspect: float, width: int, most: int) -> tuple[int, int]:
    height = round(width / aspect)
    if height <= most:
        return width, max(height, 1)
    return max(round(most * aspect), 1), most
