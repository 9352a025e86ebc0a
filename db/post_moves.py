"""Moves of posts: compare-and-swap updates of the table `posts`, up to where nothing is open."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

import db.posts
from bot.domain.post import Post, PostState
from db.tables import deliveries, posts

_IN_REVIEW = text("state = 'in_review'")


async def move(
    connection: AsyncConnection,
    post: Post,
    to: PostState,
    *,
    decided_by: int | None = None,
    decided_at: datetime | None = None,
) -> bool:
    """Move a post from the state and revision it was read in; False when it has changed since. A
    decision says by whom, nobody where a rule decided, and when (UTC).
    """
    statement = (
        update(posts)
        .where(posts.c.id == post.id, posts.c.server_id == post.server_id)
        .where(posts.c.state == post.state, posts.c.revision == post.content.number)
        .values(state=to, decided_by=decided_by, decided_at=decided_at)
    )
    return (await connection.execute(statement)).rowcount == 1


async def expire(connection: AsyncConnection, *, now: datetime) -> list[Post]:
    """Move every post in review whose time has come to expired; those posts."""
    statement = (
        update(posts)
        .where(_IN_REVIEW, posts.c.due_at <= now)
        .values(state=PostState.EXPIRED)
        .returning(posts.c.id)
    )
    ids = (await connection.execute(statement)).scalars().all()
    return list((await db.posts.by_ids(connection, ids)).values()) if ids else []


async def settle(
    connection: AsyncConnection, ids: Collection[int], *, open_states: Sequence[str], now: datetime
) -> dict[int, bool]:
    """Mark those of the posts that have no open delivery left; the ids marked just now, with
    whether another post of a series follows.

    The rows are locked first, so that of two transactions that each end a post's last but one
    delivery, the second sees the first: one of them, and only one, marks the post.
    """
    await connection.execute(
        select(posts.c.id).where(posts.c.id.in_(ids)).order_by(posts.c.id).with_for_update()
    )
    still_open = (
        select(deliveries.c.id)
        .where(deliveries.c.post_id == posts.c.id, deliveries.c.state.in_(open_states))
        .exists()
    )
    statement = (
        update(posts)
        .where(posts.c.id.in_(ids), posts.c.settled_at.is_(None), ~still_open)
        .values(settled_at=now)
        .returning(posts.c.id, posts.c.pattern)
    )
    return {row.id: row.pattern is not None for row in await connection.execute(statement)}


async def reopen(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Take back that these posts are settled: one of their results has changed."""
    await connection.execute(
        update(posts)
        .where(posts.c.id.in_(ids), posts.c.settled_at.is_not(None))
        .values(settled_at=None)
    )
