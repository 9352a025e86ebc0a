"""A breaker: whether calls may go to a service that keeps failing. Pure; the clock is given.

Closed, calls go out. Open, none does for a while. Half-open, one read asks whether the service
answers again: a good one closes the breaker, a bad one opens it for twice as long.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

FAILURES = 5
"""Failures in a row, each the service's own, that open a breaker."""

FIRST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
"""How long it stays open the first time, and at the most."""


class BreakerState(StrEnum):
    """What may go to the service."""

    CLOSED = "closed"  # everything
    OPEN = "open"  # nothing
    HALF_OPEN = "half_open"  # one read


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaker:
    """The breaker of one connection; every step gives the next one. Moments are UTC.

    `failures` are those in a row, `rests` how often in a row it opened without a call having
    succeeded, `since` when it opened, `until` when the service is asked, `asked` whether it is now.
    """

    failures: int = 0
    rests: int = 0
    since: datetime | None = None
    until: datetime | None = None
    asked: bool = False

    @property
    def is_closed(self) -> bool:
        """Whether calls may go out."""
        return self.since is None

    def state(self, now: datetime) -> BreakerState:
        """What may go to the service now."""
        if self.until is None:
            return BreakerState.CLOSED
        return BreakerState.HALF_OPEN if now >= self.until else BreakerState.OPEN

    def answered(self) -> "Breaker":
        """A call was answered: all is well again."""
        return Breaker()

    def failed(self, now: datetime) -> "Breaker":
        """A call failed by the service's own fault; calls from before it opened tell nothing new."""
        if not self.is_closed:
            return self
        counted = replace(self, failures=self.failures + 1)
        return counted if counted.failures < FAILURES else replace(counted.rest(now), since=now)

    def rest(self, now: datetime) -> "Breaker":
        """Leave the service alone, each time in a row for twice as long."""
        wait = min(FIRST_REST * 2 ** min(self.rests, 16), LONGEST_REST)
        return replace(self, rests=self.rests + 1, until=now + wait, asked=False)

    def read(self, now: datetime, *, is_good: bool) -> "Breaker":
        """The service was asked by a read. A good one closes it, but is no call that succeeded."""
        return Breaker(rests=self.rests) if is_good else self.rest(now)
