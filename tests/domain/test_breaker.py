"""The breaker of a connection, step by step."""

from datetime import timedelta

from bot.domain.breaker import FAILURES, LONGEST_REST, Breaker, BreakerState
from tests.scripted import START

SECOND = timedelta(seconds=1)


def an_open_one() -> Breaker:
    """A breaker that opened at the start."""
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker = breaker.failed(START)
    return breaker


def test_failures_in_a_row_open_it() -> None:
    """Four failures leave it closed, the fifth opens it for half a minute."""
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = breaker.failed(START)
        assert breaker.is_closed
        assert breaker.state(START) is BreakerState.CLOSED
    breaker = breaker.failed(START)
    assert breaker.since == START
    assert breaker.state(START + 29 * SECOND) is BreakerState.OPEN
    assert breaker.state(START + 30 * SECOND) is BreakerState.HALF_OPEN


def test_an_answer_begins_the_row_anew() -> None:
    """Failures with an answer between them never open it."""
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker = breaker.failed(START)
    assert breaker.answered() == Breaker()
    assert an_open_one().answered() == Breaker()


def test_failures_of_earlier_calls_change_nothing() -> None:
    """Calls that were under way when it opened do not keep it open for longer."""
    breaker = an_open_one()
    assert breaker.failed(START + 10 * SECOND) == breaker


def test_each_bad_read_doubles_the_rest() -> None:
    """30 s, 60 s, two minutes, and so on to ten minutes, open since the beginning."""
    breaker, now, waits = an_open_one(), START, list[float]()
    for _ in range(7):
        assert breaker.until is not None
        waits.append((breaker.until - now).total_seconds())
        now = breaker.until
        breaker = breaker.read(now, is_good=False)
    assert waits == [30, 60, 120, 240, 480, 600, 600]
    assert timedelta(seconds=waits[-1]) == LONGEST_REST
    assert breaker.since == START


def test_a_good_read_closes_it_and_remembers() -> None:
    """After a good read calls go out; if they fail again without one succeeding, it rests longer."""
    breaker = an_open_one().read(START, is_good=True)
    assert breaker.is_closed
    for _ in range(FAILURES):
        assert breaker.is_closed
        breaker = breaker.failed(START)
    assert breaker.until == START + 60 * SECOND
