"""Recording what became of deliveries: moves, ledger, events and the end of posts, together."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncConnection

import db.attempts
import db.events
import db.moves
import db.post_moves
from bot.domain import pace
from bot.domain.delivery import OPEN, Delivery
from bot.domain.event import EventKind
from bot.domain.post import PostState
from bot.errors import DatabaseAwayError
from bot.workflow import series
from bot.workflow.desk import Desk
from db.moves import Move

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
"""How long to wait before an outcome that could not be written is written again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of the deliveries of one call: their moves, in the same order.

    `ended` is the ledger's side, (attempt id, outcome, redacted detail); None for a reading.
    """

    deliveries: Sequence[Delivery]
    moves: Sequence[Move]
    ended: tuple[int, str, str] | None = None


async def write(
    transaction: AsyncConnection, outcomes: Sequence[Outcome], *, now: datetime
) -> None:
    """Write outcomes in a few statements, however many there are, and settle their posts."""
    await tell(transaction, await _make(transaction, outcomes, now), now=now)


async def note(transaction: AsyncConnection, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    """Write outcomes of which the caller tells by itself, so that their posts are not settled."""
    moved = await _make(transaction, outcomes, now)
    await db.events.append(transaction, [_progress(*pair) for pair in moved], now=now)


async def _make(
    transaction: AsyncConnection, outcomes: Sequence[Outcome], now: datetime
) -> list[tuple[Delivery, Move]]:
    ends = [outcome.ended for outcome in outcomes if outcome.ended]
    if ends:
        await db.attempts.end(transaction, ends, now=now)
    moves = [move for outcome in outcomes for move in outcome.moves]
    done = await db.moves.make(transaction, moves) if moves else []
    by_id = {delivery.id: delivery for outcome in outcomes for delivery in outcome.deliveries}
    return [(by_id[move.delivery_id], move) for move in done]


async def tell(
    transaction: AsyncConnection, moved: Sequence[tuple[Delivery, Move]], *, now: datetime
) -> None:
    """Say of deliveries that they moved, each given with its move, and settle their posts."""
    await db.events.append(transaction, [_progress(*pair) for pair in moved], now=now)
    # A result that was told and turns out otherwise is told again.
    changed = {delivery.post_id for delivery, move in moved if move.expected not in OPEN}
    if changed:
        await db.post_moves.reopen(transaction, changed)
    await settle(transaction, {d.post_id: d.server_id for d, _ in moved}, now=now)


async def settle(transaction: AsyncConnection, server_of: dict[int, int], *, now: datetime) -> None:
    """Say once of each post, given with its server, that its last delivery has ended, and let the
    next of its series follow.
    """
    if not server_of:
        return
    open_states = [str(state) for state in OPEN]
    settled = await db.post_moves.settle(transaction, server_of, open_states=open_states, now=now)
    told = [
        db.events.Happened(server_id=server_of[post_id], kind=EventKind.SETTLED, post_id=post_id)
        for post_id in settled
    ]
    await db.events.append(transaction, told, now=now)
    if repeating := [post_id for post_id, is_followed in settled.items() if is_followed]:
        await series.go_on(transaction, repeating, state=PostState.APPROVED, now=now)


def _progress(delivery: Delivery, move: Move) -> db.events.Happened:
    return db.events.Happened(
        server_id=delivery.server_id,
        kind=EventKind.FAILED_OVER if move.takeover else EventKind.PROGRESSED,
        post_id=delivery.post_id,
        data={
            "delivery": str(delivery.id),
            "account": delivery.target.label,
            "state": str(move.to),
            "link": move.link,
            "reason": move.reason,
            **({"backup": move.takeover.backup.label} if move.takeover else {}),
        },
    )


class Recorder:
    """Writes outcomes as they come, those that come during a write together in the next one."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._writing = asyncio.Lock()

    async def record(self, outcome: Outcome) -> None:
        """Return when the outcome is committed; being cancelled does not stop the write."""
        written = asyncio.create_task(self._record(outcome))
        try:
            await asyncio.shield(written)
        except asyncio.CancelledError:
            await written
            raise

    async def _record(self, outcome: Outcome) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, done))
        async with self._writing:
            if not done.done():
                await self._write_all()
        await done
        self._desk.nudge()

    async def _write_all(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            await self._write([outcome for outcome, _ in batch])
        except Exception as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            await self._write_each(batch)
        else:
            for _, done in batch:
                done.set_result(None)

    async def _write_each(self, batch: Sequence[tuple[Outcome, asyncio.Future[None]]]) -> None:
        """Write one by one what failed together, so that one bad outcome spoils no other."""
        for outcome, done in batch:
            try:
                await self._write([outcome])
            except Exception as error:
                done.set_exception(error)
            else:
                done.set_result(None)

    async def _write(self, outcomes: Sequence[Outcome]) -> None:
        """Write, trying again while the disk is full or somebody holds the database: nobody else
        knows what the service said.
        """
        until, told = monotonic() + pace.LEASE.total_seconds(), False
        while True:
            try:
                async with self._desk.database.transaction() as transaction:
                    await write(transaction, outcomes, now=self._desk.now())
            except DatabaseAwayError as error:
                if monotonic() > until:
                    raise
                if not told:
                    log.warning("What calls came to cannot be written yet: %s", error)
                told = True
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return
