"""Pictures as a platform shows them: cut to a shape, between bars, or several side by side."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageOps, ImageStat

from bot import faces
from bot.domain import look as looks
from bot.domain import screen as screens
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


def upright(data: bytes | None, size: tuple[int, int], *, is_tinted: bool) -> Image.Image:
    """A picture on the screen of a phone: all of it, with black above and below, or its own colours
    where the screen `is_tinted`.
    """
    if data is None:
        return Image.new("RGB", size, BAR)
    with Image.open(BytesIO(data), formats=["JPEG"]) as found:
        picture = found.convert("RGB")
    if screens.fills(picture.width / picture.height):
        return ImageOps.fit(picture, size)
    if not is_tinted:
        return ImageOps.pad(picture, size, color=BAR)
    ground = _gradient(picture, size)
    whole = ImageOps.contain(picture, size)
    ground.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return ground


def _gradient(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """From the colour of a picture's upper half to that of its lower."""
    wide, half = picture.width, max(picture.height // 2, 1)
    above, below = (
        tuple(round(each) for each in ImageStat.Stat(picture.crop(box)).mean)
        for box in ((0, 0, wide, half), (0, picture.height - half, wide, picture.height))
    )
    return ImageOps.colorize(ImageOps.fit(Image.linear_gradient("L"), size), above, below)


def middle(data: bytes | None, aspect: float, width: int) -> Image.Image:
    """The middle of a picture in another shape."""
    size = (width, round(width / aspect))
    if data is None:
        return Image.new("RGB", size, BAR)
    with Image.open(BytesIO(data), formats=["JPEG"]) as found:
        return ImageOps.fit(found.convert("RGB"), size)


def play_sign(pen: ImageDraw.ImageDraw, at: tuple[int, int]) -> None:
    """The sign of what moves, around a point."""
    x, y = at
    pen.ellipse((x - 38, y - 38, x + 38, y + 38), fill=BAR, outline="white", width=4)
    pen.polygon(((x - 12, y - 19), (x - 12, y + 19), (x + 21, y)), fill="white")


def pill(pen: ImageDraw.ImageDraw, corner: tuple[int, int], text: str) -> None:
    """A few words on a dark ground, left of and below a corner."""
    font = faces.font(faces.USUAL, 19, 700)
    x, y = corner
    width = round(font.getlength(text)) + 24
    pen.rounded_rectangle((x - width, y, x, y + 34), radius=17, fill=BAR)
    pen.text((x - width // 2, y + 17), text, font=font, fill="white", anchor="mm")


def dots(pen: ImageDraw.ImageDraw, at: tuple[int, int], count: int) -> None:
    """A row of dots around a point, one for each picture that can be swiped to; the first is seen."""
    x, y = at[0] - (count - 1) * 8, at[1]
    for number in range(count):
        colour = "#2f7fd1" if number == 0 else "#c9ccd1"
        pen.ellipse((x + number * 16 - 4, y - 4, x + number * 16 + 4, y + 4), fill=colour)


def _fitting(aspect: float, width: int, most: int) -> tuple[int, int]:
    height = round(width / aspect)
    if height <= most:
        return width, max(height, 1)
    return max(round(most * aspect), 1), most
