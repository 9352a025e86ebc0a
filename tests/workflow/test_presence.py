"""After an absence each server is told once which votes were counted, and what was late or missed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain import absence
from bot.domain.approval import Rules, Stage, Verdict
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.workflow import cancel, catch_up, notices, review
from bot.workflow.desk import Desk
from bot.workflow.presence import Presence
from db.tables import events
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import Clock

OTHER = 21


async def there(desk: Desk) -> Presence:
    """Be there for the first time."""
    presence = Presence(desk)
    assert await presence.returned() is None
    await presence.report()
    await presence.tick()
    return presence


async def reports(desk: Desk) -> Sequence[dict[str, str]]:
    """Read what is told of absences."""
    statement = select(events.c.data).where(events.c.kind == EventKind.RETURNED)
    async with desk.database.reading() as reading:
        return list((await reading.execute(statement)).scalars())


async def come_back(desk: Desk) -> None:
    """Start anew, and find nothing on the cards."""
    presence = Presence(desk)
    await presence.returned()
    await presence.report()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_what_came_of_an_absence(life: Life, desk: Desk, clock: Clock) -> None:
    """Votes found and taken back, what ran late, was missed and expired: in one event, once."""
    await life.rules(Rules(stages=(Stage(needed=2),)))
    voted, taken, expired = [
        await life.in_review(Platform.THREADS, when=when)
        for when in ("in 2 hours", "in 3 hours", "in 10 minutes")
    ]
    await life.vote(taken, by_reaction=True)
    await life.rules(Rules())
    late = await life.approved(Platform.THREADS, when="in 20 minutes")
    missed = await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 5 minutes")
    await life.approved(Platform.THREADS, when="in 5 hours")
    await there(desk)
    clock.forward(timedelta(minutes=30))
    await cancel.expire(desk)
    presence = Presence(desk)
    assert await presence.returned() == clock() - timedelta(minutes=30)
    await life.publish()
    finder = replace(life.voter(), is_found=True)
    await review.cast(desk, finder, voted, Verdict.APPROVE, by_reaction=True)
    await review.take_back(desk, finder, taken, Verdict.APPROVE, by_reaction=True)
    for _ in range(2):
        await presence.report()
    [data] = await reports(desk)
    assert absence.part(data, "votes") == (
        2,
        [[voted.id, APPROVER, "approve"], [taken.id, APPROVER, ""]],
    )
    assert absence.part(data, "late") == (1, [[late.id, "Threads · Talk", 10]])
    assert absence.part(data, "missed") == (
        2,
        [[missed.id, "Threads · Talk"], [missed.id, "Facebook · Page"]],
    )
    assert absence.part(data, "expired") == (1, [[expired.id]])
    [notice] = await notices.take(desk)
    assert (notice.event.kind, notice.event.server_id) == (EventKind.RETURNED, SERVER)


async def test_a_short_absence_is_not_told(life: Life, desk: Desk, clock: Clock) -> None:
    """Two minutes without the bot are no outage, and an outage in which nothing came is not told."""
    await life.in_review(Platform.THREADS, when="in 1 minute")
    await there(desk)
    clock.forward(timedelta(seconds=119))
    await cancel.expire(desk)
    await come_back(desk)
    clock.forward(timedelta(days=1))
    await come_back(desk)
    assert await reports(desk) == []


async def test_killed_before_it_was_told(life: Life, desk: Desk, clock: Clock) -> None:
    """A process that dies while it reads cards leaves the absence to the next, with what it found."""
    post = await life.in_review(Platform.THREADS)
    await there(desk)
    clock.forward(timedelta(minutes=10))
    dying = Presence(desk)
    away_since = await dying.returned()
    await review.cast(desk, replace(life.voter(), is_found=True), post, Verdict.APPROVE)
    await dying.tick()
    clock.forward(timedelta(seconds=30))
    following = Presence(desk)
    assert await following.returned() == away_since
    await following.report()
    [data] = await reports(desk)
    assert absence.part(data, "votes") == (1, [[post.id, APPROVER, "approve"]])


async def test_it_is_noted_every_half_minute(desk: Desk, clock: Clock) -> None:
    """One row says that the bot is there, and is written twice a minute; not while Discord is away."""
    presence = await there(desk)
    clock.forward(timedelta(seconds=100))
    await presence.tick()
    presence.lost()
    clock.forward(timedelta(seconds=100))
    await presence.tick()
    presence.resumed()
    clock.forward(timedelta(seconds=20))
    assert await presence.returned() is None, "two minutes ago it was there"
    presence.lost()
    clock.forward(timedelta(seconds=130))
    await presence.tick()
    assert await presence.returned() == clock() - timedelta(seconds=130)


async def test_who_approved_too_late_is_found(life: Life, desk: Desk, clock: Clock) -> None:
    """What expired while nobody listened is read too: ✅ on it is asked about, never counted."""
    post = await life.in_review(Platform.THREADS, when="in 5 minutes")
    since = clock()
    clock.forward(timedelta(minutes=10))
    await cancel.expire(desk)
    assert await catch_up.open_cards(desk, SERVER) == []
    assert await catch_up.open_cards(desk, SERVER, expired_since=clock()) == []
    [found] = await catch_up.open_cards(desk, SERVER, expired_since=since)
    ballot = await catch_up.ballot(desk, post)
    seen = {APPROVER: {Verdict.APPROVE}, OTHER: {Verdict.REJECT}}
    differences = catch_up.differences(found, ballot, seen, clock())
    assert [(item.user_id, item.verdict) for item in differences] == [(APPROVER, Verdict.APPROVE)]
