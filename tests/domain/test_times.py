"""Times as people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.times import EXAMPLES, FURTHEST, parse_when, zone_named
from bot.errors import InputError

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize("text", ["now", " NOW ", "", "  "])
def test_now(text: str) -> None:
    """Now, and nothing at all, mean as soon as it is approved."""
    assert parse_when(text, "UTC", NOW) is None


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("tomorrow 9:00", "UTC", "2026-11-19T09:00"),
        ("tomorrow 9:00", "Europe/Berlin", "2026-11-19T08:00"),
        ("tomorrow 9am", "America/New_York", "2026-11-19T14:00"),
        ("tomorrow 9:00", "Asia/Tokyo", "2026-11-19T00:00"),
        ("today 18:00", "Asia/Kolkata", "2026-11-18T12:30"),
        ("tomorrow 9:00", "Pacific/Kiritimati", "2026-11-19T19:00"),  # it is the 19th there
        ("13:30", "Europe/Berlin", "2026-11-18T12:30"),
        ("9:00", "Europe/Berlin", "2026-11-19T08:00"),  # passed today
        ("fri 18:30", "UTC", "2026-11-20T18:30"),
        ("wed 18:30", "UTC", "2026-11-18T18:30"),  # today: its hour is still to come
        ("wed 9:00", "UTC", "2026-11-25T09:00"),
        ("next wednesday 18:30", "UTC", "2026-11-25T18:30"),
        ("friday at 6:30 pm", "UTC", "2026-11-20T18:30"),
        ("monday 9:00", "UTC", "2026-11-23T09:00"),
        ("24 dec 18:00", "Europe/Berlin", "2026-12-24T17:00"),
        ("2026-12-24 18:00", "Europe/Berlin", "2026-12-24T17:00"),
        ("2026-07-01 18:00", "UTC", None),
        ("2027-07-01 18:00", "Europe/Berlin", "2027-07-01T16:00"),  # summer time
        ("2026-12-24T18:00", "Australia/Adelaide", "2026-12-24T07:30"),
        ("2026-12-24T18:00+03:00", "Europe/Berlin", "2026-12-24T15:00"),
        ("2026-12-24 18:00Z", "Europe/Berlin", "2026-12-24T18:00"),
        ("in 2 minutes", "Europe/Berlin", "2026-11-18T12:02"),
        ("In 90 min", "Asia/Tokyo", "2026-11-18T13:30"),
        ("in 2h", "Europe/Berlin", "2026-11-18T14:00"),
        ("in an hour", "UTC", "2026-11-18T13:00"),
        ("in 3 days", "Europe/Berlin", "2026-11-21T12:00"),
        ("in 1 day 9:00", "Europe/Berlin", "2026-11-19T08:00"),  # a wall clock, not a span
        ("in 24 december 18:00", "Europe/Berlin", "2026-12-24T17:00"),
    ],
)
def test_what_people_write(text: str, zone: str, moment: str | None) -> None:
    """What people write means the wall clock of their zone; a span means real time."""
    if moment is None:
        with pytest.raises(InputError):
            parse_when(text, zone, NOW)
    else:
        assert parse_when(text, zone, NOW) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", EXAMPLES.split(" · "))
def test_examples_are_understood(text: str) -> None:
    """What the form shows as examples works."""
    assert text == "now" or parse_when(text, "Europe/Berlin", NOW)


def test_span_over_a_change_of_clocks() -> None:
    """“In 24 hours” is 24 hours, whatever the clocks on the wall do."""
    evening = datetime(2027, 3, 27, 18, 0, tzinfo=UTC)
    assert parse_when("in 24 hours", "Europe/Berlin", evening) == evening + timedelta(hours=24)


@pytest.mark.parametrize(
    ("text", "zone", "message", "remedy"),
    [
        ("yesterday 9:00", "UTC", "is in the past", "Give a later time, or write now."),
        ("2026-11-18 12:00", "UTC", "is in the past", "Give a later time"),
        ("in 0 minutes", "UTC", "is in the past", "Give a later time"),
        ("2028-01-01 9:00", "UTC", "is more than 366 days ahead", "within a year"),
        ("2027-03-28 02:30", "Europe/Berlin", "does not exist in Europe/Berlin", "before or after"),
        ("2027-03-14 02:30", "America/New_York", "does not exist in America/New_York", "before"),
        (
            "2027-10-31 02:30",
            "Europe/Berlin",
            "happens twice in Europe/Berlin",
            "2027-10-31 02:30+0200 or 2027-10-31 02:30+0100",
        ),
        ("24.12. 18:00", "UTC", "can be read as two different days", "2026-12-24"),
        ("12/1 9:00", "UTC", "can be read as two different days", "2026-12-24"),
        ("soonish", "UTC", "is not understood", EXAMPLES),
        ("tomorrow", "UTC", "is not understood", EXAMPLES),
        ("in december", "UTC", "is not understood", EXAMPLES),
        ("2026-12-24", "UTC", "is not understood", EXAMPLES),
        ("18h", "UTC", "is not understood", EXAMPLES),  # at 18:00, or in 18 hours
        ("25:99", "UTC", "is not understood", EXAMPLES),
        ("0001-01-01 00:00", "Europe/Berlin", "is not understood", EXAMPLES),
        ("0001-01-01 00:00+14:00", "UTC", "is not understood", EXAMPLES),
        ("9999-12-31 23:59", "America/New_York", "is not understood", EXAMPLES),
        ("in 99999999999 years", "UTC", "is not understood", EXAMPLES),
    ],
)
def test_refused_with_a_remedy(text: str, zone: str, message: str, remedy: str) -> None:
    """A time that is past, too far, doubtful or not understood is refused, never guessed."""
    with pytest.raises(InputError) as caught:
        parse_when(text, zone, NOW)
    [problem] = caught.value.problems
    assert problem.field == "When"
    assert text in problem.message
    assert message in problem.message
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-10-31 02:30+0200", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("2027-10-31 02:30+0100", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ],
)
def test_remedy_of_doubled_hour_works(text: str, moment: datetime) -> None:
    """What the remedy for a doubled hour proposes is understood."""
    assert parse_when(text, "Europe/Berlin", NOW) == moment


@pytest.mark.parametrize("name", ["Nowhere/Land", "", "../etc/passwd", "/etc/passwd", "\0", "UTC+"])
def test_unknown_zone(name: str) -> None:
    """A zone that is none is refused with an example."""
    with pytest.raises(InputError, match="Use a name such as Europe/Berlin or UTC"):
        zone_named(name)


WORDS = ["tomorrow", "in", "fri", "9:00", "2", "days", "24", "dec", "pm", "-", "2026-12-24", "ago"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]
typed = (
    st.text(max_size=30)
    | st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
    | st.datetimes().map(lambda at: at.isoformat(" "))
    | st.datetimes(
        timezones=st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
    ).map(str)
)


@settings(deadline=None)
@given(typed, st.sampled_from(ZONES))
def test_never_a_crash(text: str, zone: str) -> None:
    """Whatever is typed is now, a moment within the next year, or refused."""
    try:
        moment = parse_when(text, zone, NOW)
    except InputError:
        return
    assert moment is None or NOW < moment <= NOW + FURTHEST
    assert moment is None or moment.tzinfo is UTC


@given(st.datetimes(NOW.replace(tzinfo=None), datetime(2027, 11, 1)), st.sampled_from(ZONES))  # noqa: DTZ001 - a wall clock
def test_wall_clock_comes_back(wall: datetime, zone: str) -> None:
    """A date and time that is taken shows on the wall of its zone as it was typed."""
    try:
        moment = parse_when(wall.isoformat(" "), zone, NOW)
    except InputError:
        return
    assert moment is not None
    assert moment.astimezone(zone_named(zone)).replace(tzinfo=None) == wall
