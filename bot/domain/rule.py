"""The rule of a post that repeats: weekly times of one zone's wall clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.post import Revision
from bot.domain.times import zone_named
from bot.domain.weekly import Weekly, in_words, parse_weekly

AHEAD = timedelta(days=366)
"""How far ahead it is said what the clocks do to a rule."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A day on which the clocks skip a time of a rule, or show it twice.

    `wall` is that time without a zone, `moment` (UTC) when the post goes out instead.
    """

    wall: datetime
    moment: datetime
    is_skipped: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """Weekly times, and the zone in which they are meant, whatever its server's becomes later."""

    times: tuple[Weekly, ...]
    zone: str

    def __str__(self) -> str:
        """The rule as it is kept in `Revision.repeats`."""
        return "; ".join(map(str, self.times))

    @property
    def words(self) -> str:
        """The rule as people read it."""
        return f"every {in_words(self.times)} ({self.zone})"

    def after(self, moment: datetime) -> datetime:
        """The next time (UTC) after a moment; where the clocks change, as `Weekly.after` says."""
        return min(item.after(moment, self.zone) for item in self.times)

    def between(self, start: datetime, end: datetime) -> list[datetime]:
        """The times (UTC) after `start`, up to and with `end`."""
        found: list[datetime] = []
        while (start := self.after(start)) <= end:
            found.append(start)
        return found

    def following(self, last: datetime, now: datetime, late: timedelta) -> datetime:
        """The time (UTC) of the post after the one of `last`: the newest that has come and is no
        more than `late` ago, or else the next to come. So there is never more than one to catch up.
        """
        come = self.between(max(last, now - late), now)
        return come[-1] if come else self.after(max(last, now))

    def shifts(self, start: datetime) -> list[Shift]:
        """What the clocks do to the rule in the year after `start`, day by day."""
        place = zone_named(self.zone)
        first = start.astimezone(place).date()
        found: list[Shift] = []
        for ahead in range(AHEAD.days):
            day = first + timedelta(days=ahead)
            for item in self.times:
                wall = datetime.combine(day, item.at)
                if item.weekday != day.weekday():
                    continue
                once, again = (wall.replace(tzinfo=place, fold=fold) for fold in (0, 1))
                moment = once.astimezone(UTC)
                if once.utcoffset() != again.utcoffset() and moment >= start:
                    is_skipped = moment.astimezone(place).replace(tzinfo=None) != wall
                    found.append(Shift(wall, moment, is_skipped))
        return found


def rule_of(content: Revision) -> Rule | None:
    """The rule of a post; None when it goes out once."""
    if not content.repeats:
        return None
    return Rule(tuple(parse_weekly(content.repeats, "When")), content.zone)
