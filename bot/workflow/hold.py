"""Holding back what was approved, until the call leaves, and letting it go again."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.deliveries
import db.events
import db.holds
import db.servers
from bot.domain.approval import Verdict
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post
from bot.errors import ConflictError
from bot.workflow import record, take_back, timing, voters
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from bot.workflow.voters import Voter


async def hold(desk: Desk, voter: Voter, post: Post) -> Sequence[str]:
    """Keep what has not left of an approved post from going out, also at services that were given
    it early; what one of them keeps all the same, one sentence each. Raises NotAllowedError, and
    ConflictError where nothing waits any more.
    """
    deliveries = await _check(desk, voter, post)
    taken = await take_back.cancel(desk, post, deliveries)
    back = [kept_here(outcome) for outcome in taken.outcomes]
    async with desk.database.transaction() as transaction:
        is_same = await db.holds.put(transaction, post, voter.user_id, desk.now())
        await record.note(transaction, back, now=desk.now())
        held = await db.holds.hold_back(transaction, post.id) if is_same else 0
        held += sum(len(outcome.deliveries) for outcome in back)
        if not held:
            raise ConflictError(
                f"Nothing of post {post.id} waits any more. {' '.join(taken.refusals)}".strip(),
                remedy="Delete it at the platform.",
            )
        await _tell(transaction, desk, EventKind.HELD, voter, post)
    desk.nudge()
    return taken.refusals


async def release(desk: Desk, voter: Voter, post: Post) -> None:
    """Let what was held back wait for its time again; what is too late by now is missed, and people
    are asked about it. Raises NotAllowedError, and ConflictError where nothing is held.
    """
    deliveries = await _check(desk, voter, post)
    early = timing.early(desk, post.content, desk.now())
    held = [item for item in deliveries if item.state is DeliveryState.HELD]
    async with desk.database.transaction() as transaction:
        is_same = await db.holds.put(transaction, post, None)
        released = await db.holds.release(transaction, held, early) if is_same else 0
        if not released:
            raise ConflictError(f"Post {post.id} is not held.", remedy="Look at its card.")
        await _tell(transaction, desk, EventKind.RELEASED, voter, post)
    desk.nudge()


async def _check(desk: Desk, voter: Voter, post: Post) -> Sequence[Delivery]:
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, post.server_id)
        deliveries = (await db.deliveries.find(reading, [post.id]))[post.id]
    voters.check(voters.rules_for(desk, server, post), voter, post, Verdict.HOLD)
    return deliveries


def kept_here(outcome: Outcome) -> Outcome:
    """What a service gave back is held here, and not cancelled."""
    moves = [
        replace(move, to=DeliveryState.HELD, reason="", remedy="")
        if move.to is DeliveryState.CANCELLED
        else move
        for move in outcome.moves
    ]
    return replace(outcome, moves=moves)


async def _tell(
    transaction: AsyncConnection, desk: Desk, kind: EventKind, voter: Voter, post: Post
) -> None:
    happened = db.events.Happened(
        server_id=post.server_id, kind=kind, post_id=post.id, actor_id=voter.user_id
    )
    await db.events.append(transaction, [happened], now=desk.now())
