"""How long to wait."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import pace


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (0, 2),  # a photo is out at once
        (29, 2),
        (30, 10),
        (299, 10),
        (300, 60),
        (3599, 60),
        (3600, 600),
        (86_400, 600),
    ],
)
def test_poll_interval(age: int, wait: int) -> None:
    """The longer a service works on it, the more seldom it is asked."""
    assert pace.poll_interval(timedelta(seconds=age)) == timedelta(seconds=wait)


@pytest.mark.parametrize(
    ("tries", "seconds"),
    [(0, 5), (1, 5), (2, 10), (3, 20), (6, 160), (7, 300), (1000, 300)],
)
def test_backoff(tries: int, seconds: int) -> None:
    """The wait doubles with each try up to its cap; half the jitter is the middle."""
    assert pace.backoff(tries, jitter=0.5) == timedelta(seconds=seconds)


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_backoff_is_bounded(tries: int, jitter: float) -> None:
    """The wait is never nothing and never much more than the cap."""
    assert timedelta(seconds=3) < pace.backoff(tries, jitter=jitter) <= timedelta(seconds=375)


def test_lease_outlives_the_call() -> None:
    """A living call is not taken for dead: 310 s is the longest a service may take."""
    assert timedelta(seconds=310) < pace.LEASE
