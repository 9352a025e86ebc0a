"""What each platform takes, in its own units, and the check of a post against it."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.media import Media
from bot.domain.platform import Kind
from bot.errors import Problem


class Unit(StrEnum):
    """How a text is counted."""

    UTF16 = "UTF-16 units"
    BYTES = "bytes"
    CHARACTERS = "characters"
    THREADS = "characters, an emoji counting as its bytes"


def _threads(text: str) -> int:
    # Meta's pages disagree on emoji; their UTF-8 bytes are the larger count, so never too few.
    return sum(
        len(character.encode())
        if ord(character) > 0xFFFF or unicodedata.category(character) == "So"
        else 1
        for character in text
    )


_COUNT: dict[Unit, Callable[[str], int]] = {
    Unit.UTF16: lambda text: len(text.encode("utf-16-le")) // 2,
    Unit.BYTES: lambda text: len(text.encode()),
    Unit.CHARACTERS: len,
    Unit.THREADS: _threads,
}


@dataclass(frozen=True, slots=True)
class TextLimit:
    """The longest text a field takes, in its unit."""

    maximum: int
    unit: Unit

    def length(self, text: str) -> int:
        """How long the text is in this limit's unit."""
        return _COUNT[self.unit](text)


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaLimit:
    """How many files of which types, and how many bytes each, a kind of post takes."""

    count: int
    types: frozenset[str]
    size: int
    caption: TextLimit
    title: TextLimit | None = None  # None: a title is not shown, so any is taken


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one platform takes through one service; a kind that is absent is not taken."""

    text: TextLimit | None = None
    photos: MediaLimit | None = None
    video: MediaLimit | None = None

    def caption_of(self, kind: Kind) -> TextLimit | None:
        """The limit of the caption for a kind of post; None when the kind is not taken."""
        if kind is Kind.TEXT:
            return self.text
        media = self.media_of(kind)
        return media.caption if media else None

    def media_of(self, kind: Kind) -> MediaLimit | None:
        """The limit of the files for a kind of post."""
        return {Kind.PHOTOS: self.photos, Kind.VIDEO: self.video}.get(kind)


def problems(
    limits: Limits, label: str, *, kind: Kind, caption: str, title: str, media: Sequence[Media]
) -> list[Problem]:
    """Everything about a post that an account, named by `label`, would refuse."""
    limit = limits.caption_of(kind)
    if limit is None:
        return [_kind_not_taken(limits, label, kind)]
    found = _too_long("Caption", label, limit, caption)
    media_limit = limits.media_of(kind)
    if media_limit is None:
        return found
    if media_limit.title:
        found += _too_long("Title", label, media_limit.title, title)
    return found + _media_problems(media_limit, label, media)


def _kind_not_taken(limits: Limits, label: str, kind: Kind) -> Problem:
    taken = " or ".join(str(other) for other in Kind if limits.caption_of(other))
    found = _FOUND[kind]
    return Problem(
        field="Media",
        message=f"{label} takes {taken}; {found}.",
        remedy=f"Add {taken}, or leave this account out.",
    )


_FOUND = {
    Kind.TEXT: "no file was given",
    Kind.PHOTOS: "photos were given",
    Kind.VIDEO: "a video was given",
}


def _too_long(field: str, label: str, limit: TextLimit, text: str) -> list[Problem]:
    length = limit.length(text)
    if length <= limit.maximum:
        return []
    return [
        Problem(
            field=field,
            message=f"{label} takes {limit.maximum:,} {limit.unit}; this has {length:,}.",
            remedy=f"Shorten it by {length - limit.maximum:,}, or leave this account out.",
        )
    ]


def _media_problems(limit: MediaLimit, label: str, media: Sequence[Media]) -> list[Problem]:
    found: list[Problem] = []
    if len(media) > limit.count:
        found.append(
            Problem(
                field="Media",
                message=f"{label} takes {limit.count} file{'s' * (limit.count > 1)}; {len(media)} were given.",
                remedy=f"Take {len(media) - limit.count} away, or leave this account out.",
            )
        )
    for item in media:
        found += _file_problems(limit, label, item)
    return found


def _file_problems(limit: MediaLimit, label: str, item: Media) -> list[Problem]:
    found: list[Problem] = []
    if item.content_type not in limit.types:
        taken = ", ".join(sorted(name.partition("/")[2] for name in limit.types))
        found.append(
            Problem(
                field="Media",
                message=f"{label} takes {taken}; {item.filename} is {item.content_type}.",
                remedy="Convert it, or leave this account out.",
            )
        )
    if item.size > limit.size:
        found.append(
            Problem(
                field="Media",
                message=f"{label} takes {limit.size:,} bytes a file; {item.filename} has {item.size:,}.",
                remedy="Give a smaller file, or leave this account out.",
            )
        )
    return found
