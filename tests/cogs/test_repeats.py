"""How it is shown that a post repeats, and what goes out when."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.domain.event import Event, EventKind
from bot.domain.post import Post, PostState
from bot.domain.server import Server
from bot.workflow.queue import Entry, Slot
from cogs.ui import announcement, calendar, cards, repeats
from tests.factories import CARD, CHANNEL, SERVER, a_delivery, a_post, a_revision
from tests.scripted import START

FRIDAY = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)  # 9:00 in Berlin
NIGHT = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)


def a_series(repeats: str = "fri 09:00", due_at: datetime | None = FRIDAY, **changes: int) -> Post:
    """Make a post that repeats in Berlin."""
    content = a_revision(repeats=repeats, zone="Europe/Berlin", due_at=due_at)
    return a_post(PostState.IN_REVIEW, content=content, **({"pattern": 1} | changes))


def shown(post: Post) -> str | None:
    """Read what a card says of repeating."""
    fields = cards.card(post, [], Server(server_id=SERVER)).fields
    return next((field.value for field in fields if field.name == "Repeats"), None)


def test_the_card_says_the_rule_and_the_next() -> None:
    """The rule stands on the card with its zone and the time after this one."""
    after = discord.utils.format_dt(FRIDAY + timedelta(days=7), "F")
    assert shown(a_series()) == f"every Fri 09:00 (Europe/Berlin), next {after}"


def test_a_post_that_goes_out_once_says_nothing() -> None:
    """Without a rule there is nothing to say."""
    assert shown(a_post()) is None


def test_a_post_already_followed_names_no_next() -> None:
    """Where the next has its own card, or none follows, only the rule is left."""
    post = a_post(content=a_series().content)
    assert shown(post) == "every Fri 09:00 (Europe/Berlin)"


@pytest.mark.parametrize("due_at", [FRIDAY - timedelta(hours=1), None])
def test_a_post_that_was_moved_names_no_next(due_at: datetime | None) -> None:
    """A post that does not stand where its rule has it cannot say from there what is next."""
    assert shown(a_series(due_at=due_at)) == "every Fri 09:00 (Europe/Berlin)"


def test_what_the_clocks_do() -> None:
    """Days on which the clocks skip or repeat the time are named, with what happens instead."""
    _, twice, skipped = repeats.lines(a_series("sun 2:30", NIGHT).content, goes_on=True)
    assert twice == (
        "⚠️ On 2026-10-25 the clocks show 02:30 twice: it goes out the first time (00:30 UTC)."
    )
    assert skipped == "⚠️ On 2027-03-28 the clocks skip 02:30: it goes out at 03:30."


def test_many_changes_are_counted() -> None:
    """A rule of many nightly times does not fill the card."""
    times = ", ".join(f"2:{minute:02}" for minute in range(50))
    lines = repeats.lines(a_series(f"sun {times}", NIGHT).content, goes_on=True)
    assert lines[-1] == "⚠️ … and 98 more such times in the coming year."
    assert len("\n".join(lines)) < 600


@pytest.mark.parametrize(
    ("left_out", "told"), [("0", ""), ("1", "meanwhile: 1 time."), ("3", "meanwhile: 3 times.")]
)
def test_what_is_told_of_the_next(left_out: str, told: str) -> None:
    """It is told what it repeats, that it is approved, where its card is, and what was left out."""
    event = Event(
        id=5,
        server_id=SERVER,
        kind=EventKind.REPEATED,
        at=START,
        post_id=2,
        data={"follows": "1", "left_out": left_out},
    )
    post = a_series(id=2, card_channel_id=CHANNEL, card_message_id=CARD)
    text = announcement.embed(event, post, []).description or ""
    assert "Post 1 is repeated by post 2, approved with it" in text
    assert f"https://discord.com/channels/{SERVER}/{CHANNEL}/{CARD}" in text
    assert ("Left out" in text) is bool(told)
    assert told in text


def test_the_calendar_goes_by_the_days_of_the_server() -> None:
    """Days are those of the server's zone; a series is there without being made yet."""
    late = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)  # Saturday in Berlin
    approved = a_post(PostState.APPROVED, content=a_revision(caption="Be *bold*\nand more"))
    entries = [
        Entry(at=FRIDAY, post=approved, deliveries=[a_delivery()]),
        Entry(at=late, post=a_series(id=2), is_repeat=True),
    ]
    embed = calendar.days(entries, Server(server_id=SERVER, zone="Europe/Berlin"))
    assert (embed.fields[0].value or "").split("\n") == [
        "__Fri 27 Nov__",
        f"<t:{int(FRIDAY.timestamp())}:t> · **1** · waiting · Be \\*bold\\* and more",
        "__Sat 28 Nov__",
        f"<t:{int(late.timestamp())}:t> · **2** repeated · Hello",
    ]


def test_a_full_calendar_fits() -> None:
    """Discord takes 6,000 characters and 25 fields; the rest is counted."""
    content = a_revision(caption="_" * 4000)
    entries = [
        Entry(at=FRIDAY + timedelta(hours=hour), post=a_post(id=10**9 + hour, content=content))
        for hour in range(336)
    ]
    slots = [Slot(at=FRIDAY, entries=entries[:50]) for _ in range(10)]
    for embed in (calendar.days(entries, Server(server_id=SERVER)), calendar.slots(slots)):
        assert len(embed) <= 6000
        assert len(embed.fields) <= 25
        assert all(len(field.value or "") <= 1024 for field in embed.fields)
    assert "more" in (calendar.days(entries, Server(server_id=SERVER)).fields[-1].value or "")


def test_nothing_goes_out() -> None:
    """An empty calendar says how to fill it, and a server without slots who sets them."""
    assert "/post new" in str(calendar.days([], Server(server_id=SERVER)).to_dict())
    assert "/desk settings" in str(calendar.slots([]).to_dict())
