"""A sheet that is written from above."""

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw

from bot import lettering, typesetting
from bot.lettering import Style
from bot.typesetting import Line, Span

WIDTH, EDGE = 600, 24
ROOM = WIDTH - 2 * EDGE
MOST_HEIGHT = 1_400
"""Pixels: what is longer is cut off, since no phone shows more at once."""

TEXT, SMALL = 24, 19
WHITE, BLACK = "#ffffff", "#101114"
INK, GREY, EDGING = "#1b1c1f", "#62666d", "#c9ccd1"


def line_height(style: Style) -> int:
    """Pixels from one line to the next."""
    return round(style.size * 1.42)


def write(
    image: Image.Image, place: tuple[int, int, int], spans: Iterable[Span], style: Style,
    *, lowest: int,
) -> int:  # fmt: skip
    """Write texts, each with its colour, from a place on (left, top, width in pixels), no lower than
    `lowest`; where they end.
    """
    left, y, wide = place
    for line in typesetting.lines(spans, style, wide):
        if y + line_height(style) > lowest:
            break
        x = float(left)
        if line.is_leftward:
            x += wide - sum(lettering.width(piece.text, style) for piece in line.pieces)
        put(image, (x, y + style.size), line, style)
        y += line_height(style)
    return y


def put(image: Image.Image, at: tuple[float, float], line: Line, style: Style) -> None:
    """Write a line from a point on its baseline on, which is its left end."""
    x, baseline = at
    for piece in line.pieces:
        x = lettering.draw(
            image, (x, baseline), piece.text, piece.colour, style, is_leftward=piece.is_leftward
        )


class Paper:
    """The sheet; what is put on it next begins at `y`."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, MOST_HEIGHT), WHITE)
        self.pen = ImageDraw.Draw(self.image)
        self.y = EDGE

    @property
    def room(self) -> int:
        """Pixels that are left."""
        return MOST_HEIGHT - self.y - EDGE

    def write(self, spans: Iterable[Span], style: Style, *, keep: int = 0) -> None:
        """Write texts, each with its colour, as long as more than `keep` pixels are left."""
        lowest = MOST_HEIGHT - EDGE - keep
        self.y = write(self.image, (EDGE, self.y, ROOM), spans, style, lowest=lowest)

    def jpeg(self) -> bytes:
        """What was drawn."""
        out = BytesIO()
        height = min(self.y + EDGE // 2, MOST_HEIGHT)
        self.image.crop((0, 0, WIDTH, height)).save(out, "JPEG", quality=85)
        return out.getvalue()
