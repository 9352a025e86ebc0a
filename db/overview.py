"""Queries of what waits in one server, for people who ask."""

from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import deliveries

# Literals, for the partial indexes.
_WAITING = text("state = 'waiting'")
_TROUBLED = text("state IN ('failed', 'unknown', 'missed')")


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
    connection: AsyncConnection, *, server_id: int, since: datetime, limit: int
) -> list[int]:
    """The ids of a server's posts with something that waits for people, newest first, of those that
    were to go out after a moment.
    """
    newest = func.max(deliveries.c.due_at).desc()
    return await _posts(
        connection,
        _TROUBLED,
        deliveries.c.server_id == server_id,
        deliveries.c.due_at > since,
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
