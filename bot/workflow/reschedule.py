"""Moving an approved post to another time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.deliveries
import db.delivery_changes
import db.events
import db.posts
import db.servers
import db.votes
from bot.domain.approval import NOBODY, Roles
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow import queue, record, take_back, timing
from bot.workflow.desk import Desk

MOVABLE = (DeliveryState.WAITING, DeliveryState.SCHEDULED_AT_PROVIDER)


async def reschedule(
    desk: Desk,
    *,
    server_id: int,
    post_id: int,
    when_text: str,
    user_id: int,
    may_decide: bool,
    roles: Roles = NOBODY,
) -> tuple[datetime, Sequence[str]]:
    """Give what has not left of an approved post another time; that time (UTC), and what a service
    did not move, one sentence each.

    Approval binds to the time, so only who may approve may move it: moving it approves the new
    time. Where it needs no approval, those who wrote it move it themselves; `roles` are those of whoever
    moves it. Raises NotFoundError, NotAllowedError, InputError, ConflictError.
    """
    post, deliveries = await _movable(desk, server_id, post_id)
    await _check_rules(desk, post, user_id, roles, may_decide=may_decide)
    content = await at_time(desk, post, when_text)
    at = content.due_at or desk.now()
    changed = await take_back.move(desk, post, deliveries, at)
    async with desk.database.transaction() as transaction:
        await record.note(transaction, changed.outcomes, now=desk.now())
        await _write(transaction, desk, post, content, user_id)
        # What cannot be moved goes on with the post as it is now: only its time is another.
        await db.delivery_changes.approve_anew(
            transaction, post.id, before=post.content.digest(), after=content.digest()
        )
        there = [item.id for outcome in changed.outcomes for item in outcome.deliveries]
        early = timing.early(desk, content, desk.now())
        waiting = [item for item in deliveries if item.state is DeliveryState.WAITING]
        moved = await db.delivery_changes.reschedule(
            transaction, waiting, there, content=content, at=at, early=early
        )
        if not moved:
            raise ConflictError(
                f"Nothing of post {post_id} can be moved. {' '.join(changed.refusals)}".strip(),
                remedy="Look at its card.",
            )
    desk.nudge()
    return at, changed.refusals


async def _check_rules(
    desk: Desk, post: Post, user_id: int, roles: Roles, *, may_decide: bool
) -> None:
    """Raise NotAllowedError where this person's approval of another time would not be enough, and
    approval is needed.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, post.server_id)
        ballot = (await db.votes.find(reading, [post.id]))[post.id]
    author_roles = roles if user_id == post.author_id else ballot.author_roles
    is_free = server.rules.is_free(author_roles, post.wrote)
    if is_free and (post.may_be_written_by(user_id) or may_decide):
        return
    if not may_decide:
        raise NotAllowedError(
            "Another time needs approval, so only approvers and admins move a post.",
            remedy="Ask one of them.",
        )
    if not server.rules.is_one_enough:
        raise NotAllowedError(
            "Another time needs the approval of several people here.",
            remedy="Cancel the post, and write it anew with the new time.",
        )
    if user_id in post.wrote and server.rules.four_eyes:
        raise NotAllowedError(
            "Four eyes: whoever wrote on a post does not approve another time for it.",
            remedy="Ask another approver or an admin.",
        )


async def _movable(desk: Desk, server_id: int, post_id: int) -> tuple[Post, Sequence[Delivery]]:
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
        if post is None:
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        found = (await db.deliveries.find(reading, [post_id]))[post_id]
    found = [item for item in found if item.content_hash == post.content.digest()]
    deliveries = [item for item in found if item.state in MOVABLE and item.attempts == 0]
    deliveries += [item for item in found if item.state is DeliveryState.SCHEDULED_AT_PROVIDER]
    if post.state is not PostState.APPROVED or not deliveries:
        raise ConflictError(
            f"Post {post_id} has nothing that waits for its time.", remedy="Look at its card."
        )
    return post, deliveries


async def at_time(desk: Desk, post: Post, when_text: str) -> Revision:
    """The post's content at another time, as the next revision.

    One time moves this post alone: a rule it has goes on as it was, in its own zone.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, post.server_id)
    when = await queue.read(desk, server, when_text)
    if when.repeats and post.series_id and post.pattern is None:
        raise ConflictError(
            f"Post {post.id} is followed by another already.", remedy="Give that one the rule."
        )
    goes_on = bool(post.content.repeats) and not when.repeats
    return replace(
        post.content,
        number=post.content.number + 1,
        when_text=when_text,
        zone=post.content.zone if goes_on else server.zone,
        due_at=when.due_at,
        repeats=when.repeats or post.content.repeats,
    )


async def _write(
    transaction: AsyncConnection, desk: Desk, post: Post, content: Revision, user_id: int
) -> None:
    if not await db.posts.revise(transaction, post, content, by=user_id, now=desk.now()):
        raise ConflictError(f"Post {post.id} changed meanwhile.", remedy="Look at its card.")
    moved = db.events.Happened(
        server_id=post.server_id,
        kind=EventKind.RESCHEDULED,
        post_id=post.id,
        actor_id=user_id,
        data={"when": content.due_at.isoformat() if content.due_at else "now"},
    )
    await db.events.append(transaction, [moved], now=desk.now())
