"""Queries that hold back what was approved, and let it go."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Post, PostState
from bot.domain.times import Timing
from db.tables import deliveries, posts

_WAITING = text("state = 'waiting'")


async def put(
    connection: AsyncConnection, post: Post, user_id: int | None, at: datetime | None = None
) -> bool:
    """Say who holds an approved post since when (UTC), or that nobody does; False when it has
    changed since.
    """
    statement = (
        update(posts)
        .where(posts.c.id == post.id, posts.c.server_id == post.server_id)
        .where(posts.c.state == PostState.APPROVED, posts.c.revision == post.content.number)
        .values(held_by=user_id, held_at=at)
    )
    return (await connection.execute(statement)).rowcount == 1


async def hold_back(connection: AsyncConnection, post_id: int) -> int:
    """Hold back what waits of a post; how many deliveries that were."""
    statement = (
        update(deliveries)
        .where(deliveries.c.post_id == post_id, _WAITING)
        .values(state=DeliveryState.HELD)
    )
    return (await connection.execute(statement)).rowcount


async def release(
    connection: AsyncConnection, held: Sequence[Delivery], early: Mapping[int, datetime]
) -> int:
    """Let deliveries wait for their time again; how many were still held. `early` says by account
    id when a service that keeps the time is given the post; what one gave back begins anew there.
    """
    was_there = deliveries.c.remote_id != ""
    released = 0
    for item in held:
        at = early.get(item.target.account_id)
        statement = (
            update(deliveries)
            .where(deliveries.c.id == item.id, deliveries.c.state == DeliveryState.HELD)
            .values(
                state=DeliveryState.WAITING,
                try_at=at or item.due_at,
                timing=Timing.SERVICE if at else Timing.HERE,
                attempts=case((was_there, 0), else_=deliveries.c.attempts),
                tried_since=case((was_there, None), else_=deliveries.c.tried_since),
                round=deliveries.c.round + case((was_there, 1), else_=0),
                remote_id="",
                submitted_at=None,
            )
        )
        released += (await connection.execute(statement)).rowcount
    return released
