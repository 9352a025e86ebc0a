"""Times as people write them, in a zone's wall clock, and the zone's name itself."""

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import dateparser

from bot.errors import InputError, Problem


class Timing(StrEnum):
    """Who keeps the time of a post."""

    HERE = "here"  # Copydesk calls the service when the time has come
    SERVICE = "service"  # the service gets the post early and publishes it at its time


EXAMPLES = "now · tomorrow 9:00 · fri 18:30 · in 2 minutes · 2026-12-24 18:00"
FURTHEST = timedelta(days=366)

_SPAN = re.compile(
    r"in\s+(?:\w+\s+|[\d.,]+\s*)"
    r"(?:s|m|h|d|w|secs?|mins?|hrs?|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(r"\d:\d\d|\d\s*[ap]\.?m\b", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:on\s+)?(?:mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
_WEEK = timedelta(days=7)
# 1.12. and 12/1 name different days on the two sides of the Atlantic.
_DAY_OR_MONTH = re.compile(r"\b\d{1,2}[./]\d{1,2}")


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name such as `Europe/Berlin`; raises InputError."""
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _problem(
            f"“{name}” is not a time zone.", "Use a name such as Europe/Berlin or UTC.", "Zone"
        ) from None


def parse_when(text: str, zone: str, now: datetime) -> datetime | None:
    """The moment meant by `text`, in UTC; None for "now". Raises InputError with the remedy.

    `now` is aware. A wall time that the zone skips or has twice is refused, never guessed.
    """
    text = text.strip()
    if text.lower() in {"", "now"}:
        return None
    try:
        moment = _read(text, zone_named(zone), now)
    except OverflowError:  # at the edges of the calendar
        raise _not_understood(text) from None
    if moment <= now:
        raise _problem(f"“{text}” is in the past.", "Give a later time, or write now.")
    if moment > now + FURTHEST:
        raise _problem(
            f"“{text}” is more than {FURTHEST.days} days ahead.", "Give a time within a year."
        )
    return moment


def _read(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if _DAY_OR_MONTH.search(text):
        raise _problem(
            f"“{text}” can be read as two different days.", "Write the date as 2026-12-24."
        )
    at_a_time = bool(_TIME_OF_DAY.search(text))
    span = not at_a_time and bool(_SPAN.match(text))
    if not span and not at_a_time:
        raise _not_understood(text)
    # A span counts real time, a date and time of day counts the wall clock.
    base = now.astimezone(UTC if span else zone)
    parsed = _parse(text, base.replace(tzinfo=None))
    if parsed is None:
        raise _not_understood(text)
    if parsed.tzinfo is not None:
        return parsed.astimezone(UTC)
    return parsed.replace(tzinfo=UTC) if span else _from_wall_clock(text, parsed, zone)


def _parse(text: str, base: datetime) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    parsed = dateparser.parse(
        text, languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"}
    )
    # dateparser takes a weekday for the one after today, even when today's hour is still to come.
    if parsed and _WEEKDAY.match(text) and parsed.replace(tzinfo=None) - _WEEK > base:
        return parsed - _WEEK
    return parsed


def _from_wall_clock(text: str, wall: datetime, zone: ZoneInfo) -> datetime:
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    moment = first.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise _problem(
            f"“{text}” does not exist in {zone.key}: the clocks go forward then.",
            "Give a time before or after the change.",
        )
    if first.utcoffset() != second.utcoffset():
        offsets = " or ".join(f"{wall:%Y-%m-%d %H:%M}{side:%z}" for side in (first, second))
        raise _problem(
            f"“{text}” happens twice in {zone.key}: the clocks go back then.",
            f"Say which: {offsets}.",
        )
    return moment


def _not_understood(text: str) -> InputError:
    return _problem(f"“{text}” is not understood as a time.", f"Write it like {EXAMPLES}.")


def _problem(message: str, remedy: str, field: str = "When") -> InputError:
    return InputError([Problem(field=field, message=message, remedy=remedy)])
