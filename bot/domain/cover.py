"""The cover of a video: what is seen of it before it plays."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.media import Media
from bot.domain.platform import Kind
from bot.errors import InputError, Problem

_CLOCK = re.compile(
    r"(?:(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,3}):)?(?P<s>\d{1,5})(?:[.,](?P<f>\d{1,3}))?s?"
)
EXAMPLE = "0:03.5"
SHORT_SECONDS = 180
"""The longest video that YouTube makes a Short of (support.google.com, "YouTube Shorts")."""


class CoverForm(StrEnum):
    """How a platform is told of a cover through a service."""

    FRAME = "frame"  # as a moment of the video
    PICTURE = "picture"  # as a file of its own


@dataclass(frozen=True, kw_only=True, slots=True)
class Cover:
    """A frame of the video, at so many milliseconds from its start, or a picture from elsewhere,
    `at_ms` None. `picture` is the file, of a frame too, taken out of the video when it was chosen.
    """

    picture: Media
    at_ms: int | None = None

    @property
    def words(self) -> str:
        """What it is, in a few words."""
        if self.at_ms is None:
            return f"the picture {self.picture.filename}"
        return f"the frame at {clock(self.at_ms)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverLimit:
    """In which forms a platform takes a cover through a service.

    `types` and `size` (bytes) are those of a picture; without types it takes none. `only_with` is an
    option with the values under which a cover counts, empty among them where that may be left open;
    `otherwise` says in a sentence why it does not count under others.
    """

    frame: bool = False
    types: frozenset[str] = frozenset()
    size: int | None = None
    kinds: frozenset[Kind] = frozenset({Kind.VIDEO})
    only_with: tuple[str, frozenset[str]] | None = None
    otherwise: str = ""

    def counts(self, options: Mapping[str, str]) -> bool:
        """Whether a cover counts under what is chosen for an account."""
        if self.only_with is None:
            return True
        name, values = self.only_with
        return options.get(name, "") in values

    def form(self, at_ms: int | None, kind: Kind, options: Mapping[str, str]) -> CoverForm | None:
        """The form in which an account gets a cover (`Cover.at_ms`), None where it does not count.
        A frame goes as its moment where that is taken, else as the picture of it.
        """
        if kind not in self.kinds or not self.counts(options):
            return None
        if at_ms is not None and self.frame:
            return CoverForm.FRAME
        return CoverForm.PICTURE if self.types else None


NO_COVERS = CoverLimit(kinds=frozenset())


def clock(at_ms: int) -> str:
    """A moment of a video as people read it: `0:03.5`."""
    seconds, rest = divmod(at_ms, 1000)
    shown = f"{seconds // 3600}:{seconds // 60 % 60:02}" if seconds >= 3600 else f"{seconds // 60}"
    tail = f"{rest:03}".rstrip("0") or "0"
    return f"{shown}:{seconds % 60:02}.{tail}"


def read_clock(text: str, length: float | None) -> int:
    """The milliseconds that a person typed, as seconds or by the clock; `length` of the video in
    seconds, None where nobody knows it. Raises InputError.
    """
    found = _CLOCK.fullmatch(text.strip()) if text.isascii() else None
    if found is None:
        raise _refused(f"“{text[:100]}” is no moment of a video.", f"Write seconds, or {EXAMPLE}.")
    hours, minutes, seconds = (int(found[name] or 0) for name in "hms")
    at_ms = ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found["f"] or "").ljust(3, "0"))
    if length is not None and at_ms >= length * 1000:
        raise _refused(
            f"the video is {clock(round(length * 1000))} long; {clock(at_ms)} is behind its end.",
            "Give an earlier moment.",
        )
    return at_ms


def problems(limit: CoverLimit, label: str, cover: Cover) -> list[Problem]:
    """What an account, named by `label`, would refuse of a cover that it gets as a picture."""
    picture = cover.picture
    if picture.content_type not in limit.types:
        taken = ", ".join(sorted(name.partition("/")[2] for name in limit.types))
        told = f"takes {taken}; {picture.filename} is {picture.content_type}."
        return [_problem(f"{label} {told}", "Convert it, or choose a frame.")]
    if limit.size is not None and picture.size > limit.size:
        told = f"takes {limit.size:,} bytes; {picture.filename} has {picture.size:,}."
        return [_problem(f"{label} {told}", "Make it smaller, or choose a frame.")]
    return []


def caution(
    limit: CoverLimit,
    label: str,
    cover: Cover,
    kind: Kind,
    options: Mapping[str, str],
    *,
    allowed: Collection[CoverForm] | None = None,
) -> Problem | None:
    """Why a cover does not count at an account, named by `label`; None where it does. `allowed` are
    the forms that the account takes now, where its service tells.
    """
    form = limit.form(cover.at_ms, kind, options)
    if form and (allowed is None or form in allowed):
        return None
    if form:
        told = f"{label} takes no {form} as a cover now."
        return _problem(told, "The platform chooses one there.")
    if kind not in limit.kinds:
        return _problem(
            f"{label} takes none through its service.", "The platform chooses one there."
        )
    if not limit.counts(options):
        return _problem(
            f"it does not count at {label}: {limit.otherwise}", "Nothing, if that is meant."
        )
    return _problem(
        f"{label} takes a frame of the video, not a picture.",
        "Choose a frame, or the platform chooses one there.",
    )


def of_short(label: str, media: Sequence[Media]) -> Problem | None:
    """What YouTube makes of the cover of a video that it shows as a Short, None for others."""
    is_short = any(
        item.is_video and (item.seconds or 1e9) <= SHORT_SECONDS and (item.aspect or 2) <= 1
        for item in media
    )
    if not is_short:
        return None
    return _problem(
        f"{label} shows this as a Short (upright or square, up to 3 minutes), which has no thumbnail"
        " of its own.",
        "YouTube chooses a frame there.",
    )


def _problem(message: str, remedy: str) -> Problem:
    return Problem(field="Cover", message=message, remedy=remedy)


def _refused(message: str, remedy: str) -> InputError:
    return InputError([_problem(message, remedy)])
