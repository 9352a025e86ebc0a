"""What does not stop a post but may not be meant: told to whoever writes it, and left to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import Problem

SAME_WITHIN = timedelta(hours=48)
"""How near the same content to one account is told: services compare two days (Upload-Post)."""
CLOSE_WITHIN = timedelta(hours=1)
DAY = timedelta(hours=24)

HIDING = frozenset({"SELF_ONLY", "private"})
"""Visibilities under which nobody but the account sees a post."""

_WORD = re.compile(r"\w+")
_RUN = 3
_ALIKE = 0.8
"""Nearly the same: so much of all runs of three words is in both texts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sent:
    """What an account gets: when (UTC), which text, and the hashes of the files; `post_id` is the
    post it is part of.
    """

    post_id: int
    at: datetime
    caption: str
    files: frozenset[str] = frozenset()


def cautions(new: Sent, others: Sequence[Sent], label: str, daily: int | None) -> list[Problem]:
    """What to think of before an account, named by `label`, gets a post beside the others that it
    gets; `daily` is how many it takes in 24 hours, None where nobody knows.
    """
    others = sorted((one for one in others if one.post_id != new.post_id), key=lambda one: one.at)
    near = [one for one in others if abs(one.at - new.at) <= SAME_WITHIN]
    found: list[Problem] = []
    if twin := next((one for one in near if one.files & new.files), None):
        found.append(_same(f"post {twin.post_id} has the same file", label))
    elif twin := next((one for one in near if are_alike(one.caption, new.caption)), None):
        found.append(_same(f"post {twin.post_id} has nearly the same text", label))
    if close := next((one for one in near if abs(one.at - new.at) < CLOSE_WITHIN), None):
        found.append(
            Problem(
                field="When",
                message=f"{label} gets post {close.post_id} within an hour of this one.",
                remedy="Give this one another time, if that is not meant.",
            )
        )
    in_a_day = _most_in_a_day(new, near)
    if daily is not None and in_a_day > daily:
        found.append(
            Problem(
                field="When",
                message=f"{label} takes {daily} posts in 24 hours; with this one it is {in_a_day}.",
                remedy="Give this one a time on another day.",
            )
        )
    return found


def are_alike(one: str, other: str) -> bool:
    """Whether two texts are nearly the same: capitals, signs and spaces aside."""
    first, second = _runs(one), _runs(other)
    if not first or not second:
        return False
    return len(first & second) >= _ALIKE * len(first | second)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    if len(words) <= _RUN:
        return frozenset({tuple(words)} if words else ())
    return frozenset(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))


def _most_in_a_day(new: Sent, others: Sequence[Sent]) -> int:
    """The most posts in any 24 hours with the new one in them."""
    times = sorted([new.at, *(one.at for one in others if abs(one.at - new.at) < DAY)])
    starts = [at for at in times if new.at - DAY < at <= new.at]
    return max(sum(start <= at < start + DAY for at in times) for start in starts)


def _same(message: str, label: str) -> Problem:
    return Problem(
        field="Again",
        message=f"{label}: {message}, within 48 hours.",
        remedy="Change this one, or leave the account out, if that is not meant.",
    )
