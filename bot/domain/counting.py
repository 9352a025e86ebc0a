"""How long a text is, in the unit in which each platform counts it."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import regex

from bot.domain.emoji import EMOJI
from bot.domain.x_length import x_length

_GRAPHEME = regex.compile(r"\X")


class Unit(StrEnum):
    """How a text is counted."""

    UTF16 = "UTF-16 units"
    BYTES = "bytes"
    CHARACTERS = "characters"
    THREADS = "characters, an emoji counting as its bytes"
    X = "characters as X counts them"
    BLUESKY = "characters as people see them"


def _threads(text: str) -> int:
    # Meta counts an emoji as its bytes in UTF-8 (developers.facebook.com, "Threads posts").
    plain = EMOJI.sub("", text)
    return len(plain) + len(text.encode()) - len(plain.encode())


def _bluesky(text: str) -> int:
    # A post has at most 300 graphemes and at most ten times as many bytes (app.bsky.feed.post).
    return max(len(_GRAPHEME.findall(text)), math.ceil(len(text.encode()) / 10))


_COUNT: dict[Unit, Callable[[str], int]] = {
    Unit.UTF16: lambda text: len(text.encode("utf-16-le")) // 2,
    Unit.BYTES: lambda text: len(text.encode()),
    Unit.CHARACTERS: len,
    Unit.THREADS: _threads,
    Unit.X: x_length,
    Unit.BLUESKY: _bluesky,
}


@dataclass(frozen=True, slots=True)
class TextLimit:
    """The longest text a field takes, in its unit."""

    maximum: int
    unit: Unit

    def length(self, text: str) -> int:
        """How long the text is in this limit's unit."""
        return _COUNT[self.unit](text)
