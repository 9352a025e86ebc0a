"""Drawing a post as a platform shows it: a sketch in our own colours, but with the platform's cuts.

Slow: call it in a thread.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image, ImageDraw

from bot import framing, lettering
from bot.domain import look as looks
from bot.domain.look import Look
from bot.domain.platform import Kind, Platform

WIDTH, EDGE = 600, 24
MOST_HEIGHT = 1_400
"""Pixels: what is longer is cut off, since no phone shows more at once."""

_TEXT, _SMALL, _LINE = 24, 19, 34
_FOR_PICTURES = 500  # pixels that texts leave to them
_INK, _GREY, _LINK = "#1b1c1f", "#72767d", "#1d6fd8"
_COLOURS = {
    Platform.TIKTOK: "#111111", Platform.INSTAGRAM: "#c13584", Platform.YOUTUBE: "#d92a1c",
    Platform.FACEBOOK: "#1877f2", Platform.THREADS: "#2b2b2b", Platform.X: "#0f1419",
    Platform.LINKEDIN: "#0a66c2", Platform.PINTEREST: "#bd081c", Platform.BLUESKY: "#1083fe",
    Platform.REDDIT: "#d93a00",
}  # fmt: skip
_DRAWING = Lock()  # fonts are shared between threads


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """What is drawn: an account of a platform and what it shows. `pictures` are JPEGs in order; a
    clip or video without one is drawn as an empty frame.
    """

    platform: Platform
    account: str
    kind: Kind
    caption: str
    title: str
    pictures: Sequence[bytes]


def draw(sketch: Sketch) -> bytes:
    """The sketch as a JPEG of some 50 to 150 KB."""
    with _DRAWING:
        paper = _Paper()
        look = looks.LOOKS[sketch.platform]
        _header(paper, sketch)
        if look.text_first:
            _texts(paper, sketch, look, keep=0 if sketch.kind is Kind.TEXT else _FOR_PICTURES)
            _media(paper, sketch, look)
        else:
            _media(paper, sketch, look)
            _texts(paper, sketch, look, keep=0)
        return paper.jpeg()


class _Paper:
    """A sheet that is written from above."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH, MOST_HEIGHT), framing.PAPER)
        self.pen = ImageDraw.Draw(self.image)
        self.y = EDGE

    @property
    def room(self) -> int:
        """Pixels that are left."""
        return MOST_HEIGHT - self.y - EDGE

    def write(
        self, words: Iterable[tuple[str, str]], *, keep: int, size: int = _TEXT, weight: int = 400
    ) -> None:
        """Write words, each with its colour, and break lines where they are full, as long as more
        than `keep` pixels are left.
        """
        x = float(EDGE)
        for word, colour in words:
            if self.room < keep + _LINE:
                return
            if word == "\n":
                x, self.y = float(EDGE), self.y + _LINE
                continue
            for piece in lettering.broken(word, WIDTH - 2 * EDGE, size, weight):
                is_full = x + lettering.width(piece, size, weight) > WIDTH - EDGE
                if is_full and x > EDGE:
                    x, self.y = float(EDGE), self.y + _LINE
                if self.room < keep + _LINE:
                    return
                x = self.put(piece.lstrip() if x == EDGE else piece, x, colour, size, weight)
        self.y += _LINE

    def put(self, text: str, x: float, colour: str, size: int, weight: int) -> float:
        """Write in this line, from `x` on; where it ends."""
        for run, name in lettering.runs(text):
            font = lettering.font(name, size, weight)
            self.pen.text((x, self.y + size), run, font=font, fill=colour, anchor="ls")
            x += font.getlength(run)
        return x

    def jpeg(self) -> bytes:
        """What was drawn."""
        out = BytesIO()
        height = min(self.y + EDGE // 2, MOST_HEIGHT)
        self.image.crop((0, 0, WIDTH, height)).save(out, "JPEG", quality=82, optimize=True)
        return out.getvalue()


def _header(paper: _Paper, sketch: Sketch) -> None:
    radius, y = 24, paper.y
    place = (EDGE, y, EDGE + 2 * radius, y + 2 * radius)
    paper.pen.ellipse(place, fill=_COLOURS[sketch.platform])
    initial = lettering.font("NotoSans", 26, 700)
    centre = (EDGE + radius, y + radius)
    paper.pen.text(centre, sketch.platform.label[0], font=initial, fill="white", anchor="mm")
    x = EDGE + 2 * radius + 14
    name = looks.fold(sketch.account, 34)
    paper.put(name.shown + ("…" if name.hidden else ""), x, _INK, _TEXT, 700)
    paper.y += 27
    paper.put(f"{sketch.platform.label} · now", x, _GREY, _SMALL, 400)
    paper.y = y + 2 * radius + 14


def _texts(paper: _Paper, sketch: Sketch, look: Look, *, keep: int) -> None:
    if sketch.title and look.title is not None:
        title = looks.fold(sketch.title, look.title)
        shown = title.shown + ("…" if title.hidden else "")
        paper.write([(word, _INK) for word in lettering.words(shown)], keep=keep, weight=700)
    if sketch.caption and look.fold != 0:
        folded = looks.fold(sketch.caption, look.fold, look.lines)
        words = [
            (word, _LINK if is_link else _INK)
            for text, is_link in looks.pieces(folded.shown)
            for word in lettering.words(text)
        ]
        more = [(f" {look.more}", _GREY)] if folded.hidden else []
        paper.write([*words, *more], keep=keep)
    paper.y += 12


def _media(paper: _Paper, sketch: Sketch, look: Look) -> None:
    if sketch.kind is Kind.TEXT:
        return
    count = len(sketch.pictures)
    most = min(760, paper.room - 4 * _LINE)
    if look.has_grid and count > 1:
        picture = framing.grid(sketch.pictures, WIDTH - 2 * EDGE)
    else:
        first = sketch.pictures[0] if sketch.pictures else None
        picture = framing.framed(first, sketch.kind, look, WIDTH - 2 * EDGE, most)
    paper.image.paste(picture, ((WIDTH - picture.width) // 2, paper.y))
    corner = ((WIDTH + picture.width) // 2 - 12, paper.y + 12)
    if sketch.kind is not Kind.PHOTOS:
        _play_sign(paper, (WIDTH // 2, paper.y + picture.height // 2))
    elif count > 1 and not look.has_grid:
        _count(paper, corner, f"1/{count}")
    elif count > framing.IN_GRID:
        _count(paper, corner, f"+{count - framing.IN_GRID}")
    paper.y += picture.height + 16


def _play_sign(paper: _Paper, middle: tuple[int, int]) -> None:
    x, y = middle
    paper.pen.ellipse((x - 38, y - 38, x + 38, y + 38), fill=framing.BAR, outline="white", width=4)
    paper.pen.polygon(((x - 12, y - 19), (x - 12, y + 19), (x + 21, y)), fill="white")


def _count(paper: _Paper, corner: tuple[int, int], text: str) -> None:
    font = lettering.font("NotoSans", _SMALL, 700)
    x, y = corner
    width = round(font.getlength(text)) + 24
    paper.pen.rounded_rectangle((x - width, y, x, y + 34), radius=17, fill=framing.BAR)
    paper.pen.text((x - width // 2, y + 17), text, font=font, fill="white", anchor="mm")
