"""The rule of a post that repeats: its times, what comes next, and what the clocks do to it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rule import Rule, rule_of
from bot.domain.weekly import parse_weekly
from bot.domain.when import EXAMPLES, When, read_when
from bot.errors import InputError
from tests.domain.test_weekly import NOW, moments, weeklies, zones
from tests.factories import a_revision

QUARTER = timedelta(minutes=15)
spans = st.timedeltas(timedelta(0), timedelta(days=40))


def a_rule(text: str, zone: str = "UTC") -> Rule:
    """Make a rule."""
    return Rule(tuple(parse_weekly(text, "When")), zone)


rules = st.builds(Rule, st.lists(weeklies, min_size=1, max_size=4, unique=True).map(tuple), zones)


def test_in_words_and_as_kept() -> None:
    """People read the days, the time and the zone; what is kept gives the same rule again."""
    rule = a_rule("mon-fri 8:30", "Europe/Berlin")
    assert rule.words == "every Mon-Fri 08:30 (Europe/Berlin)"
    assert rule_of(a_revision(repeats=str(rule), zone="Europe/Berlin")) == rule
    assert rule_of(a_revision()) is None


@given(rules, moments, spans)
def test_between(rule: Rule, start: datetime, span: timedelta) -> None:
    """The times of a stretch are in order, within it, and those of its parts."""
    end = start + span
    found = rule.between(start, end)
    assert found == sorted(set(found))
    assert all(start < moment <= end for moment in found)
    middle = start + span / 2
    assert rule.between(start, middle) + rule.between(middle, end) == found


@given(rules, moments, spans, st.timedeltas(timedelta(0), timedelta(days=1)))
def test_following(rule: Rule, last: datetime, away: timedelta, late: timedelta) -> None:
    """However long nobody was there, at most one time that has come is caught up with."""
    now = last + away
    first = rule.following(last, now, late)
    assert first > last
    assert first > now - late
    if first <= now:
        assert rule.following(first, now, late) > now
        assert not rule.between(first, now)
    else:
        assert first == rule.after(now)


@pytest.mark.parametrize(
    ("away", "following"),
    [
        (timedelta(minutes=5), "2026-11-25T13:00"),
        (timedelta(days=7), "2026-11-25T13:00"),  # its time has come just now
        (timedelta(days=7) + QUARTER - timedelta(minutes=1), "2026-11-25T13:00"),
        (timedelta(days=7) + QUARTER, "2026-12-02T13:00"),  # by now it would be too late
        (timedelta(days=30), "2026-12-23T13:00"),
    ],
)
def test_after_a_while_away(away: timedelta, following: str) -> None:
    """What is too late by policy is passed over for the next time to come."""
    last = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
    found = a_rule("wed 13:00").following(last, last + away, QUARTER)
    assert found == datetime.fromisoformat(following).replace(tzinfo=UTC)


def test_what_the_clocks_do() -> None:
    """A rule says on which days of the coming year the clocks skip it or show it twice."""
    [twice, skipped] = a_rule("sun 2:30; tue 9:00", "Europe/Berlin").shifts(
        datetime(2026, 4, 1, tzinfo=UTC)
    )
    assert (f"{twice.wall}", twice.is_skipped) == ("2026-10-25 02:30:00", False)
    assert twice.moment == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert (f"{skipped.wall}", skipped.is_skipped) == ("2027-03-28 02:30:00", True)
    assert skipped.moment == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert a_rule("tue 9:00", "Europe/Berlin").shifts(NOW) == []
    assert a_rule("sun 2:30").shifts(NOW) == []


@given(rules, moments)
def test_what_the_clocks_do_is_what_happens(rule: Rule, start: datetime) -> None:
    """What is said of a day is when the rule really goes out."""
    for shift in rule.shifts(start):
        assert rule.after(shift.moment - timedelta(seconds=1)) == shift.moment


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("now", When(None)),
        ("thu 9:00", When(datetime(2026, 11, 19, 8, 0, tzinfo=UTC))),
        ("every thu 9:00", When(datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "thu 09:00")),
        (
            " Every tue, thu 9:00",
            When(datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "tue 09:00; thu 09:00"),
        ),
        ("next slot", When(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))),
        ("The next free slot", When(datetime(2026, 11, 27, 8, 0, tzinfo=UTC))),
    ],
)
def test_what_people_write(text: str, when: When) -> None:
    """A moment, a rule with its next time, and the next slot that is free."""
    slots = parse_weekly("fri 9:00", "Slots")
    taken = {datetime(2026, 11, 20, 8, 0, tzinfo=UTC)}
    assert read_when(text, "Europe/Berlin", NOW, slots=slots, taken=taken) == when


@pytest.mark.parametrize("text", EXAMPLES.split(" · "))
def test_the_examples_are_understood(text: str) -> None:
    """What people are told to write can be read."""
    slots = parse_weekly("fri 9:00", "Slots")
    assert text == "now" or read_when(text, "Europe/Berlin", NOW, slots=slots).due_at


def test_the_examples_fit_into_a_form() -> None:
    """Discord takes 100 characters beside an entry."""
    assert len(EXAMPLES) <= 100


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("every", "tue 9:00"),
        ("every other tue 9:00", "tue 9:00"),
        ("next slot", "/desk settings"),
        ("some day", "now"),
    ],
)
def test_what_is_refused(text: str, remedy: str) -> None:
    """What is not understood, and a slot where there are none, comes with what to do."""
    with pytest.raises(InputError) as refused:
        read_when(text, "UTC", NOW)
    [problem] = refused.value.problems
    assert problem.field == "When"
    assert remedy in problem.remedy
