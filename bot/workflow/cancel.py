"""Ending a post before it leaves: by a person, or because its time came undecided."""

from collections.abc import Sequence

import db.deliveries
import db.delivery_changes
import db.events
import db.post_moves
import db.posts
import db.series
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import POST_MOVES, Post, PostState
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow import record, series, take_back
from bot.workflow.desk import Desk


async def cancel(
    desk: Desk,
    *,
    server_id: int,
    post_id: int,
    user_id: int,
    may_cancel_any: bool,
    following: bool = False,
) -> Sequence[str]:
    """Stop what has not left, also at services that were given it early. Raises NotFoundError,
    NotAllowedError, and ConflictError when nothing is left to stop. What a
    service keeps although it was asked is returned, one sentence each.

    The next of a series follows all the same; with `following` none does, and any post of the
    series stands for the one that is to come.
    """
    if following:
        async with desk.database.reading() as reading:
            post_id = await db.series.newest(reading, server_id=server_id, post_id=post_id)
    post, deliveries = await _to_cancel(desk, server_id, post_id, user_id, may_cancel_any)
    taken_back = await take_back.cancel(desk, post, deliveries)
    now = desk.now()
    async with desk.database.transaction() as transaction:
        moved = await db.post_moves.move(
            transaction, post, PostState.CANCELLED, decided_by=user_id, decided_at=now
        )
        await record.note(transaction, taken_back.outcomes, now=now)
        stopped = await db.delivery_changes.cancel_waiting(transaction, post.id)
        left = (await db.deliveries.find(transaction, [post.id]))[post.id]
        stopped += sum(len(outcome.deliveries) for outcome in taken_back.outcomes)
        if not moved or (post.state is PostState.APPROVED and not stopped):
            raise ConflictError(
                f"Post {post_id} has left already. {' '.join(taken_back.refusals)}".strip(),
                remedy="Delete it at the platform.",
            )
        happened = db.events.Happened(
            server_id=server_id,
            kind=EventKind.CANCELLED,
            post_id=post.id,
            actor_id=user_id,
            data={"stopped": str(stopped)} | ({"following": "yes"} if following else {}),
        )
        await db.events.append(transaction, [happened], now=now)
        if following:
            await series.end(transaction, post, state=PostState.CANCELLED)
        elif post.state is PostState.APPROVED:
            await series.go_on(transaction, [post.id], state=PostState.CANCELLED, now=now)
        if any(item.state is not DeliveryState.CANCELLED for item in left):
            # What left before is told with its result: now, if the last open one was stopped.
            await record.settle(transaction, {post.id: server_id}, now=now)
    desk.nudge()
    return taken_back.refusals


async def _to_cancel(
    desk: Desk, server_id: int, post_id: int, user_id: int, may_cancel_any: bool
) -> tuple[Post, Sequence[Delivery]]:
    """The post and its deliveries, when this person may cancel it now."""
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
        if post is None:
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        if not (may_cancel_any or _is_own(post, user_id)):
            raise NotAllowedError(
                f"Post {post_id} is not yours.", remedy="Ask its author, an approver or an admin."
            )
        if PostState.CANCELLED not in POST_MOVES[post.state]:
            raise ConflictError(f"Post {post_id} is {post.state.words} already.")
        deliveries = await db.deliveries.find(reading, [post.id])
    return post, deliveries[post.id]


def _is_own(post: Post, user_id: int) -> bool:
    """Whether a person may stop a post as one of those who wrote it; a draft is its author's."""
    is_author = user_id == post.author_id
    return is_author or (post.state is not PostState.DRAFT and user_id in post.writers)


async def expire(desk: Desk) -> None:
    """Expire every post whose time came before a decision: silence never publishes."""
    now = desk.now()
    async with desk.database.transaction() as transaction:
        expired = await db.post_moves.expire(transaction, now=now)
        happened = [
            db.events.Happened(server_id=post.server_id, kind=EventKind.EXPIRED, post_id=post.id)
            for post in expired
        ]
        await db.events.append(transaction, happened, now=now)
    if expired:
        desk.nudge()
