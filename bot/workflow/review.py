"""Deciding on a post: the reactions on its card."""

from dataclasses import replace
from datetime import datetime

import db.deliveries
import db.events
import db.posts
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, NotAllowedError
from bot.workflow.desk import Desk


async def decide(
    desk: Desk,
    *,
    server_id: int,
    card_message_id: int,
    user_id: int,
    is_approver: bool,
    approves: bool,
) -> Post | None:
    """Count a decision on a card; the post after it. None if the message is no card, or its post
    was decided by someone else this very moment.

    A decision on a post that is already decided changes nothing: late and repeated reactions
    are normal. Raises NotAllowedError for people without the approver role, ConflictError when
    the post's time has passed.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.by_card(reading, server_id=server_id, card_message_id=card_message_id)
    if post is None or post.state is not PostState.IN_REVIEW:
        return post  # most reactions of a server are on other messages
    now = desk.now()
    _check(post, now, is_approver=is_approver, approves=approves)
    to = PostState.APPROVED if approves else PostState.REJECTED
    async with desk.database.transaction() as transaction:
        if not await db.posts.move(transaction, post, to, decided_by=user_id):
            return None  # someone else was faster: what was read does not hold any more
        if approves:
            await db.deliveries.insert(transaction, post, due_at=post.content.due_at or now)
        decision = db.events.Happened(
            server_id=server_id,
            kind=EventKind.APPROVED if approves else EventKind.REJECTED,
            post_id=post.id,
            actor_id=user_id,
        )
        await db.events.append(transaction, [decision], now=now)
    desk.nudge()
    return replace(post, state=to, decided_by=user_id)


def _check(post: Post, now: datetime, *, is_approver: bool, approves: bool) -> None:
    """Raise what forbids this decision."""
    if not is_approver:
        raise NotAllowedError(
            "Only approvers decide on posts.",
            remedy="Ask an admin for the approver role, or leave this one to an approver.",
        )
    due_at = post.content.due_at
    if approves and due_at is not None and due_at <= now:
        raise ConflictError(
            f"The time of post {post.id} has passed.", remedy="Write it anew with /post new."
        )


async def open_cards(desk: Desk, server_id: int) -> list[Post]:
    """The posts of a server that wait for a decision and have a card."""
    async with desk.database.reading() as reading:
        return await db.posts.find_open_cards(reading, server_id=server_id)
