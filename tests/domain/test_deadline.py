"""When a decision is reminded of, and when others may decide too."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain import deadline
from bot.domain.approval import Rules
from bot.domain.event import EventKind
from tests.scripted import START

REMINDED, ESCALATED = EventKind.REMINDED, EventKind.ESCALATED
LEADS = 201
USUAL = Rules()
LATE = Rules(escalate_role=LEADS, escalate_minutes=60)


def after(hours: float) -> datetime:
    """A moment so many hours after the team was asked."""
    return START + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("rules", "due", "expected"),
    [
        (USUAL, None, [(24, REMINDED)]),
        (LATE, None, [(24, REMINDED)]),
        (USUAL, 48, [(24, REMINDED), (46, REMINDED)]),
        (USUAL, 10, [(8, REMINDED)]),
        (USUAL, 2, []),
        (USUAL, 1, []),
        (USUAL, 24, [(22, REMINDED)]),
        (replace(USUAL, remind_minutes=0), 10, []),
        (LATE, 10, [(8, REMINDED), (9, ESCALATED)]),
        (LATE, 0.5, [(0, ESCALATED)]),
        (replace(LATE, remind_minutes=30), 10, [(9, ESCALATED), (9.5, REMINDED)]),
    ],
)
def test_moments(rules: Rules, due: float | None, expected: list[tuple[float, EventKind]]) -> None:
    """After 24 hours and so long before the time, never before it was asked nor at the time itself;
    who is asked within the last hour is told at once that others may decide.
    """
    found = deadline.moments(rules, START, None if due is None else after(due))
    assert found == [(after(hours), kind) for hours, kind in expected]


def test_what_came_while_nobody_looked_is_told_as_one() -> None:
    """After an absence over several moments there is one message, and nothing of the past again."""
    found = deadline.moments(LATE, START, after(10))
    assert deadline.due(found, after(8), after(9.5)) is ESCALATED
    assert deadline.due(found, after(8), after(8.5)) is REMINDED
    assert deadline.first(found, after=after(9.5)) is None
    assert deadline.due(found, after(8.5), after(8.7)) is None


@pytest.mark.parametrize(
    ("before", "rules", "now", "expected"),
    [
        (USUAL, LATE, 5, 8),
        (USUAL, LATE, 8.5, 9),
        (USUAL, LATE, 9.5, 9),
        (LATE, replace(LATE, escalate_minutes=30), 9.2, 9.5),
        (replace(LATE, escalate_minutes=30), LATE, 9.2, 9),
        (LATE, replace(LATE, escalate_minutes=50), 9.5, None),
        (LATE, replace(LATE, escalate_role=7), 9.5, 9),
        (LATE, USUAL, 9.5, None),
        (USUAL, replace(USUAL, remind_minutes=300), 6, None),
    ],
)
def test_rules_that_change(before: Rules, rules: Rules, now: float, expected: float | None) -> None:
    """Changed rules hold for what waits: others who may decide only now are told, and what is past
    is not told again.
    """
    found = deadline.anew(before, rules, START, after(10), after(now))
    assert found == (None if expected is None else after(expected))


@settings(max_examples=60)
@given(
    remind=st.integers(0, 3000),
    escalate=st.integers(1, 3000),
    due=st.none() | st.integers(1, 4000),
    looks=st.lists(st.integers(0, 5000), max_size=12).map(sorted),
)
def test_each_moment_is_told_once(
    remind: int, escalate: int, due: int | None, looks: list[int]
) -> None:
    """However seldom someone looks, each moment is in exactly one telling, and none after the time."""
    rules = Rules(remind_minutes=remind, escalate_role=LEADS, escalate_minutes=escalate)
    due_at = None if due is None else START + timedelta(minutes=due)
    found = deadline.moments(rules, START, due_at)
    waited, told = deadline.first(found), 0
    for minutes in looks:
        now = START + timedelta(minutes=minutes)
        if waited is None or waited > now:
            continue
        covered = [at for at, _ in found if waited <= at <= now]
        assert covered
        assert deadline.due(found, waited, now) is not None
        told += len(covered)
        waited = deadline.first(found, after=now)
    last = START + timedelta(minutes=looks[-1]) if looks else START - timedelta(minutes=1)
    assert told == len([at for at, _ in found if at <= last])
    assert all(due_at is None or at < due_at for at, _ in found)
