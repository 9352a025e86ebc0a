"""Recording what became of deliveries: moves, ledger, events and the end of posts, together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.attempts
import db.events
import db.moves
import db.posts
from bot.domain.delivery import OPEN, Delivery
from bot.domain.event import EventKind
from bot.workflow.desk import Desk
from db.moves import Move


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
    ends = [outcome.ended for outcome in outcomes if outcome.ended]
    if ends:
        await db.attempts.end(transaction, ends, now=now)
    moves = [move for outcome in outcomes for move in outcome.moves]
    done = await db.moves.make(transaction, moves) if moves else []
    by_id = {delivery.id: delivery for outcome in outcomes for delivery in outcome.deliveries}
    moved = [(by_id[move.delivery_id], move) for move in done]
    await db.events.append(transaction, [_progress(*pair) for pair in moved], now=now)
    # A result that was told and turns out otherwise is told again.
    changed = {delivery.post_id for delivery, move in moved if move.expected not in OPEN}
    if changed:
        await db.posts.reopen(transaction, changed)
    await settle(transaction, {d.post_id: d.server_id for d, _ in moved}, now=now)


async def settle(
    transaction: AsyncConnection, server_of: dict[int, int], *, now: datetime
) -> list[int]:
    """Say once of each post, given with its server, that its last delivery has ended."""
    if not server_of:
        return []
    open_states = [str(state) for state in OPEN]
    settled = await db.posts.settle(transaction, server_of, open_states=open_states, now=now)
    told = [
        db.events.Happened(server_id=server_of[post_id], kind=EventKind.SETTLED, post_id=post_id)
        for post_id in settled
    ]
    await db.events.append(transaction, told, now=now)
    return settled


def _progress(delivery: Delivery, move: Move) -> db.events.Happened:
    return db.events.Happened(
        server_id=delivery.server_id,
        kind=EventKind.PROGRESSED,
        post_id=delivery.post_id,
        data={
            "delivery": str(delivery.id),
            "account": delivery.target.label,
            "state": str(move.to),
            "link": move.link,
            "reason": move.reason,
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
        async with self._desk.database.transaction() as transaction:
            await write(transaction, outcomes, now=self._desk.now())
