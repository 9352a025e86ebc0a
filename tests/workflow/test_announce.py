"""The outbox as the tellers see it."""

from datetime import timedelta

import pytest

from bot.domain import pace
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.workflow import announce, configure, history
from bot.workflow.desk import Desk
from tests.factories import AUTHOR, SERVER
from tests.life import Life
from tests.scripted import Clock


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_telling(life: Life, desk: Desk) -> None:
    """A telling holds a post's events in order, how it stands now, and where to tell it."""
    await configure.change(desk, server_id=SERVER, user_id=AUTHOR, approvals_channel_id=77)
    posts = [await life.approved(Platform.THREADS), await life.in_review(Platform.THREADS)]
    first, second = await announce.take(desk)
    assert [first.post.id, second.post.id] == [post.id for post in posts]
    assert [event.kind for event in first.events] == [EventKind.REVIEW_ASKED, EventKind.APPROVED]
    assert [len(telling.deliveries) for telling in (first, second)] == [1, 0]
    assert first.server.approvals_channel_id == 77
    assert (first.tries, second.tries) == (1, 1)
    assert first.post.decided_by is not None


async def test_tell_later(life: Life, desk: Desk, clock: Clock) -> None:
    """What could not be told is told later, with a growing wait, and never forgotten."""
    await life.in_review(Platform.THREADS)
    waits: list[timedelta] = []
    [telling] = await announce.take(desk)
    for tries in range(2, 7):
        await announce.tell_later(desk, telling)
        began = clock()
        while not (taken := await announce.take(desk)):
            clock.forward(timedelta(seconds=0.5))
        [telling] = taken
        assert telling.tries == tries
        waits.append(clock() - began)
    assert waits == sorted(waits)
    assert waits[-1] > 5 * waits[0]


async def test_teller_that_died(life: Life, desk: Desk, clock: Clock) -> None:
    """What a teller that died held is told after its lease, or at once after a start."""
    await life.in_review(Platform.THREADS)
    await announce.take(desk)
    clock.forward(pace.TELL_LEASE - timedelta(seconds=1))
    assert await announce.take(desk) == []
    clock.forward(timedelta(seconds=1))
    [telling] = await announce.take(desk)
    assert telling.tries == 2
    await announce.take_back(desk)
    [telling] = await announce.take(desk)
    assert telling.tries == 3


async def test_messages_are_remembered(life: Life, desk: Desk) -> None:
    """The messages of a post are known to the next telling."""
    post = await life.in_review(Platform.THREADS)
    await announce.card_sent(desk, post.id, channel_id=5, message_id=6)
    [first] = await announce.take(desk)
    await announce.spoken(desk, first.events[0], channel_id=4, message_id=7)
    await announce.take_back(desk)
    [telling] = await announce.take(desk)
    found = telling.post
    assert (found.card_channel_id, found.card_message_id, found.origin_message_id) == (5, 6, 7)
    chain = await history.history(
        desk, server_id=post.server_id, post_id=post.id, user_id=post.author_id
    )
    assert [noted.told_in for noted in chain.events if noted.told_in] == [(4, 7)]
