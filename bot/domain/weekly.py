"""Weekly times of a zone's wall clock, such as `tue 09:00`: slots for posts, and posts that repeat."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.domain.times import zone_named
from bot.errors import InputError, Problem

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EXAMPLES = "tue 9:00 · tue,thu 9:00 · mon-fri 8:30, 17:00"
MOST = 50
"""Weekly times one list may have."""

_LINE = re.compile(
    r"(?:every\s+)?(?P<days>[a-z][a-z\s,-]*?)\s+(?:at\s+)?(?P<times>\d[\d:,\s]*)", re.IGNORECASE
)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_SPANS = {"day": range(7), "weekday": range(5)}


@dataclass(frozen=True, order=True, slots=True)
class Weekly:
    """A weekday (0 is Monday) and a time of the wall clock."""

    weekday: int
    at: time

    def __str__(self) -> str:
        return f"{DAYS[self.weekday][:3]} {self.at:%H:%M}"

    def after(self, moment: datetime, zone: str) -> datetime:
        """The next time (UTC) after a moment.

        Where the clocks skip it, it is as much later as they go forward; where they show it
        twice, it is the first time.
        """
        place = zone_named(zone)
        day = moment.astimezone(place).date()
        # From the day before: where a zone skips a whole day, that day's time comes on the next.
        for ahead in range(-1, 9):
            wall = datetime.combine(day + timedelta(days=ahead), self.at)
            if wall.weekday() != self.weekday:
                continue
            found = wall.replace(tzinfo=place).astimezone(UTC)
            if found > moment:
                return found
        raise AssertionError("a week has every weekday")


def parse_weekly(text: str, field: str) -> list[Weekly]:
    """The weekly times in a text, one line or more; raises InputError that names the field."""
    lines = [line.strip() for line in re.split(r"[\n;]", text) if line.strip()]
    found = sorted({item for line in lines for item in _read(line, field)})
    if len(found) > MOST:
        raise _problem(field, f"{len(found)} times were given; {MOST} are taken.", "Give fewer.")
    return found


def next_free(
    slots: Sequence[Weekly], zone: str, taken: Collection[datetime], now: datetime
) -> datetime | None:
    """The first slot (UTC) after `now` at which nothing is to go out; None without slots."""
    after = now
    for _ in range(len(slots) * (len(taken) + 1)):
        after = min(slot.after(after, zone) for slot in slots)
        if after not in taken:
            return after
    return None


def in_words(times: Collection[Weekly]) -> str:
    """Weekly times as people read them, such as `Mon-Fri 08:30 · Sat 10:00`."""
    days_of: dict[time, list[int]] = {}
    for item in sorted(times):
        days_of.setdefault(item.at, []).append(item.weekday)
    return " · ".join(f"{_days_in_words(days)} {at:%H:%M}" for at, days in days_of.items())


def _days_in_words(days: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [name[:3].capitalize() for name in DAYS]
    parts: list[str] = []
    for run in runs:
        is_long = len(run) > 2
        parts += [f"{names[run[0]]}-{names[run[-1]]}"] if is_long else [names[day] for day in run]
    return ", ".join(parts)


def _read(line: str, field: str) -> list[Weekly]:
    found = _LINE.fullmatch(line)
    days = _read_days(found["days"]) if found else None
    times = [_TIME.fullmatch(part.strip()) for part in found["times"].split(",")] if found else []
    if not days or not all(times):
        raise _problem(field, f"“{line}” is not understood.", f"Write it like {EXAMPLES}.")
    return [
        Weekly(day, time(int(match[1]), int(match[2]))) for day in days for match in times if match
    ]


def _read_days(text: str) -> set[int] | None:
    """The weekdays in `tue`, `mon-fri`, `tue, thu` or `day`; None when one of them is none."""
    days: set[int] = set()
    for part in re.split(r"\s*,\s*(?:and\s+)?|\s+and\s+", text.strip().lower()):
        ends = [_weekday(name.strip()) for name in part.split("-")]
        if part in _SPANS:
            days.update(_SPANS[part])
        elif len(ends) > 2 or None in ends:
            return None
        else:
            first, last = ends[0] or 0, ends[-1] or 0
            days.update(day % 7 for day in range(first, last + 1 if first <= last else last + 8))
    return days


def _weekday(name: str) -> int | None:
    """The weekday that a name of at least three letters begins, such as `tue` or `tues`."""
    found = [number for number, day in enumerate(DAYS) if len(name) > 2 and day.startswith(name)]
    return found[0] if found else None


def _problem(field: str, message: str, remedy: str) -> InputError:
    return InputError([Problem(field=field, message=message, remedy=remedy)])
