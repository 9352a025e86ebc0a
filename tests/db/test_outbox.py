"""Events are the outbox: told once, in order per post."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

import db.events
from bot.domain.event import EventKind
from db.database import Database
from db.events import Happened
from tests.factories import SERVER
from tests.scripted import START

MINUTE = timedelta(minutes=1)


class Outbox:
    """The outbox in short words; events are known by their ids, counted from 1."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def append(self, *post_ids: int | None, now: datetime = START) -> None:
        """Write one event for each post."""
        happened = [
            Happened(server_id=SERVER, kind=EventKind.PROGRESSED, post_id=post_id, data={"a": "b"})
            for post_id in post_ids
        ]
        async with self.database.transaction() as transaction:
            await db.events.append(transaction, happened, now=now)

    async def take(self, now: datetime = START, limit: int = 100) -> dict[int, int]:
        """Take what is to be told; tries by event."""
        async with self.database.transaction() as transaction:
            taken = await db.events.claim_untold(
                transaction, now=now, lease_until=now + MINUTE, limit=limit
            )
        return {event.id: tries for event, tries in taken}

    async def told(self, *ids: int) -> None:
        """Say that events were told."""
        async with self.database.transaction() as transaction:
            await db.events.told(transaction, ids)

    async def later(self, ids: Sequence[int], at: datetime) -> None:
        """Put events off."""
        async with self.database.transaction() as transaction:
            await db.events.tell_again(transaction, ids, at)


@pytest.fixture
def outbox(database: Database) -> Outbox:
    """Give the outbox of an empty database."""
    return Outbox(database)


async def test_taken_once(outbox: Outbox) -> None:
    """An event is taken by one teller, and by nobody once it was told."""
    await outbox.append(1, 2)
    assert await outbox.take() == {1: 1, 2: 1}
    assert await outbox.take() == {}
    await outbox.told(1, 2)
    assert await outbox.take(START + 10 * MINUTE) == {}


async def test_taken_again_after_its_lease(outbox: Outbox) -> None:
    """An event whose teller died is taken again, and its tries say so."""
    await outbox.append(1)
    await outbox.take()
    assert await outbox.take(START + MINUTE) == {1: 2}


async def test_released_at_a_start(outbox: Outbox, database: Database) -> None:
    """A start takes back at once what a dead process held, but nothing that was told."""
    await outbox.append(1, 2)
    await outbox.take()
    await outbox.told(1)
    async with database.transaction() as transaction:
        await db.events.release(transaction, now=START)
    assert await outbox.take() == {2: 2}


async def test_order_within_a_post(outbox: Outbox) -> None:
    """A later event of a post waits for the earlier one; other posts do not."""
    await outbox.append(1)
    assert await outbox.take() == {1: 1}  # being told now
    await outbox.append(1, 2)
    assert await outbox.take() == {3: 1}
    await outbox.later([1], START + 5 * MINUTE)
    assert await outbox.take(START + 4 * MINUTE) == {3: 2}
    assert list(await outbox.take(START + 5 * MINUTE)) == [1, 2, 3]


async def test_oldest_first(outbox: Outbox) -> None:
    """When there is more than one tick takes, the oldest events go first."""
    await outbox.append(*range(1, 8))
    assert list(await outbox.take(limit=3)) == [1, 2, 3]
    assert list(await outbox.take(limit=9)) == [4, 5, 6, 7]


async def test_events_of_no_post(outbox: Outbox) -> None:
    """What is not about a post is kept as a record only."""
    await outbox.append(None)
    assert await outbox.take() == {}


async def test_history(outbox: Outbox, database: Database) -> None:
    """The history of a post is its events, oldest first, seen from its own server only."""
    await outbox.append(1, 2, 1)
    async with database.reading() as reading:
        events = await db.events.find(reading, server_id=SERVER, post_id=1)
        elsewhere = await db.events.find(reading, server_id=SERVER + 1, post_id=1)
    assert [event.id for event in events] == [1, 3]
    assert events[0].data == {"a": "b"}
    assert events[0].at == START
    assert elsewhere == []
