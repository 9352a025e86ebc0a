"""Changing what the team was asked about: the votes are void, and it is asked again."""

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.cards
import db.events
import db.posts
import db.servers
import db.votes
from bot.domain.approval import NOBODY, Roles, Verdict, Vote
from bot.domain.changes import changes
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.domain.standing import standing
from bot.errors import ConflictError, InputError, NotAllowedError, NotFoundError, Problem
from bot.workflow import compose, decide, reschedule, review, timing
from bot.workflow.desk import Desk
from bot.workflow.review import Voter

EDITABLE = frozenset(
    {
        PostState.IN_REVIEW,
        PostState.CHANGES_REQUESTED,
        PostState.REJECTED,
        PostState.EXPIRED,
    }
)
"""Where an author may still change a post: nothing of it is with the machine."""


async def find(desk: Desk, *, server_id: int, post_id: int, author_id: int) -> Post:
    """A person's own post that can be changed. Raises NotFoundError, NotAllowedError, and
    ConflictError where it cannot.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
    if post is None:
        raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
    if post.author_id != author_id:
        raise NotAllowedError(f"Post {post_id} is not yours.", remedy="Ask its author.")
    _check_editable(post)
    return post


async def edit(
    desk: Desk,
    post: Post,
    draft: Post,
    *,
    author_roles: Roles = NOBODY,
    problems: Sequence[Problem] = (),
) -> Post:
    """Put what its author typed, which is kept as a draft, in the place of what the team was asked
    about, and ask again; the draft is gone then. Files are replaced only by new ones, a clip never,
    and a time only where it is written differently.

    Raises InputError with all that is wrong, and ConflictError when the post was decided or changed
    meanwhile; then nothing has changed.
    """
    _check_editable(post)
    kept, typed = post.content, draft.content
    content = replace(typed, media=typed.media or kept.media, clip=kept.clip, timing=kept.timing)
    content = await compose.checked(desk, replace(post, content=content), problems)
    is_same_time = typed.when_text == kept.when_text and not decide.is_late(desk, post)
    if is_same_time:
        content = replace(content, due_at=kept.due_at, repeats=kept.repeats, zone=kept.zone)
    if post.state is PostState.IN_REVIEW and content.digest() == kept.digest():
        raise ConflictError(f"Nothing of post {post.id} is different.", remedy="Change something.")
    content = replace(content, number=kept.number + 1)
    async with desk.database.transaction() as transaction:
        revised = await _revise(transaction, desk, post, content, by=post.author_id)
        revised = await decide.open_for(transaction, desk, revised, author_roles)
        await db.posts.discard(transaction, draft)
    desk.nudge()
    return revised


async def give_time(desk: Desk, voter: Voter, post: Post, when_text: str) -> Post:
    """Give a post whose time passed unapproved another, with the approval of whoever gives it.

    What others approved was another time, so where one approval is not enough they are asked again.
    Raises InputError, NotAllowedError, and ConflictError when it does not wait for a time.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, voter.server_id)
    review.check(server.rules, voter, post, Verdict.APPROVE)
    is_asked = post.state is PostState.IN_REVIEW and decide.is_late(desk, post)
    if post.state is not PostState.EXPIRED and not is_asked:
        raise ConflictError(f"Post {post.id} is {post.state.words}.", remedy="Look at its card.")
    content = await reschedule.at_time(desk, post, when_text)
    if found := timing.problems(desk, content, desk.now()):
        raise InputError(found)
    vote = Vote(user_id=voter.user_id, verdict=Verdict.APPROVE, at=desk.now(), roles=voter.roles)
    async with desk.database.transaction() as transaction:
        revised = await _revise(transaction, desk, post, content, by=voter.user_id)
        await db.votes.put(transaction, revised, vote)
        ballot = (await db.votes.find(transaction, [post.id]))[post.id]
        stands = standing(server.rules, post.author_id, ballot.votes, {voter.user_id: voter.roles})
        revised = await decide.by_votes(transaction, desk, revised, ballot, stands) or revised
    desk.nudge()
    return revised


def _check_editable(post: Post) -> None:
    if post.state not in EDITABLE:
        raise ConflictError(
            f"Post {post.id} is {post.state.words}.", remedy="Cancel it and write it anew."
        )


async def _revise(
    transaction: AsyncConnection, desk: Desk, post: Post, content: Revision, *, by: int
) -> Post:
    """Make a new revision, which nobody has voted on, and whose card is another message: what
    people say on the old one is about the old content.
    """
    is_same = await db.votes.lock(transaction, post) and await db.posts.revise(
        transaction, post, content, by=by, now=desk.now()
    )
    if not is_same:
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
    )
