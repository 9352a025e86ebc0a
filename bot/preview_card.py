"""Drawing a post as a platform shows it: a sketch in our own colours, but with the platform's cuts.

Slow: call it in a thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from bot import faces, framing, lettering, screen_card, typesetting
from bot.domain import folding
from bot.domain.folding import Texts
from bot.domain.look import LOOKS, Look
from bot.domain.platform import Kind, Platform
from bot.domain.screen import Screen
from bot.lettering import Style
from bot.paper import EDGE, EDGING, GREY, INK, ROOM, SMALL, TEXT, WHITE, WIDTH, Paper, put
from bot.screen_card import Overlay
from bot.typesetting import Span

_FOR_PICTURES = 500  # pixels that texts leave to them
_CARD = 132  # pixels of a link's card
_COLOURS = {
    Platform.TIKTOK: "#111111", Platform.INSTAGRAM: "#c13584", Platform.YOUTUBE: "#d92a1c",
    Platform.FACEBOOK: "#1877f2", Platform.THREADS: "#2b2b2b", Platform.X: "#0f1419",
    Platform.LINKEDIN: "#0a66c2", Platform.PINTEREST: "#bd081c", Platform.BLUESKY: "#1083fe",
    Platform.REDDIT: "#d93a00",
}  # fmt: skip
_LINKS = {
    Platform.INSTAGRAM: "#00376b", Platform.YOUTUBE: "#065fd4", Platform.FACEBOOK: "#0064d1",
    Platform.THREADS: "#0c7fc4", Platform.X: "#1a82cf", Platform.LINKEDIN: "#0a66c2",
    Platform.BLUESKY: "#1083fe", Platform.REDDIT: "#0e5fb8",
}  # fmt: skip
DRAWING = Lock()
"""Held while something is drawn: fonts are shared between threads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """What is drawn: an account of a platform and what it shows, on a screen of its own or in the
    feed. `pictures` are JPEGs in order; a clip or video without one is drawn as an empty frame.
    """

    platform: Platform
    account: str
    kind: Kind
    caption: str
    title: str
    pictures: Sequence[bytes]
    screen: Screen | None = None

    @property
    def han(self) -> str:
        """Whose Han signs its texts have."""
        return faces.han_of(f"{self.account}\n{self.title}\n{self.caption}")


def draw(sketch: Sketch) -> bytes:
    """The sketch as a JPEG of some 50 to 150 KB."""
    with DRAWING:
        paper = Paper()
        _header(paper, sketch)
        if sketch.screen:
            screen_card.put(paper, sketch.screen, _overlay(sketch, sketch.screen))
        else:
            _in_feed(paper, sketch, LOOKS[sketch.platform])
        return paper.jpeg()


def _header(paper: Paper, sketch: Sketch) -> None:
    radius, y = 24, paper.y
    place = (EDGE, y, EDGE + 2 * radius, y + 2 * radius)
    paper.pen.ellipse(place, fill=_COLOURS[sketch.platform])
    initial = faces.font(faces.USUAL, 26, 700)
    centre = (EDGE + radius, y + radius)
    paper.pen.text(centre, sketch.platform.label[0], font=initial, fill=WHITE, anchor="mm")
    x = EDGE + 2 * radius + 14
    style = Style(TEXT, 700, sketch.han)
    name = typesetting.clipped(" ".join(sketch.account.split()), style, WIDTH - EDGE - x)
    line = next(typesetting.lines([(name, INK)], style, WIDTH))
    put(paper.image, (x, y + TEXT - 2), line, style)
    where = f"{sketch.platform.label} · {sketch.screen.name if sketch.screen else 'now'}"
    lettering.draw(paper.image, (x, y + 47), where, GREY, Style(SMALL))
    paper.y = y + 2 * radius + 14


def _overlay(sketch: Sketch, screen: Screen) -> Overlay:
    texts = list[tuple[list[Span], Style]]()
    if screen.has_text:
        style = Style(SMALL - 1, 400, sketch.han)
        bold = Style(SMALL - 1, 700, sketch.han)
        texts = [
            ([(sketch.account, WHITE)], bold),
            (_title(sketch, screen, WHITE), bold),
            (_caption(sketch, screen, WHITE, WHITE, "#d5d7dc"), style),
        ]
    return Overlay(
        pictures=sketch.pictures,
        is_moving=sketch.kind is not Kind.PHOTOS,
        texts=[(spans, style) for spans, style in texts if spans],
    )


def _in_feed(paper: Paper, sketch: Sketch, look: Look) -> None:
    if look.text_first:
        _texts(paper, sketch, look, keep=0 if sketch.kind is Kind.TEXT else _FOR_PICTURES)
        _media(paper, sketch, look)
    else:
        _media(paper, sketch, look)
        _texts(paper, sketch, look, keep=0)
    if look.has_link_card and sketch.kind is Kind.TEXT:
        _link_card(paper, sketch)


def _texts(paper: Paper, sketch: Sketch, look: Look, *, keep: int) -> None:
    title = _title(sketch, look, INK)
    if title:
        paper.write(title, Style(TEXT, 700, sketch.han), keep=keep)
    caption = _caption(sketch, look, INK, _LINKS.get(sketch.platform, INK), GREY)
    if caption:
        paper.write(caption, Style(TEXT, 400, sketch.han), keep=keep)
    paper.y += 12


def _title(sketch: Sketch, texts: Texts, colour: str) -> list[Span]:
    if not sketch.title or texts.title is None:
        return []
    title = folding.fold(sketch.title, texts.title, east=texts.east)
    return [(title.shown + ("…" if title.hidden else ""), colour)]


def _caption(sketch: Sketch, texts: Texts, ink: str, link: str, grey: str) -> list[Span]:
    if not sketch.caption or texts.fold == 0:
        return []
    folded = folding.fold(sketch.caption, texts.fold, texts.lines, east=texts.east)
    pieces = folding.pieces(folded.shown, texts.links)
    more = [(" ", grey), (texts.more.replace(" ", "\u00a0"), grey)] if folded.hidden else []
    return [(text, link if is_link else ink) for text, is_link in pieces] + more


def _media(paper: Paper, sketch: Sketch, look: Look) -> None:
    if sketch.kind is Kind.TEXT:
        return
    count = len(sketch.pictures)
    most = min(760, paper.room - 140)
    if look.has_grid and count > 1:
        picture = framing.grid(sketch.pictures, ROOM)
    else:
        first = sketch.pictures[0] if sketch.pictures else None
        picture = framing.framed(first, sketch.kind, look, ROOM, most)
    left = (WIDTH - picture.width) // 2
    paper.image.paste(picture, (left, paper.y))
    corner = (left + picture.width - 12, paper.y + 12)
    if sketch.kind is not Kind.PHOTOS:
        framing.play_sign(paper.pen, (WIDTH // 2, paper.y + picture.height // 2))
    elif count > 1 and not look.has_grid:
        framing.pill(paper.pen, corner, f"1/{count}")
    elif count > framing.IN_GRID:
        low = (corner[0], paper.y + picture.height - 46)
        framing.pill(paper.pen, low, f"+{count - framing.IN_GRID}")
    paper.y += picture.height + 16
    if count > 1 and not look.has_grid:
        framing.dots(paper.pen, (WIDTH // 2, paper.y - 2), count)
        paper.y += 14


def _link_card(paper: Paper, sketch: Sketch) -> None:
    """Where the card of a linked page stands; its title and picture are the page's own."""
    address = folding.first_address(sketch.caption)
    if not address or paper.room < _CARD:
        return
    y, low = paper.y, paper.y + _CARD
    paper.pen.rounded_rectangle((EDGE, y, WIDTH - EDGE, low), 12, outline=EDGING, width=2)
    paper.pen.rounded_rectangle((EDGE, y, EDGE + _CARD, low), 12, fill="#e6e8eb")
    x = EDGE + _CARD + 18
    host = typesetting.clipped(
        urlsplit(address).hostname or address, Style(SMALL), WIDTH - EDGE - x
    )
    lettering.draw(paper.image, (x, y + 42), host, GREY, Style(SMALL))
    lettering.draw(paper.image, (x, y + 76), "Title and picture", INK, Style(TEXT, 700))
    lettering.draw(paper.image, (x, y + 106), "as the page gives them", GREY, Style(SMALL))
    paper.y = low + 16
