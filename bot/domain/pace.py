"""How long to wait: between questions about a submission, and before a call is made again."""

from datetime import timedelta

LEASE = timedelta(minutes=15)
"""How long a claimed delivery may take: more than handing over its files and the longest call."""

TELL_LEASE = timedelta(minutes=3)
"""How long an event that was taken is left to its teller before someone else may try."""

TELL_LIMIT = timedelta(seconds=90)
"""How long one telling may take, once begun."""

READ_LEASE = timedelta(seconds=60)
"""How long a question about a submission may take before it is asked again."""

RETRY_BUDGET = timedelta(minutes=30)
"""How long a delivery is tried again while nothing was sent, counted from its first attempt."""

RETRY_BOUND = timedelta(hours=1)
"""How long it is tried again at the very most, whatever it waited for: a broken service, a pause,
a stop of Copydesk."""

STATUS_FAILURES = 10
"""How often in a row the status of a submission cannot be read before people are asked."""

FOLLOW_BOUND = timedelta(hours=24)
"""How long the end of a submission is asked for before people are asked."""

AFTER_SLOT = timedelta(seconds=30)
"""How long after its time a post that a service keeps the time of is asked about first."""

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
