"""Weekly times: how they are written, and what the clocks of their zone make of them."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.weekly import DAYS, MOST, Weekly, in_words, next_free, parse_weekly
from bot.errors import InputError

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # a Wednesday
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",  # changes at midnight
    "America/Nuuk",  # changes in the evening
    "Australia/Lord_Howe",  # by half an hour
    "Asia/Kolkata",
    "Pacific/Apia",  # left out the 30th of December 2011
)

zones = st.sampled_from(ZONES)
weeklies = st.builds(
    Weekly, st.integers(0, 6), st.builds(time, st.integers(0, 23), st.integers(0, 59))
)
moments = st.timedeltas(timedelta(0), timedelta(days=17 * 365)).map(
    lambda span: datetime(2011, 1, 1, tzinfo=UTC) + span
)


def every(*times: str) -> list[Weekly]:
    """Read weekly times, each written by itself."""
    return sorted(item for text in times for item in parse_weekly(text, "Slots"))


def offset(moment: datetime, zone: str) -> timedelta:
    """Tell how much a zone is ahead of UTC."""
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("tue 9:00", ["tue 09:00"]),
        ("every tue 9:00", ["tue 09:00"]),
        ("Every Tuesday at 09:00", ["tue 09:00"]),
        ("tues 9:00", ["tue 09:00"]),
        ("tue,thu 9:00", ["tue 09:00", "thu 09:00"]),
        ("tue and thu 9:00", ["tue 09:00", "thu 09:00"]),
        ("mon, wed, and fri 9:00", ["mon 09:00", "wed 09:00", "fri 09:00"]),
        ("mon-wed 8:30", ["mon 08:30", "tue 08:30", "wed 08:30"]),
        ("sat - mon 8:30", ["sat 08:30", "sun 08:30", "mon 08:30"]),
        ("mon-tue, sat 8:30", ["mon 08:30", "tue 08:30", "sat 08:30"]),
        ("tue 9:00, 17:00", ["tue 09:00", "tue 17:00"]),
        ("tue 9:00\nfri 10:15", ["tue 09:00", "fri 10:15"]),
        ("tue 9:00; fri 10:15;", ["tue 09:00", "fri 10:15"]),
        ("tue 9:00; tue 09:00", ["tue 09:00"]),
        ("every day 0:00", [f"{day[:3]} 00:00" for day in DAYS]),
        ("every weekday 23:59", [f"{day[:3]} 23:59" for day in DAYS[:5]]),
        ("", []),
    ],
)
def test_what_people_write(text: str, times: list[str]) -> None:
    """Days are named, listed or spanned, and each has the times that follow."""
    assert parse_weekly(text, "Slots") == every(*times)


@pytest.mark.parametrize(
    "text",
    [
        *("tue", "9:00", "every", "tu 9:00", "tuex 9:00", "mon-tue-wed 9:00", "mon-xyz 9:00"),
        *(
            "tue 24:00",
            "tue 9:60",
            "tue 9",
            "tue 9:00,",
            "tue,, 9:00",
            "tue 9:00 fri",
            "tue 9:00 x",
        ),
    ],
)
def test_what_is_not_understood(text: str) -> None:
    """What cannot be read is refused with the field, what was written, and how to write it."""
    with pytest.raises(InputError) as refused:
        parse_weekly(f"mon 8:00\n{text}", "Slots")
    [problem] = refused.value.problems
    assert problem.field == "Slots"
    assert text in problem.message
    assert "tue 9:00" in problem.remedy


def test_too_many() -> None:
    """A list has a bound, and the number given is told."""
    times = ", ".join(f"{hour}:{minute:02}" for hour in range(5) for minute in range(11))
    with pytest.raises(InputError, match=f"55 times were given; {MOST} are taken"):
        parse_weekly(f"tue {times}", "Slots")


@given(st.lists(weeklies, max_size=MOST, unique=True))
def test_what_is_kept_is_read_again(times: list[Weekly]) -> None:
    """The text in which weekly times are kept means the same times."""
    assert parse_weekly("\n".join(map(str, times)), "Slots") == sorted(times)
    assert parse_weekly("; ".join(map(str, times)), "When") == sorted(times)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tue 9:00", "Tue 09:00"),
        ("tue,thu 9:00", "Tue, Thu 09:00"),
        ("mon-fri 8:30; sun 8:30; sat 10:00", "Mon-Fri, Sun 08:30 · Sat 10:00"),
    ],
)
def test_in_words(text: str, words: str) -> None:
    """People read days that go together together."""
    assert in_words(parse_weekly(text, "Slots")) == words


@pytest.mark.parametrize(
    ("text", "zone", "now", "moment"),
    [
        ("wed 13:00", "UTC", NOW, "2026-11-18T13:00"),
        ("wed 12:00", "UTC", NOW, "2026-11-25T12:00"),  # after now, not now
        ("wed 13:30", "Europe/Berlin", NOW, "2026-11-18T12:30"),
        ("thu 1:00", "Asia/Tokyo", NOW, "2026-11-18T16:00"),
        # The clocks go forward from 2:00 to 3:00, and back from 3:00 to 2:00.
        ("sun 2:30", "Europe/Berlin", "2026-03-28T12:00", "2026-03-29T01:30"),
        ("sun 2:30", "Europe/Berlin", "2026-03-29T01:30", "2026-04-05T00:30"),
        ("sun 2:30", "Europe/Berlin", "2026-10-24T12:00", "2026-10-25T00:30"),
        ("sun 2:30", "Europe/Berlin", "2026-10-25T00:30", "2026-11-01T01:30"),  # not the second
        ("fri 9:00", "Pacific/Apia", "2011-12-29T12:00", "2011-12-30T19:00"),  # Saturday there
        ("fri 9:00", "Pacific/Apia", "2011-12-30T12:00", "2011-12-30T19:00"),
    ],
)
def test_after(text: str, zone: str, now: datetime | str, moment: str) -> None:
    """The next time comes by the wall clock, also where the clocks change."""
    [weekly] = parse_weekly(text, "Slots")
    start = datetime.fromisoformat(now).replace(tzinfo=UTC) if isinstance(now, str) else now
    assert weekly.after(start, zone) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@given(weeklies, zones, moments)
def test_the_wall_clock_stays(weekly: Weekly, zone: str, moment: datetime) -> None:
    """A weekly time shows its own hour on its own day, unless the clocks skip it: then it is
    shown as much later as they go forward. Shown twice, it is the first.
    """
    found = weekly.after(moment, zone)
    shown = found.astimezone(ZoneInfo(zone))
    assert found > moment
    if (shown.weekday(), shown.time()) == (weekly.weekday, weekly.at):
        assert shown.fold == 0
        return
    before, after = (found + timedelta(days=side) for side in (-1, 1))
    gap = offset(after, zone) - offset(before, zone)
    assert gap > timedelta(0)
    meant = shown.replace(tzinfo=None) - gap
    assert (meant.weekday(), meant.time()) == (weekly.weekday, weekly.at)


@given(weeklies, zones, moments)
def test_no_week_is_left_out(weekly: Weekly, zone: str, moment: datetime) -> None:
    """From one time to the next there is a week by the wall clock, never two and never none."""
    first = weekly.after(moment, zone)
    assert first - moment <= timedelta(days=8)
    second = weekly.after(first, zone)
    assert timedelta(days=6) <= second - first <= timedelta(days=8)
    # Nothing lies between: whenever one asks before the first, the answer is the first.
    assert weekly.after(first - timedelta(seconds=1), zone) == first


def test_the_next_free_slot() -> None:
    """A slot at which something goes out is passed over; all taken, it is that of a later week."""
    slots = parse_weekly("wed 13:00; fri 9:00", "Slots")
    wednesday, friday = NOW + timedelta(hours=1), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert next_free(slots, "UTC", (), NOW) == wednesday
    assert next_free(slots, "UTC", {wednesday}, NOW) == friday
    assert next_free(slots, "UTC", {wednesday, friday}, NOW) == wednesday + timedelta(days=7)
    assert next_free((), "UTC", (), NOW) is None
