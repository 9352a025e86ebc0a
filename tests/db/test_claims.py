"""Claiming due deliveries: only what is due, within its slots, never twice."""

import asyncio
from datetime import timedelta

import pytest

import db.claims
from bot.domain.delivery import Delivery, DeliveryState
from db.database import Database
from tests.db.conftest import Rows
from tests.scripted import START

LEASE = START + timedelta(minutes=6)
SECOND = timedelta(seconds=1)


async def claim(
    database: Database, *, free: dict[int, int] | None = None, at_once: int = 4
) -> list[Delivery]:
    """Claim what is due at the start, in a transaction of its own."""
    async with database.transaction() as transaction:
        return await db.claims.claim_due(
            transaction,
            now=START,
            lease_until=LEASE,
            free=free or {},
            calls_at_once={"wahdx": at_once},
        )


async def test_claim_takes_what_is_due(database: Database, rows: Rows) -> None:
    """What is due is taken and told as being sent; what is due later is left."""
    [account, *_] = await rows.connection()
    due = await rows.post([account])
    later = await rows.post([account], due_at=START + SECOND)
    [claimed] = await claim(database)
    assert (claimed.post_id, claimed.state) == (due.id, DeliveryState.SUBMITTING)
    assert (claimed.attempts, claimed.tried_since) == (1, START)
    assert [d.state for d in await rows.deliveries(due)] == [DeliveryState.SUBMITTING]
    assert [d.state for d in await rows.deliveries(later)] == [DeliveryState.WAITING]


async def test_claim_takes_waiting_only(database: Database, rows: Rows) -> None:
    """A delivery in any other state is never claimed, however long it is due."""
    accounts = await rows.connection()
    others = sorted(set(DeliveryState) - {DeliveryState.WAITING})
    for _ in range(0, len(others), len(accounts)):
        post = await rows.post(accounts)
        for delivery in await rows.deliveries(post):
            await rows.set(delivery, state=others[delivery.id % len(others)])
    assert await claim(database, at_once=99) == []


async def test_claimed_once(database: Database, rows: Rows) -> None:
    """What was claimed is not claimed again."""
    await rows.post(await rows.connection())
    assert len(await claim(database)) == 4
    assert await claim(database) == []


async def test_slots_of_each_connection(database: Database, rows: Rows) -> None:
    """Each connection has its own slots, and the longest due goes first."""
    one, other = await rows.connection(), await rows.connection()
    for n in range(3, 0, -1):
        await rows.post([one[0], other[0]], due_at=START - n * SECOND)
    claimed = await claim(database, at_once=2)
    assert len({d.target.connection_id for d in claimed}) == 2
    assert sorted(d.due_at for d in claimed) == [START - 3 * SECOND] * 2 + [START - 2 * SECOND] * 2


@pytest.mark.parametrize(("free", "taken"), [({}, 4), ({1: 0}, 2), ({1: 1}, 3), ({1: 0, 2: 0}, 0)])
async def test_busy_connections(
    database: Database, rows: Rows, free: dict[int, int], taken: int
) -> None:
    """A connection that is busy or rests gets only the slots that are free."""
    one, other = await rows.connection(), await rows.connection()
    await rows.post([*one[:2], *other[:2]])
    assert len(await claim(database, free=free)) == taken


async def test_claimers_never_share(database: Database, database_url: str, rows: Rows) -> None:
    """Claimers that run together take every delivery once."""
    accounts = await rows.connection()
    for _ in range(10):
        await rows.post(accounts)
    other = Database(database_url)

    async def claim_all(source: Database) -> list[int]:
        taken: list[int] = []
        for _ in range(20):
            taken += [delivery.id for delivery in await claim(source)]
        return taken

    claimed = await asyncio.gather(*(claim_all(source) for source in [database, other] * 2))
    await other.close()
    assert sorted(taken for some in claimed for taken in some) == list(range(1, 41))


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_claimer_does_not_wait(database: Database, rows: Rows) -> None:
    """On PostgreSQL a claimer passes over what another is taking, and takes the rest."""
    one, other = await rows.connection(), await rows.connection()
    await rows.post([one[0], other[0]])
    async with database.transaction() as transaction:
        [first] = await db.claims.claim_due(
            transaction, now=START, lease_until=LEASE, free={2: 0}, calls_at_once={"wahdx": 4}
        )
        [second] = await asyncio.wait_for(claim(database), 5)
    assert {first.target.connection_id, second.target.connection_id} == {1, 2}


async def test_lapsed_leases(database: Database, rows: Rows) -> None:
    """Claims whose lease has lapsed are found; at a start, all of them."""
    post = await rows.post(await rows.connection())
    await claim(database)
    first, *_ = await rows.deliveries(post)
    await rows.set(first, lease_until=START)
    async with database.transaction() as transaction:
        lapsed = await db.claims.claim_lapsed(transaction, now=START)
        left = await db.claims.claim_lapsed(transaction, now=None)
    assert [delivery.id for delivery in lapsed] == [first.id]
    assert len(left) == 4


async def test_polls(database: Database, rows: Rows) -> None:
    """Deliveries to be asked about are taken the longest due first, and leased meanwhile."""
    post = await rows.post(await rows.connection())
    first, second, third, _ = await rows.deliveries(post)
    await rows.set(first, state=DeliveryState.SUBMITTED, poll_at=START - SECOND)
    await rows.set(second, state=DeliveryState.PUBLISHED, poll_at=START - 2 * SECOND)
    await rows.set(third, state=DeliveryState.SUBMITTED, poll_at=START + SECOND)

    async def take(limit: int) -> list[int]:
        async with database.transaction() as transaction:
            taken = await db.claims.claim_polls(
                transaction, now=START, lease_until=LEASE, limit=limit
            )
        return [delivery.id for delivery in taken]

    assert await take(1) == [second.id]
    assert await take(9) == [first.id]
    assert await take(9) == []
