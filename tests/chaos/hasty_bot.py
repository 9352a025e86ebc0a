"""The bot in a hurry: `hasty_bot.py [MODULE:ATTRIBUTE:before|after[:nth]]`, then as `bot run`.

It waits for seconds where it would wait for minutes: before it tries again, asks again, looks
again whether a broken service answers, and for an answer that does not come. What it does then is
the same. With a point it is doomed as `tests/wire/doomed_bot.py` says.
"""

import sys
from collections.abc import Callable
from datetime import timedelta

import db.database
from bot.domain import breaker, pace
from providers import call

PATIENCE = 2.5  # seconds for an answer
LONGEST = timedelta(seconds=2)


def hurry() -> None:
    """Make every wait short, before the modules that know them by name are imported."""
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


if __name__ == "__main__":
    hurry()
    from bot.__main__ import main
    from tests.wire.doomed_bot import prepare

    if sys.argv[1:]:
        prepare(sys.argv[1])
    sys.exit(main(["run"]))
