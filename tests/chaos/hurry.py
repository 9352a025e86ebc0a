"""The bot in a hurry: it waits for seconds where it would wait for minutes.

That is before it tries again, asks again, looks again whether a broken service answers, and for an
answer that does not come. What it does then is the same.
"""

from collections.abc import Callable
from datetime import timedelta

import db.database
from bot.domain import breaker, pace
from providers import call

PATIENCE = 2.5  # seconds for an answer
LONGEST = timedelta(seconds=2)


def hurry() -> None:
    """Make every wait of this process short."""
    pace.backoff = _hastily(pace.backoff)
    pace.poll_interval = _hastily(pace.poll_interval)
    breaker.FIRST_REST, breaker.LONGEST_REST = timedelta(seconds=1), LONGEST
    db.database.BUSY_TIMEOUT_SECONDS = 1
    for kind in (call.READ, call.UPLOAD, call.PUBLISH, call.CHANGE):
        object.__setattr__(kind, "read_seconds", PATIENCE)
        object.__setattr__(kind, "total_seconds", PATIENCE)


def _hastily(wait: Callable[..., timedelta]) -> Callable[..., timedelta]:
    def hastily(*arguments: object, **named: object) -> timedelta:
        return min(wait(*arguments, **named) / 10, LONGEST)

    return hastily
