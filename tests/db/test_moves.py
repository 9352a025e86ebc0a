"""Moves are compare-and-swap."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy import text

import db.attempts
import db.claims
import db.moves
import db.post_moves
from bot.domain.delivery import DELIVERY_MOVES, OPEN, Delivery, DeliveryState
from bot.domain.post import Post, PostState
from db.attempts import Attempt
from db.database import Database
from db.moves import Move
from tests.db.conftest import Rows
from tests.factories import SERVER
from tests.scripted import START

S = DeliveryState
OPEN_STATES = [str(state) for state in OPEN]


@pytest.fixture
async def post(rows: Rows) -> Post:
    """Keep a post with four deliveries."""
    return await rows.post(await rows.connection())


async def make(database: Database, *moves: Move) -> list[Move]:
    """Make moves in a transaction of their own."""
    async with database.transaction() as transaction:
        return await db.moves.make(transaction, moves)


async def attempts_of(database: Database, post: Post, *deliveries: Delivery) -> list[int]:
    """Write an attempt for each delivery."""
    attempt = Attempt(server_id=SERVER, post_id=post.id, connection_id=1, key="key")
    async with database.transaction() as transaction:
        ids = await db.attempts.insert(
            transaction, [attempt] * len(deliveries), now=START, lease_until=START
        )
        pairs = list(zip([delivery.id for delivery in deliveries], ids, strict=True))
        await db.claims.set_attempts(transaction, pairs)
    return ids


async def test_move_writes_what_happened(database: Database, rows: Rows, post: Post) -> None:
    """A move keeps all that is known, and an empty value erases no id and no address."""
    delivery, *others = await rows.deliveries(post)
    await rows.set(delivery, state=S.SUBMITTING, lease_until=START)
    told = {"remote_id": "r1", "link": "https://a", "submitted_at": START}
    await make(
        database, Move(delivery_id=delivery.id, expected=S.SUBMITTING, to=S.SUBMITTED, **told)
    )
    ended = Move(
        delivery_id=delivery.id, expected=S.SUBMITTED, to=S.FAILED, reason="No.", remedy="Mend."
    )
    await make(database, ended)
    found, *same = await rows.deliveries(post)
    assert (found.state, found.remote_id, found.link) == (S.FAILED, "r1", "https://a")
    assert (found.reason, found.remedy, found.submitted_at) == ("No.", "Mend.", START)
    assert same == others


async def test_move_from_another_state(database: Database, rows: Rows, post: Post) -> None:
    """A move from a state that has passed does nothing, and the others are made."""
    first, second, *_ = await rows.deliveries(post)
    await rows.set(first, state=S.CANCELLED)
    moves = [Move(delivery_id=d.id, expected=S.WAITING, to=S.FAILED) for d in (first, second)]
    assert await make(database, *moves) == moves[1:]
    assert [d.state for d in await rows.deliveries(post)][:2] == [S.CANCELLED, S.FAILED]


@pytest.mark.parametrize("expected", S)
@pytest.mark.parametrize("engine", ["sqlite"])
async def test_forbidden_moves(database: Database, expected: S) -> None:
    """A move the table does not name is a bug, and raises before anything is written."""
    async with database.transaction() as transaction:
        for to in set(S) - DELIVERY_MOVES[expected] - {expected}:
            move = Move(delivery_id=1, expected=expected, to=to)
            with pytest.raises(ValueError, match=f"no move from {expected} to {to}"):
                await db.moves.make(transaction, [move])


@pytest.mark.parametrize(
    ("state", "same_attempt", "to", "after"),
    [
        (S.SUBMITTING, True, S.PUBLISHED, S.PUBLISHED),
        (S.SUBMITTING, False, S.PUBLISHED, S.SUBMITTING),
        (S.UNKNOWN, True, S.PUBLISHED, S.PUBLISHED),  # its lease was reaped, the call lived
        (S.UNKNOWN, True, S.SUBMITTED, S.SUBMITTED),
        (S.UNKNOWN, True, S.WAITING, S.UNKNOWN),  # people were asked: never sent again by itself
        (S.UNKNOWN, True, S.FAILED, S.FAILED),
        (S.UNKNOWN, True, S.UNKNOWN, S.UNKNOWN),
        (S.UNKNOWN, False, S.PUBLISHED, S.UNKNOWN),  # tried anew meanwhile
        (S.WAITING, True, S.PUBLISHED, S.WAITING),
        (S.PUBLISHED, True, S.FAILED, S.PUBLISHED),
    ],
)
async def test_end_of_a_call(
    database: Database, rows: Rows, post: Post, state: S, same_attempt: bool, to: S, after: S
) -> None:
    """The end of a call counts while its delivery is being sent or unknown, in the same attempt."""
    first, *_ = await rows.deliveries(post)
    [attempt] = await attempts_of(database, post, first)
    await rows.set(first, state=state)
    move = Move(
        delivery_id=first.id,
        expected=S.SUBMITTING,
        to=to,
        attempt_id=attempt if same_attempt else attempt + 1,
    )
    done = await make(database, move)
    assert bool(done) == (state is not after)
    assert (await rows.deliveries(post))[0].state is after


async def test_moves_of_two_at_once(database: Database, rows: Rows, post: Post) -> None:
    """Of two moves from one state at the same moment, one is made."""
    first, *_ = await rows.deliveries(post)
    moves = [Move(delivery_id=first.id, expected=S.WAITING, to=to) for to in (S.FAILED, S.HELD)]
    done = await asyncio.gather(*(make(database, move) for move in moves))
    assert sorted(map(len, done)) == [0, 1]


async def test_post_moves_once(database: Database, post: Post) -> None:
    """Of two decisions read from the same state, the first is made and the second sees it."""
    async with database.transaction() as transaction:
        assert await db.post_moves.move(transaction, post, PostState.IN_REVIEW)
        assert not await db.post_moves.move(transaction, post, PostState.CANCELLED)


async def test_settled_once(database: Database, rows: Rows, post: Post) -> None:
    """A post is settled when its last delivery ends, and only then and once."""
    for delivery in await rows.deliveries(post):
        async with database.transaction() as transaction:
            assert await settle(transaction, post) == []
        await rows.set(delivery, state=S.PUBLISHED)
    for expected in ([post.id], []):
        async with database.transaction() as transaction:
            assert await settle(transaction, post) == expected


async def settle(transaction, post: Post) -> list[int]:
    """Settle the post if nothing is open."""
    return list(
        await db.post_moves.settle(transaction, [post.id], open_states=OPEN_STATES, now=START)
    )


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_settled_once_by_two_at_once(database: Database, rows: Rows, post: Post) -> None:
    """When two transactions end the last two deliveries, one of them settles the post."""
    first, second, *ended = await rows.deliveries(post)
    for delivery in ended:
        await rows.set(delivery, state=S.FAILED)
    async with AsyncExitStack() as later:
        two = await later.enter_async_context(database.transaction())
        async with database.transaction() as one:
            for transaction, delivery in ((one, first), (two, second)):
                move = Move(delivery_id=delivery.id, expected=S.WAITING, to=S.FAILED)
                await db.moves.make(transaction, [move])
            settled = await settle(one, post)
            waiting = asyncio.create_task(settle(two, post))
            await blocked(database)
        settled += await waiting
    assert settled == [post.id]


async def blocked(database: Database) -> None:
    """Return once a transaction waits for another."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with asyncio.timeout(5), database.reading() as reading:
        while not (await reading.execute(waits)).scalar_one():
            await reading.rollback()  # the view stands still within a transaction


async def test_try_at_moves_on(database: Database, rows: Rows, post: Post) -> None:
    """A delivery that waits again is not due before its new time."""
    first, *others = await rows.deliveries(post)
    for delivery in others:
        await rows.set(delivery, state=S.HELD)
    await rows.set(first, state=S.SUBMITTING)
    again = START + timedelta(seconds=30)
    back = Move(delivery_id=first.id, expected=S.SUBMITTING, to=S.WAITING, try_at=again)
    await make(database, back)
    for seconds, due in ((29, 0), (30, 1)):
        async with database.transaction() as transaction:
            claimed = await db.claims.claim_due(
                transaction,
                now=START + timedelta(seconds=seconds),
                lease_until=again,
                free={},
                calls_at_once={"wahdx": 4},
            )
        assert len(claimed) == due
