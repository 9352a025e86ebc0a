"""What each platform takes, in its own units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.counting import TextLimit
from bot.domain.cover import CoverForm
from bot.domain.platform import Kind

Range = tuple[float, float]
"""The least and the most, both included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileLimit:
    """How many files of which types, and how many bytes each.

    `seconds` is the length of a video, `aspect` width divided by height, `frame_rate` in frames
    per second; None where nobody documents a limit.
    """

    count: int
    types: frozenset[str]
    size: int
    seconds: Range | None = None
    aspect: Range | None = None
    frame_rate: Range | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentLimit:
    """What one kind of post may hold; `forbidden` are characters that no text may contain."""

    caption: TextLimit
    title: TextLimit | None = None  # None: a title is not shown, so any is taken
    needs_caption: bool = False
    needs_title: bool = False
    hashtags: int | None = None
    mentions: int | None = None
    forbidden: str = ""
    files: FileLimit | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one platform takes through one service; a kind that is absent is not taken."""

    of: Mapping[Kind, ContentLimit]

    def only(self, *kinds: Kind) -> "Limits":
        """The same for some kinds only."""
        return Limits({kind: limit for kind, limit in self.of.items() if kind in kinds})

    def text(self, kind: Kind, **changes: Any) -> "Limits":
        """The same with other rules for the texts of a kind (fields of ContentLimit)."""
        return Limits({**self.of, kind: replace(self.of[kind], **changes)})

    def files(self, kind: Kind, **changes: Any) -> "Limits":
        """The same with other rules for the files of a kind (fields of FileLimit)."""
        limit = self.of[kind]
        if limit.files is None:
            raise ValueError(f"{kind} has no files")
        return self.text(kind, files=replace(limit.files, **changes))

    def clips(self) -> "Limits":
        """The limits of a clip: a video's texts, and no file, since the service has it."""
        return Limits({Kind.CLIP: replace(self.of[Kind.VIDEO], files=None)})


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountLimits:
    """What one account allows now, as its service tells; None where it tells nothing.

    `visibilities` come most public first; `caption` is in the platform's unit; `covers` are the
    forms in which it takes the cover of a video.
    """

    visibilities: tuple[str, ...] = ()
    max_video_seconds: int | None = None
    caption: int | None = None
    kinds: frozenset[Kind] | None = None
    covers: frozenset[CoverForm] | None = None
