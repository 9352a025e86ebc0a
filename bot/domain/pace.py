"""How long to wait: between questions about a submission, and before a call is made again."""

from datetime import timedelta

LEASE = timedelta(seconds=420)
"""How long a claimed delivery may take: more than the longest call (360 s with its waits)."""

TELL_LEASE = timedelta(seconds=60)
"""How long the telling of an event may take before someone else may try."""

READ_LEASE = timedelta(seconds=60)
"""How long a question about a submission may take before it is asked again."""

RETRY_BUDGET = timedelta(minutes=30)
"""How long a delivery is tried again while nothing was sent, counted from its first attempt."""

FOLLOW_BOUND = timedelta(hours=24)
"""How long the end of a submission is asked for before people are asked."""

LINK_GRACE = timedelta(minutes=1)
"""How long a published post waits for its address before it is announced without one."""

_POLLS = (
    (timedelta(seconds=30), timedelta(seconds=2)),
    (timedelta(minutes=5), timedelta(seconds=10)),
    (timedelta(hours=1), timedelta(minutes=1)),
)


def poll_interval(age: timedelta) -> timedelta:
    """How long to wait before asking again about a submission of this age."""
    for younger_than, interval in _POLLS:
        if age < younger_than:
            return interval
    return timedelta(minutes=10)


def backoff(tries: int, *, jitter: float, base: float = 5.0, most: float = 300.0) -> timedelta:
    """The wait before try number `tries` + 1: doubling, capped, spread by `jitter` from 0 to 1."""
    seconds = min(base * 2 ** min(max(tries - 1, 0), 16), most)
    return timedelta(seconds=seconds * (0.75 + 0.5 * jitter))
