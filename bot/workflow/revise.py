"""Changing what the team was asked about: the votes are void, and it is asked again."""

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.cards
import db.deliveries
import db.drafts
import db.events
import db.holds
import db.posts
import db.revisions
import db.votes
from bot.domain import editing
from bot.domain.approval import NOBODY, Roles
from bot.domain.changes import changes
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.errors import ConflictError, NotAllowedError, NotFoundError, Problem
from bot.workflow import decide, examine, series
from bot.workflow.desk import Desk

EDITABLE = frozenset(
    {
        PostState.IN_REVIEW,
        PostState.CHANGES_REQUESTED,
        PostState.REJECTED,
        PostState.EXPIRED,
        PostState.APPROVED,
    }
)
"""Where an author may still change a post; of an approved one, while nothing of it has left."""


async def find(desk: Desk, *, server_id: int, post_id: int, author_id: int) -> Post:
    """A person's own post that can be changed. Raises NotFoundError, NotAllowedError, and
    ConflictError where it cannot.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
        if post is None:
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        begun = (await db.deliveries.find(reading, [post.id]))[post.id]
    if post.author_id != author_id:
        raise NotAllowedError(f"Post {post_id} is not yours.", remedy="Ask its author.")
    _check_editable(post)
    if not all(item.is_untouched for item in begun):
        raise _has_left(post)
    return post


async def begin(desk: Desk, *, server_id: int, post_id: int, author_id: int) -> Post:
    """The draft in which a person changes their own post as it is now; the one that they began
    already, or a new one with all that the post has. Raises as `find` does.
    """
    post = await find(desk, server_id=server_id, post_id=post_id, author_id=author_id)
    async with desk.database.transaction() as transaction:
        begun = await db.drafts.change_of(transaction, post, author_id=author_id)
        return begun or await db.posts.insert(
            transaction,
            server_id=server_id,
            channel_id=post.channel_id,
            author_id=author_id,
            content=editing.as_draft(post.content),
            now=desk.now(),
            changing=post,
        )


async def finish(
    desk: Desk, draft: Post, *, author_roles: Roles = NOBODY, problems: Sequence[Problem] = ()
) -> Post:
    """Put a draft that is a change in the place of its post. Raises as `edit` does, and
    ConflictError when the post was changed since the draft was begun.
    """
    post = await find(
        desk,
        server_id=draft.server_id,
        post_id=draft.changes_post or 0,
        author_id=draft.author_id,
    )
    if post.content.number != draft.changes_revision:
        async with desk.database.reading() as reading:
            by = await db.revisions.written_by(reading, post.id, post.content.number)
        raise ConflictError(
            f"Post {post.id} was changed by <@{by}> since you opened it.",
            remedy=f"What you wrote is kept as draft {draft.id}; take over from it what still "
            f"holds, with /post edit for post {post.id}.",
        )
    return await edit(desk, post, draft, author_roles=author_roles, problems=problems)


async def edit(
    desk: Desk,
    post: Post,
    draft: Post,
    *,
    author_roles: Roles = NOBODY,
    problems: Sequence[Problem] = (),
) -> Post:
    """Put what its author changed, which is kept as a draft, in the place of what the team was
    asked about, and ask again; the draft is gone then. The time stays where it is written as before.

    Raises InputError with all that is wrong, and ConflictError when the post was decided or changed
    meanwhile; then nothing has changed.
    """
    _check_editable(post)
    kept = post.content
    content = await examine.checked(desk, replace(post, content=draft.content), problems)
    is_same_time = draft.content.when_text == kept.when_text and not decide.is_late(desk, post)
    if is_same_time:
        content = replace(content, due_at=kept.due_at, repeats=kept.repeats, zone=kept.zone)
    is_asked = post.state in (PostState.IN_REVIEW, PostState.APPROVED)
    if is_asked and content.digest() == kept.digest():
        raise ConflictError(f"Nothing of post {post.id} is different.", remedy="Change something.")
    content = replace(content, number=kept.number + 1)
    async with desk.database.transaction() as transaction:
        revised = await put(transaction, desk, post, content, by=post.author_id)
        revised = await decide.open_for(transaction, desk, revised, author_roles)
        if not await db.drafts.discard(transaction, draft):
            raise ConflictError("It was changed meanwhile.", remedy="Look at it again.")
    desk.nudge()
    return revised


def _check_editable(post: Post) -> None:
    if post.state not in EDITABLE:
        raise ConflictError(
            f"Post {post.id} is {post.state.words}.", remedy="Cancel it and write it anew."
        )


def _has_left(post: Post) -> ConflictError:
    return ConflictError(
        f"Something of post {post.id} has left, or is at its service already.",
        remedy="Stop the rest with /post cancel, and write it anew.",
    )


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
    await db.posts.move(transaction, revised, PostState.IN_REVIEW)
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
    if not await db.deliveries.withdraw(transaction, post.id):
        raise _has_left(post)
    if post.pattern is not None and content.repeats not in ("", post.content.repeats):
        raise ConflictError(
            f"Post {post.id} is one of a series, and has another rule now.",
            remedy="End the series with /post cancel following:True, and write it anew.",
        )
    await db.holds.put(transaction, post, None)
    await series.go_on(transaction, [post.id], state=PostState.APPROVED, now=desk.now())
