"""Drawing what fills the screen of a phone: upright, with what the app covers shaded, its texts over
it, and beside it how it is seen elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot import framing, paper
from bot.domain.screen import Screen
from bot.lettering import Style
from bot.paper import EDGE, EDGING, GREY, SMALL, WIDTH, Paper
from bot.typesetting import Span

WIDE, HIGH = 378, 672
"""The screen in pixels: 9:16."""

_LEFT = EDGE + WIDE + 20
_COLUMN = WIDTH - EDGE - _LEFT
_SHADE = (0, 0, 0, 105)
_LINE = (255, 255, 255, 150)
_DARKEST = 175


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlay:
    """What is on the screen: pictures (JPEG) and texts, each with its style, one below the other."""

    pictures: Sequence[bytes]
    is_moving: bool
    texts: Sequence[tuple[list[Span], Style]]


def put(sheet: Paper, screen: Screen, shown: Overlay) -> None:
    """Put a screen on the sheet."""
    first = shown.pictures[0] if shown.pictures else None
    picture = framing.upright(first, (WIDE, HIGH), is_tinted=screen.is_tinted)
    picture = _covered(picture, screen)
    pen = ImageDraw.Draw(picture)
    if shown.is_moving:
        framing.play_sign(pen, (WIDE // 2, HIGH // 2))
    if len(shown.pictures) > 1:
        framing.pill(pen, (WIDE - 12, 12), f"1/{len(shown.pictures)}")
    _write(picture, shown.texts, screen)
    _lay(sheet, picture, (EDGE, sheet.y))
    _beside(sheet, screen, first)
    sheet.y += HIGH + 16


def _lay(sheet: Paper, picture: Image.Image, at: tuple[int, int]) -> None:
    """Put a picture on the sheet, with an edge that is seen around a white one too."""
    x, y = at
    sheet.pen.rectangle((x - 1, y - 1, x + picture.width, y + picture.height), outline=EDGING)
    sheet.image.paste(picture, at)


def _covered(picture: Image.Image, screen: Screen) -> Image.Image:
    """The picture, with what the app covers shaded."""
    shade = Image.new("RGBA", picture.size)
    pen = ImageDraw.Draw(shade)
    top, low = round(HIGH * screen.top), round(HIGH * (1 - screen.bottom))
    left, right = round(WIDE * screen.left), round(WIDE * (1 - screen.right))
    for box in (
        (0, 0, WIDE, top),
        (0, low, WIDE, HIGH),
        (0, top, left, low),
        (right, top, WIDE, low),
    ):
        if box[0] < box[2] and box[1] < box[3]:
            pen.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=_SHADE)
    if screen.bottom:  # on a dark picture no shade is seen
        pen.rectangle((left - 1, top, right, low), outline=_LINE)
    return Image.alpha_composite(picture.convert("RGBA"), shade).convert("RGB")


def _write(picture: Image.Image, texts: Sequence[tuple[list[Span], Style]], screen: Screen) -> None:
    """Write from a height on at which all of it has room above the lower edge, on a dark ground."""
    if not texts:
        return
    left, wide = 16, WIDE - 32 - round(WIDE * max(screen.right, 0.1))
    trial = Image.new("RGB", (1, 1))
    high = 0
    for spans, style in texts:
        high = paper.write(trial, (left, high, wide), spans, style, lowest=HIGH)
    top = max(HIGH - 20 - high, HIGH // 2)
    _darken(picture, top - 36)
    y = top
    for spans, style in texts:
        y = paper.write(picture, (left, y, wide), spans, style, lowest=HIGH - 8)


def _darken(picture: Image.Image, top: int) -> None:
    """Darker from a height on, more and more, so that white can be read on it."""
    high = HIGH - top
    mask = Image.new("L", (WIDE, high))
    pen = ImageDraw.Draw(mask)
    for row in range(high):
        pen.line((0, row, WIDE, row), fill=min(_DARKEST, row * 5))
    picture.paste(Image.new("RGB", (WIDE, high), paper.BLACK), (0, top), mask)


def _beside(sheet: Paper, screen: Screen, first: bytes | None) -> None:
    """What is not told by the screen: how it is seen elsewhere, and what the shades are."""
    y = sheet.y
    words: list[str] = []
    if not screen.has_text:
        words.append(f"A {screen.name} shows no text.")
    if screen.bottom:
        words.append("Shaded: what the app covers.")
    for word in words:
        y = _say(sheet, y, word) + 14
    for name, aspect in screen.others:
        y = _say(sheet, y, name) + 2
        part = framing.middle(first, aspect, _COLUMN)
        _lay(sheet, part, (_LEFT, y))
        y += part.height + 14


def _say(sheet: Paper, y: int, word: str) -> int:
    place = (_LEFT, y, _COLUMN)
    return paper.write(sheet.image, place, [(word, GREY)], Style(SMALL - 2), lowest=sheet.y + HIGH)
