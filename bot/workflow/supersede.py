"""Putting new content in the place of what the team was asked about: the votes on it are void."""

import json
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.cards
import db.delivery_changes
import db.events
import db.holds
import db.post_moves
import db.posts
import db.votes
from bot.domain.changes import changes
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.errors import ConflictError
from bot.workflow import series
from bot.workflow.desk import Desk


async def put(
    transaction: AsyncConnection, desk: Desk, post: Post, content: Revision, *, by: int
) -> Post:
    """Put new content in the place of what a post was read with; it is in review then. Raises
    ConflictError when it changed meanwhile.

    It is a new revision, which nobody has voted on, and whose card is another message: what people
    say on the old one is about the old content.
    """
    is_same = await db.votes.lock(transaction, post)
    if is_same and post.state is PostState.APPROVED:
        await _withdraw(transaction, desk, post, content)
    if not is_same or not await db.posts.revise(transaction, post, content, by=by, now=desk.now()):
        raise ConflictError(f"Post {post.id} changed meanwhile.", remedy="Look at its card.")
    revised = replace(post, content=content)
    await db.post_moves.move(transaction, revised, PostState.IN_REVIEW)
    await db.cards.forget(transaction, post.id)
    told = [[change.part, change.pieces] for change in changes(post.content, content)]
    data = {"changes": json.dumps(told), "revision": str(content.number)}
    if post.card_message_id is not None:
        data["old_card"] = f"{post.card_channel_id}/{post.card_message_id}"
    happened = db.events.Happened(
        server_id=post.server_id, kind=EventKind.REVISED, post_id=post.id, actor_id=by, data=data
    )
    await db.events.append(transaction, [happened], now=desk.now())
    return replace(
        revised,
        state=PostState.IN_REVIEW,
        card_channel_id=None,
        card_message_id=None,
        decided_by=None,
        decided_at=None,
    )


async def _withdraw(
    transaction: AsyncConnection, desk: Desk, post: Post, content: Revision
) -> None:
    """Take what was approved from the machine, which must not have begun with it. Of a series this
    one is changed alone: the next is made now, as all were approved. Raises ConflictError.
    """
    if not await db.delivery_changes.withdraw(transaction, post.id):
        raise has_left(post)
    if post.pattern is not None and content.repeats not in ("", post.content.repeats):
        raise ConflictError(
            f"Post {post.id} is one of a series, and has another rule now.",
            remedy="End the series with /post cancel following:True, and write it anew.",
        )
    await db.holds.put(transaction, post, None)
    await series.go_on(transaction, [post.id], state=PostState.APPROVED, now=desk.now())


def has_left(post: Post) -> ConflictError:
    """Why a post cannot be changed of which something is out."""
    return ConflictError(
        f"Something of post {post.id} has left, or is at its service already.",
        remedy="Stop the rest with /post cancel, and write it anew.",
    )
