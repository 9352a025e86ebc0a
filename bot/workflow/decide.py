"""Decisions: the one move, with the one event, that votes or a rule lead to."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.deliveries
import db.events
import db.post_moves
import db.servers
import db.votes
from bot.domain.approval import Ballot, Roles, Verdict
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState
from bot.domain.standing import Standing, standing
from bot.workflow import remind, timing
from bot.workflow.desk import Desk

_ENDED = {
    Verdict.REJECT: (PostState.REJECTED, EventKind.REJECTED),
    Verdict.CHANGES: (PostState.CHANGES_REQUESTED, EventKind.CHANGES_ASKED),
}


async def by_votes(
    transaction: AsyncConnection, desk: Desk, post: Post, ballot: Ballot, stands: Standing
) -> Post | None:
    """Make the move that the votes lead to, with exactly one event; the post after it, None while
    something is missing or its time has passed. The post is locked.
    """
    if stands.decided is None:
        return None
    if stands.decided is Verdict.APPROVE:
        if is_late(desk, post):
            return None
        by = stands.by[-1] if stands.by else None
        said = {"by": " ".join(map(str, stands.by))}
        return await approve(transaction, desk, post, by=by, said=said)
    by = stands.by[0]
    to, kind = _ENDED[stands.decided]
    vote = ballot.of(by)
    now = desk.now()
    await db.post_moves.move(transaction, post, to, decided_by=by, decided_at=now)
    ended = db.events.Happened(
        server_id=post.server_id,
        kind=kind,
        post_id=post.id,
        actor_id=by,
        data={"reason": vote.reason if vote else ""},
    )
    await db.events.append(transaction, [ended], now=now)
    return replace(post, state=to, decided_by=by, decided_at=now)


async def open_for(
    transaction: AsyncConnection, desk: Desk, post: Post, author_roles: Roles
) -> Post:
    """Begin the vote on a post just put before the team, whose author has these roles; where its
    rules need no approval it is approved at once. The post after it.
    """
    await db.votes.note_author(transaction, post.id, author_roles)
    server = await db.servers.get(transaction, post.server_id)
    await remind.begin(transaction, post, server.rules, desk.now())
    stands = standing(server.rules, post, (), {post.author_id: author_roles})
    return await by_votes(transaction, desk, post, Ballot(), stands) or post


async def approve(
    transaction: AsyncConnection,
    desk: Desk,
    post: Post,
    *,
    by: int | None,
    said: Mapping[str, str],
) -> Post | None:
    """Approve the revision a post was read with: its deliveries wait from now on. `by` is None
    where no approval was needed; `said` goes into the event. None when the post has changed since.
    """
    now = desk.now()
    if not await db.post_moves.move(
        transaction, post, PostState.APPROVED, decided_by=by, decided_at=now
    ):
        return None
    early = timing.early(desk, post.content, now)
    due_at = post.content.due_at or now
    await db.deliveries.insert(transaction, post, due_at=due_at, early=early)
    approved = db.events.Happened(
        server_id=post.server_id,
        kind=EventKind.APPROVED,
        post_id=post.id,
        actor_id=by,
        data=said,
    )
    await db.events.append(transaction, [approved], now=now)
    return replace(post, state=PostState.APPROVED, decided_by=by, decided_at=now)


def is_late(desk: Desk, post: Post) -> bool:
    """Whether the time of a post has come."""
    due_at = post.content.due_at
    return due_at is not None and due_at <= desk.now()
