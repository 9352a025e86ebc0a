"""Text as lines: where a line may end, how words fill it, and in which order they stand in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import regex

from bot import lettering
from bot.lettering import Style

Span = tuple[str, str]
"""A text and its colour."""

# Chinese and Japanese break at every sign, but no line begins with what closes or goes on (Unicode
# calls these classes of line breaking CL, CP, EX, NS, CJ and IN) or ends with what opens (OP).
_EAST = r"\p{Han}\p{Hiragana}\p{Katakana}"
_HELD = r"[\u00a0\u202f]"  # spaces at which no line ends
_SPACE = r"[^\S\n\u00a0\u202f]"
_WORD = regex.compile(
    rf"\n|{_SPACE}+|\p{{lb=OP}}*[{_EAST}][\p{{lb=CL}}\p{{lb=CP}}\p{{lb=EX}}\p{{lb=NS}}\p{{lb=CJ}}\p{{lb=IN}}]*"
    rf"|(?:(?!\p{{lb=OP}}+[{_EAST}])(?:{_HELD}|[^\s{_EAST}]))+"
)
_LEFTWARD = regex.compile(r"[\p{bidi_class=R}\p{bidi_class=AL}]")
_RIGHTWARD = regex.compile(r"\p{bidi_class=L}")
_STRONG = regex.compile(rf"{_LEFTWARD.pattern}|{_RIGHTWARD.pattern}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or space in a line, and whether it is written leftward."""

    text: str
    colour: str
    is_leftward: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces of a line from left to right; one `is_leftward` begins at the right edge."""

    pieces: Sequence[Piece]
    is_leftward: bool = False


def lines(spans: Iterable[Span], style: Style, most: float) -> Iterator[Line]:
    """A text in lines of at most so many pixels."""
    for paragraph in _paragraphs(spans):
        first = _STRONG.search("".join(text for text, _ in paragraph))
        is_leftward = bool(first and _LEFTWARD.match(first.group()))
        for line in _filled(paragraph, style, most):
            yield Line(_ordered(line, is_leftward), is_leftward)


def clipped(text: str, style: Style, most: float) -> str:
    """A text that fits into so many pixels: what is too long ends in dots."""
    if lettering.width(text, style) <= most:
        return text
    left = most - lettering.width("…", style)
    shown = ""
    for sign in lettering.signs_of(text):
        left -= lettering.width(sign, style)
        if left < 0:
            break
        shown += sign
    return f"{shown.rstrip()}…"


def _paragraphs(spans: Iterable[Span]) -> Iterator[list[Span]]:
    paragraph: list[Span] = []
    for text, colour in spans:
        for word in _WORD.findall(text.replace("\r", "")):
            if word == "\n":
                yield paragraph
                paragraph = []
            else:
                paragraph.append((word, colour))
    yield paragraph


def _filled(words: Sequence[Span], style: Style, most: float) -> Iterator[list[Span]]:
    line: list[Span] = []
    left = most
    for word, colour in words:
        for piece, wide in _broken(word, style, most):
            if wide > left and line:
                yield line
                line, left = [], most
            if line or not piece.isspace():
                line.append((piece, colour))
                left -= wide
    yield line


def _broken(word: str, style: Style, most: float) -> Iterator[tuple[str, float]]:
    """A word in pieces of at most so many pixels, each with how many it takes."""
    whole = lettering.width(word, style)
    if whole <= most:
        yield word, whole
        return
    piece, used = "", 0.0
    for sign in lettering.signs_of(word):
        wide = lettering.width(sign, style)
        if used + wide > most and piece:
            yield piece, used
            piece, used = "", 0.0
        piece, used = piece + sign, used + wide
    yield piece, used


def _ordered(line: Sequence[Span], is_leftward: bool) -> list[Piece]:
    """The words of a line as they stand from left to right: what is written in the other way than the
    line keeps its own order within it.
    """
    ways = _ways([text for text, _ in line], is_leftward)
    pieces = [Piece(text, colour, way) for (text, colour), way in zip(line, ways, strict=True)]
    found: list[Piece] = []
    for way, group in groupby(pieces, lambda piece: piece.is_leftward):
        same = list(group)
        found += reversed(same) if way is not is_leftward else same
    return found[::-1] if is_leftward else found


def _ways(texts: Sequence[str], is_leftward: bool) -> list[bool]:
    """Which texts are written leftward; what has no way, as spaces, goes with both its neighbours."""
    own = [_way(text) for text in texts]
    found: list[bool] = []
    for at, way in enumerate(own):
        before = found[-1] if found else is_leftward
        after = next((each for each in own[at:] if each is not None), is_leftward)
        found.append(way if way is not None else before if before is after else is_leftward)
    return found


def _way(text: str) -> bool | None:
    first = _STRONG.search(text)
    if first:
        return bool(_LEFTWARD.match(first.group()))
    return False if any(sign.isdigit() for sign in text) else None
