"""Queries of what waits in one server, for people who ask."""

from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Post, PostState
from db import writers
from db.posts import matching
from db.tables import deliveries, posts

# Literals, for the partial indexes.
_WAITING = text("state = 'waiting'")
_TROUBLED = text("state IN ('failed', 'unknown', 'missed')")


async def in_review(connection: AsyncConnection, *, server_id: int, limit: int) -> list[Post]:
    """A server's posts that ask for a decision: those due first, and those without a time last."""
    return await matching(
        connection,
        posts.c.server_id == server_id,
        posts.c.state == PostState.IN_REVIEW,
        order=(posts.c.due_at.is_(None), posts.c.due_at, posts.c.id),
        limit=limit,
    )


async def of_person(
    connection: AsyncConnection, *, server_id: int, user_id: int, limit: int
) -> list[Post]:
    """A server's newest posts that one person has to take up again: the drafts they write, what was
    sent back to them, and what they hold of what was approved.
    """
    states = (PostState.DRAFT, PostState.CHANGES_REQUESTED)
    is_own = writers.writes(user_id) & posts.c.state.in_(states)
    is_held = (posts.c.held_by == user_id) & (posts.c.state == PostState.APPROVED)
    return await matching(
        connection,
        posts.c.server_id == server_id,
        is_own | (is_held & posts.c.settled_at.is_(None)),
        limit=limit,
    )


async def waiting(
    connection: AsyncConnection, *, server_id: int, until: datetime, limit: int
) -> list[int]:
    """The ids of a server's posts with something that is to go out up to a moment, soonest first."""
    soonest = func.min(deliveries.c.try_at)
    return await _posts(
        connection,
        _WAITING,
        deliveries.c.server_id == server_id,
        deliveries.c.try_at <= until,
        order=soonest,
        limit=limit,
    )


async def troubled(
    connection: AsyncConnection,
    *,
    server_id: int,
    since: datetime,
    limit: int,
    user_id: int | None = None,
) -> list[int]:
    """The ids of a server's posts, or of those one person writes, with something that waits for people, newest
    first, of those that were to go out after a moment.
    """
    newest = func.max(deliveries.c.due_at).desc()
    own = select(posts.c.id).where(posts.c.server_id == server_id, writers.writes(user_id))
    is_wanted = [] if user_id is None else [deliveries.c.post_id.in_(own)]
    return await _posts(
        connection,
        _TROUBLED,
        deliveries.c.server_id == server_id,
        deliveries.c.due_at > since,
        *is_wanted,
        order=newest,
        limit=limit,
    )


async def _posts(
    connection: AsyncConnection,
    *where: ColumnElement[bool] | TextClause,
    order: ColumnElement[datetime],
    limit: int,
) -> list[int]:
    statement = (
        select(deliveries.c.post_id)
        .where(*where)
        .group_by(deliveries.c.post_id)
        .order_by(order, deliveries.c.post_id)
        .limit(limit)
    )
    return list((await connection.execute(statement)).scalars())
