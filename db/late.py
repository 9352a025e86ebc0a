"""Deliveries that are too late to go out, by the late policy of their servers."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    String,
    and_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.server import LATE_MINUTES
from db import health, pauses
from db.tables import Moment, deliveries, servers

AT_ONCE = 1000
"""How many one statement takes; the rest is the next tick's."""

_SHORTEST = timedelta(minutes=1)  # times are minutes, and a tick is never early


def is_late(connection: AsyncConnection, now: datetime) -> ColumnElement[bool]:
    """The condition, in a statement on `deliveries` that wait, that it is too late for one.

    What was tried before is tried on as long as retries may take, whatever they waited for.
    """
    moment = literal(now, Moment)
    tried_since = func.coalesce(deliveries.c.tried_since, moment)
    return and_(
        deliveries.c.due_at < _minutes_before(connection, moment),
        deliveries.c.due_at < now - _SHORTEST,
        or_(deliveries.c.attempts == 0, tried_since < now - pace.RETRY_BOUND),
    )


def _minutes_before(connection: AsyncConnection, now: ColumnElement[Any]) -> ColumnElement[Any]:
    """The moment before which what was due is late, in the server of a delivery.

    SQLite keeps moments as text, and compares them with such.
    """
    if connection.dialect.name == "postgresql":
        return now - _late_minutes() * literal_column("interval '1 minute'", Interval())
    span = "-" + cast(_late_minutes(), String) + " minutes"
    return func.strftime("%Y-%m-%d %H:%M:%f", now, span)


@cache
def _late_minutes() -> ColumnElement[int]:
    chosen = (
        select(servers.c.late_minutes)
        .where(servers.c.server_id == deliveries.c.server_id)
        .correlate(deliveries)
        .scalar_subquery()
    )
    return func.coalesce(chosen, LATE_MINUTES)


async def miss(connection: AsyncConnection, *, now: datetime, remedy: str) -> dict[int, int]:
    """Move waiting deliveries that are too late, neither paused nor in wait for an account, to missed
    in one statement; their ids with those of their posts.
    """
    waiting = text("state = 'waiting'")  # a literal, for the partial index
    chosen = (
        select(deliveries.c.id)
        .where(
            waiting,
            deliveries.c.try_at <= now,
            is_late(connection, now),
            ~pauses.is_paused(),
            ~health.is_disconnected(),
        )
        .order_by(deliveries.c.try_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    said = "It was more than " + cast(_late_minutes(), String) + " min late. "
    statement = (
        update(deliveries)
        .where(waiting, deliveries.c.id.in_(chosen))
        .values(
            state=DeliveryState.MISSED,
            reason=func.trim(said + deliveries.c.reason),
            remedy=remedy,
        )
        .returning(deliveries.c.id, deliveries.c.post_id)
    )
    return {row.id: row.post_id for row in await connection.execute(statement)}
