"""Ending a post before it leaves: by a person, or because its time came undecided."""

from dataclasses import replace

import db.deliveries
import db.events
import db.posts
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import POST_MOVES, Post, PostState
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow import record
from bot.workflow.desk import Desk


async def cancel(
    desk: Desk, *, server_id: int, post_id: int, user_id: int, may_cancel_any: bool
) -> Post:
    """Stop what has not left. Raises NotFoundError, NotAllowedError, and ConflictError when
    nothing is left to stop.
    """
    now = desk.now()
    async with desk.database.transaction() as transaction:
        post = await db.posts.get(transaction, server_id=server_id, post_id=post_id)
        if post is None:
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        if post.author_id != user_id and not may_cancel_any:
            raise NotAllowedError(
                f"Post {post_id} is not yours.", remedy="Ask its author, an approver or an admin."
            )
        if PostState.CANCELLED not in POST_MOVES[post.state]:
            raise ConflictError(f"Post {post_id} is {post.state.words} already.")
        moved = await db.posts.move(transaction, post, PostState.CANCELLED, decided_by=user_id)
        stopped = await db.deliveries.cancel_waiting(transaction, post.id)
        deliveries = (await db.deliveries.find(transaction, [post.id]))[post.id]
        if not moved or (post.state is PostState.APPROVED and not stopped):
            raise ConflictError(
                f"Post {post_id} has left already.", remedy="Delete it at the platform."
            )
        happened = db.events.Happened(
            server_id=server_id,
            kind=EventKind.CANCELLED,
            post_id=post.id,
            actor_id=user_id,
            data={"stopped": str(stopped)},
        )
        await db.events.append(transaction, [happened], now=now)
        if any(item.state is not DeliveryState.CANCELLED for item in deliveries):
            # What left before is told with its result: now, if the last open one was stopped.
            await record.settle(transaction, {post.id: server_id}, now=now)
    desk.nudge()
    return replace(post, state=PostState.CANCELLED)


async def expire(desk: Desk) -> None:
    """Expire every post whose time came before a decision: silence never publishes."""
    now = desk.now()
    async with desk.database.transaction() as transaction:
        expired = await db.posts.expire(transaction, now=now)
        happened = [
            db.events.Happened(server_id=post.server_id, kind=EventKind.EXPIRED, post_id=post.id)
            for post in expired
        ]
        await db.events.append(transaction, happened, now=now)
    if expired:
        desk.nudge()
