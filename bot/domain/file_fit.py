"""Whether the files of a post fit what an account takes."""

from collections.abc import Sequence

from bot.domain.limits import FileLimit, Range
from bot.domain.media import Media
from bot.errors import Problem

_LEAVE = "or leave this account out."


def problems(
    limit: FileLimit, label: str, media: Sequence[Media], max_video_seconds: int | None = None
) -> list[Problem]:
    """Everything about files that an account, named by `label`, would refuse.

    `max_video_seconds` is the longest video the account takes now, where its service tells.
    """
    found = _count_problems(limit, label, media)
    for item in media:
        found += _type_problems(limit, label, item) + _size_problems(limit, label, item)
        found += _shape_problems(limit, label, item)
        if item.is_video:
            found += _video_problems(limit, label, item, max_video_seconds)
    return found


def _count_problems(limit: FileLimit, label: str, media: Sequence[Media]) -> list[Problem]:
    if len(media) <= limit.count:
        return []
    return [
        _problem(
            f"{label} takes {limit.count} file{'s' * (limit.count > 1)}; {len(media)} were given.",
            f"Take {len(media) - limit.count} away",
        )
    ]


def _type_problems(limit: FileLimit, label: str, item: Media) -> list[Problem]:
    if item.content_type in limit.types:
        return []
    taken = ", ".join(sorted(name.partition("/")[2] for name in limit.types))
    return [
        _problem(f"{label} takes {taken}; {item.filename} is {item.content_type}.", "Convert it")
    ]


def _size_problems(limit: FileLimit, label: str, item: Media) -> list[Problem]:
    if item.size <= limit.size:
        return []
    return [
        _problem(
            f"{label} takes {limit.size:,} bytes a file; {item.filename} has {item.size:,}.",
            "Give a smaller file",
        )
    ]


def _shape_problems(limit: FileLimit, label: str, item: Media) -> list[Problem]:
    if limit.aspect is None or _is_within(limit.aspect, item.aspect, digits=2):
        return []
    return [
        _problem(
            f"{label} takes a width of {_words(limit.aspect, 2)} times the height; "
            f"{item.filename} has {_number(item.aspect, 2)} ({item.width} by {item.height}).",
            "Crop it",
        )
    ]


def _video_problems(
    limit: FileLimit, label: str, item: Media, max_seconds: int | None
) -> list[Problem]:
    found: list[Problem] = []
    seconds = _narrower(limit.seconds, max_seconds)
    if not _is_within(seconds, item.seconds):
        too_long = bool(seconds and item.seconds and item.seconds > seconds[1])
        found.append(
            _problem(
                f"{label} takes videos of {_words(seconds)} seconds; "
                f"{item.filename} has {_number(item.seconds)}.",
                f"Give a {'shorter' if too_long else 'longer'} one",
            )
        )
    if not _is_within(limit.frame_rate, item.frame_rate):
        found.append(
            _problem(
                f"{label} takes {_words(limit.frame_rate)} frames a second; "
                f"{item.filename} has {_number(item.frame_rate)}.",
                "Convert it",
            )
        )
    return found


def _narrower(taken: Range | None, most: int | None) -> Range | None:
    if most is None:
        return taken
    return (taken[0], min(taken[1], most)) if taken else (0, most)


def _is_within(taken: Range | None, value: float | None, digits: int = 1) -> bool:
    """Whether a value, rounded as people read it, is taken: 23.976 frames are 24."""
    return taken is None or value is None or taken[0] <= round(value, digits) <= taken[1]


def _words(taken: Range | None, digits: int = 1) -> str:
    least, most = taken or (0, 0)
    if least == 0:
        return f"at most {_number(most, digits)}"
    return f"{_number(least, digits)} to {_number(most, digits)}"


def _number(value: float | None, digits: int = 1) -> str:
    return f"{value or 0:,.{digits}f}".rstrip("0").rstrip(".")


def _problem(message: str, remedy: str) -> Problem:
    return Problem(field="Media", message=message, remedy=f"{remedy}, {_LEAVE}")
