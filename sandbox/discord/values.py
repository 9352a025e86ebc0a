"""The small values of the wire: JSON objects, moments and snowflakes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], datetime]

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)


def utcnow() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write a moment as Discord does: ISO 8601 with microseconds and offset."""
    return moment.isoformat(timespec="microseconds")


def created_at(snowflake: str) -> datetime:
    """Return the moment a snowflake was made."""
    return EPOCH + timedelta(milliseconds=int(snowflake) >> 22)


class Snowflakes:
    """Makes ids that grow with time and never repeat."""

    def __init__(self, now: Clock) -> None:
        self.now = now
        self.last = 0

    def __call__(self) -> str:
        """Return a new id, higher than every earlier one."""
        milliseconds = (self.now() - EPOCH) // timedelta(milliseconds=1)
        self.last = max(self.last + 1, milliseconds << 22)
        return str(self.last)
