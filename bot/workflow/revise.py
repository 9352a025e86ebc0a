"""Changing what the team was asked about: the votes are void, and it is asked again."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.deliveries
import db.drafts
import db.posts
import db.revisions
import db.servers
import db.votes
import db.writers
from bot.domain import editing
from bot.domain.approval import NOBODY, Roles
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, NotAllowedError, NotFoundError, Problem
from bot.workflow import decide, examine, supersede, voters
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
"""Where a post may still be changed; of an approved one, while nothing of it has left."""


async def find(
    desk: Desk, *, server_id: int, post_id: int, user_id: int, roles: Roles = NOBODY
) -> Post:
    """A post that a person with these roles may change: its author, its writers, and who may decide
    on it now. Raises NotFoundError, NotAllowedError, and ConflictError where it cannot be changed.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
        if post is None:
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        begun = (await db.deliveries.find(reading, [post.id]))[post.id]
        server = await db.servers.get(reading, server_id)
    may_decide = voters.rules_for(desk, server, post).may_vote(user_id, roles)
    is_draft = post.state is PostState.DRAFT
    if not post.may_be_written_by(user_id) and (is_draft or not may_decide):
        raise NotAllowedError(
            f"Post {post_id} is not yours.", remedy="Ask its author, or an approver."
        )
    _check_editable(post)
    if not all(item.is_untouched for item in begun):
        raise supersede.has_left(post)
    return post


async def begin(
    desk: Desk, *, server_id: int, post_id: int, user_id: int, roles: Roles = NOBODY
) -> Post:
    """The draft in which a person changes a post as it is now; the one that they began already, or
    a new one with all that the post has. Raises as `find` does.
    """
    post = await find(desk, server_id=server_id, post_id=post_id, user_id=user_id, roles=roles)
    async with desk.database.transaction() as transaction:
        begun = await db.drafts.change_of(transaction, post, author_id=user_id)
        return begun or await db.posts.insert(
            transaction,
            server_id=server_id,
            channel_id=post.channel_id,
            author_id=user_id,
            content=editing.as_draft(post.content),
            now=desk.now(),
            changing=post,
        )


async def finish(
    desk: Desk,
    draft: Post,
    *,
    by: int | None = None,
    author_roles: Roles = NOBODY,
    problems: Sequence[Problem] = (),
) -> Post:
    """Put a draft that is a change in the place of its post: its author, who has these roles now,
    must still be one who may change that; it is sent `by` one of its writers, or by its author.
    Raises as `edit` does, and ConflictError when the post was changed since the draft was begun.
    """
    of = {"server_id": draft.server_id, "post_id": draft.changes_post or 0}
    post = await find(desk, **of, user_id=draft.author_id, roles=author_roles)
    await _check_same(desk, draft, post)
    try:
        return await edit(desk, post, draft, by=by, author_roles=author_roles, problems=problems)
    except ConflictError:
        now = await find(desk, **of, user_id=draft.author_id, roles=author_roles)
        await _check_same(desk, draft, now)
        raise


async def _check_same(desk: Desk, draft: Post, post: Post) -> None:
    """Raise ConflictError when a post was changed since this change of it was begun."""
    if post.content.number == draft.changes_revision:
        return
    async with desk.database.reading() as reading:
        by = await db.revisions.written_by(reading, post.id, post.content.number)
    raise ConflictError(
        f"Post {post.id} was changed by <@{by}> since you opened it.",
        remedy=f"What you wrote is kept as draft {draft.id}; take over from it what still "
        f"holds, with /post edit for post {post.id}.",
    )


async def edit(
    desk: Desk,
    post: Post,
    draft: Post,
    *,
    by: int | None = None,
    author_roles: Roles = NOBODY,
    problems: Sequence[Problem] = (),
) -> Post:
    """Put what somebody changed, which is kept as a draft, in the place of what the team was asked
    about, and ask again; the draft is gone then, and whoever wrote it is a writer of the post. The
    time stays where it is written as before.

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
        revised = await supersede.put(
            transaction, desk, post, content, by=draft.author_id if by is None else by
        )
        revised = await _with_writers(transaction, revised, draft)
        if draft.author_id != post.author_id:
            author_roles = (await db.votes.find(transaction, [post.id]))[post.id].author_roles
        revised = await decide.open_for(transaction, desk, revised, author_roles)
        if not await db.drafts.discard(transaction, draft):
            raise ConflictError("It was changed meanwhile.", remedy="Look at it again.")
    desk.nudge()
    return revised


async def _with_writers(transaction: AsyncConnection, post: Post, draft: Post) -> Post:
    """The post with everyone who wrote a change of it among its writers."""
    # Who writes it is read now: it may have been shared since it was opened.
    written = await db.drafts.lock(transaction, draft) or draft
    if not written.wrote - {post.author_id}:
        return post
    if written.author_id != post.author_id:
        await db.writers.put(transaction, post, [written.author_id])
    await db.writers.copy(transaction, written, post)
    return await db.posts.get(transaction, server_id=post.server_id, post_id=post.id) or post


def _check_editable(post: Post) -> None:
    if post.state not in EDITABLE:
        raise ConflictError(
            f"Post {post.id} is {post.state.words}.", remedy="Cancel it and write it anew."
        )
