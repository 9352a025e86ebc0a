"""Text in pictures: how wide it is, and drawing it in one direction. Emoji are pictures in colour.

Fonts are shared: one thread at a time.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import regex
from PIL import Image, ImageDraw

from bot import faces, pictograms
from bot.domain.emoji import EMOJI

_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class Style:
    """A size in pixels, a weight (400 is usual, 700 bold), and whose Han signs (`faces.han_of`)."""

    size: int
    weight: int = 400
    han: str = ""

    @property
    def side(self) -> int:
        """The pixels of an emoji."""
        return round(self.size * 1.15)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one font, or the pictures of one emoji."""

    text: str
    font: str = ""
    pictures: tuple[Path, ...] = ()


def signs_of(text: str) -> list[str]:
    """A text in what readers see as one sign each."""
    return _GRAPHEME.findall(text)


def runs(text: str, style: Style) -> list[Run]:
    """A text in runs of one font each, and emoji."""
    found: list[Run] = []
    for run in _of_signs(text, style):
        if found and run.font and found[-1].font == run.font:
            found[-1] = Run(found[-1].text + run.text, run.font)
        else:
            found.append(run)
    return found


def _of_signs(text: str, style: Style) -> Iterator[Run]:
    for sign in signs_of(text):
        if EMOJI.fullmatch(sign):
            pictures = tuple(pictograms.of(sign))
            yield Run(sign, "" if pictures else faces.OUTLINED, pictures)
        elif faces.name_of(sign[0], style.han):
            yield Run(sign, faces.name_of(sign[0], style.han))
        else:  # what no font has, such as the bold letters of mathematics, is written plain
            plain = unicodedata.normalize("NFKC", sign)
            yield Run(plain, faces.name_of(plain[0], style.han) or faces.USUAL)


def width(text: str, style: Style) -> float:
    """How wide a text is, in pixels."""
    return sum(_width(run, style) for run in runs(text, style))


def _width(run: Run, style: Style) -> float:
    if run.pictures:
        return len(run.pictures) * (style.side + 2)
    return faces.font(run.font, style.size, style.weight).getlength(run.text)


def draw(
    image: Image.Image, at: tuple[float, float], text: str, colour: str, style: Style,
    *, is_leftward: bool = False,
) -> float:  # fmt: skip
    """Write from a point on the baseline on; where it ends. Both `at` and the end are at the left and
    the right, also of what is written leftward.
    """
    pen = ImageDraw.Draw(image)
    x, baseline = at
    found = runs(text, style)
    for run in reversed(found) if is_leftward else found:
        if run.pictures:
            _paste(image, (x, baseline), run, style)
        else:
            font = faces.font(run.font, style.size, style.weight)
            way = "rtl" if is_leftward else "ltr"
            pen.text((x, baseline), run.text, font=font, fill=colour, anchor="ls", direction=way)
        x += _width(run, style)
    return x


def _paste(image: Image.Image, at: tuple[float, float], run: Run, style: Style) -> None:
    for number, path in enumerate(run.pictures):
        shown = pictograms.picture(path, style.side)
        x = round(at[0]) + 1 + number * (style.side + 2)
        image.paste(shown, (x, round(at[1] - 0.85 * style.side)), shown)
