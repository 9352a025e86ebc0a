"""Moving what waits at a connection to accounts of other connections, which stand for the same.

An account's backup says which one that is. Moving a post is approving it with those accounts, as
moving it to another time is: so only where one approval is enough, or where they were approved with
it as backups. What is still before the team is put before it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.deliveries
import db.delivery_changes
import db.events
import db.posts
import db.series
import db.servers
import db.votes
import db.waiting
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.domain.server import Connection
from bot.domain.times import Timing
from bot.errors import ConflictError, InputError, Problem
from bot.workflow import decide, hold, record, stand_in, supersede, take_back, timing
from bot.workflow.desk import Desk
from db.waiting import Step

_MOVABLE = frozenset(
    {
        DeliveryState.WAITING,
        DeliveryState.HELD,
        DeliveryState.MISSED,
        DeliveryState.SCHEDULED_AT_PROVIDER,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    """A post, what waits of it at the connection, and its content with the other accounts."""

    post: Post
    content: Revision
    deliveries: Sequence[Delivery]


async def move_over(
    desk: Desk, leaving: Connection, posts: Sequence[Post], *, user_id: int
) -> None:
    """Have posts go on with the backups of their accounts at a connection that is being left.

    Raises InputError with everything that is in the way of any of them; then nothing is moved.
    ConflictError says that one changed meanwhile: the others may be moved already.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, leaving.server_id)
        known = {
            item.id: item for item in await db.accounts.find(reading, server_id=server.server_id)
        }
        found = await db.deliveries.find(reading, [post.id for post in posts])
    moves, problems = list[_Move](), list[Problem]()
    for post in posts:
        waiting = [one for one in found[post.id] if one.target.connection_id == leaving.id]
        waiting = [
            one for one in waiting if one.state in _MOVABLE or one.state in stand_in.UNDER_WAY
        ]
        content, wrong = await stand_in.content(desk, leaving, post.content, known)
        wrong += stand_in.not_allowed(server, post, content, waiting, user_id)
        problems += [replace(one, field=f"Post {post.id} · {one.field}") for one in wrong]
        moves.append(_Move(post=post, content=content, deliveries=waiting))
    if problems:
        raise InputError(problems)
    for move in moves:
        await _move(desk, move, user_id)


async def _move(desk: Desk, move: _Move, user_id: int) -> None:
    post, content = move.post, move.content
    taken = await take_back.cancel(desk, post, move.deliveries)
    if taken.refusals:
        raise ConflictError(
            f"Post {post.id}: {' '.join(taken.refusals)}", remedy="Cancel it there."
        )
    async with desk.database.transaction() as transaction:
        await record.note(
            transaction, [hold.kept_here(one) for one in taken.outcomes], now=desk.now()
        )
        if post.state is PostState.IN_REVIEW:
            ballot = (await db.votes.find(transaction, [post.id]))[post.id]
            revised = await supersede.put(transaction, desk, post, content, by=user_id)
            await decide.open_for(transaction, desk, revised, ballot.author_roles)
        else:
            await _approve(transaction, desk, move, user_id)
    desk.nudge()


async def _approve(transaction: AsyncConnection, desk: Desk, move: _Move, user_id: int) -> None:
    post, content = move.post, move.content
    now = desk.now()
    is_same = await db.posts.revise(transaction, post, content, by=user_id, now=now)
    if not is_same or not await db.waiting.hand_on(transaction, _steps(desk, move)):
        raise ConflictError(f"Post {post.id} changed meanwhile.", remedy="Try again.")
    await db.delivery_changes.approve_anew(
        transaction, post.id, before=post.content.digest(), after=content.digest()
    )
    await db.series.copy_from(transaction, post, content.number)
    moved = db.events.Happened(
        server_id=post.server_id, kind=EventKind.MOVED_OVER, post_id=post.id, actor_id=user_id
    )
    await db.events.append(transaction, [moved], now=now)


def _steps(desk: Desk, move: _Move) -> list[Step]:
    """Where each delivery goes: the targets are in the order in which they were."""
    early = timing.early(desk, move.content, desk.now())
    pairs = zip(move.post.content.targets, move.content.targets, strict=True)
    other = {before.account_id: after for before, after in pairs}
    return [
        Step(
            delivery=one,
            target=(target := other[one.target.account_id]),
            to=_to(one),
            try_at=early.get(target.account_id) or one.due_at,
            timing=Timing.SERVICE if target.account_id in early else Timing.HERE,
        )
        for one in move.deliveries
    ]


def _to(delivery: Delivery) -> DeliveryState:
    """What its service gave back waits again; all else stays where it stands."""
    is_there = delivery.state is DeliveryState.SCHEDULED_AT_PROVIDER
    return DeliveryState.WAITING if is_there else delivery.state
