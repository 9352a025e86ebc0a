"""What people write for the time of a post: a moment, a weekly rule, or the next free slot."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.rule import Rule
from bot.domain.times import parse_when
from bot.domain.weekly import Weekly, next_free, parse_weekly
from bot.errors import InputError, Problem

EXAMPLES = "now · tomorrow 9:00 · in 2 hours · 2026-12-24 18:00 · every tue 9:00 · next slot"

NEXT_SLOT = "next slot"

_SLOT = re.compile(r"(the\s+)?next\s+(free\s+)?slot", re.IGNORECASE)
_EVERY = re.compile(r"every\b", re.IGNORECASE)
_NO_SLOTS = Problem(
    field="When",
    message="this server has no slots.",
    remedy="An admin sets them with /desk settings; or give a time.",
)


@dataclass(frozen=True, slots=True)
class When:
    """A moment (UTC), None for as soon as approved, and the rule by which it repeats, if it does."""

    due_at: datetime | None
    repeats: str = ""


def asks_for_slot(text: str) -> bool:
    """Whether the next free slot is meant."""
    return bool(_SLOT.fullmatch(text.strip()))


def read_when(
    text: str,
    zone: str,
    now: datetime,
    *,
    slots: Sequence[Weekly] = (),
    taken: Collection[datetime] = (),
) -> When:
    """What is meant by `text` in a server with these slots, some of them taken (moments in UTC).

    Raises InputError with the remedy.
    """
    text = text.strip()
    if asks_for_slot(text):
        slot = next_free(slots, zone, taken, now)
        if slot is None:
            raise InputError([_NO_SLOTS])
        return When(slot)
    if _EVERY.match(text):
        rule = Rule(tuple(parse_weekly(text, "When")), zone)
        return When(rule.after(now), str(rule))
    return When(parse_when(text, zone, now))
