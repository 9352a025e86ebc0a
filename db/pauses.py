"""Queries of the table `pauses`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, func, literal, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.pause import Pause, Scope
from db.tables import deliveries, pauses

_PAUSES = TypeAdapter(list[Pause])
_NOWHERE = 0  # the server of a pause of everything

_IDS: Mapping[Scope, ColumnElement[Any]] = {
    Scope.ACCOUNT: deliveries.c.account_id,
    Scope.CONNECTION: deliveries.c.connection_id,
    Scope.SERVER: deliveries.c.server_id,
    Scope.EVERYTHING: literal(_NOWHERE),
}


@cache
def is_paused() -> ColumnElement[bool]:
    """The condition, in a statement on `deliveries`, that a pause covers the delivery."""
    return or_(
        *(
            select(pauses.c.scope_id)
            .where(pauses.c.scope == scope, pauses.c.scope_id == column)
            .exists()
            for scope, column in _IDS.items()
        )
    )


async def insert(connection: AsyncConnection, pause: Pause) -> bool:
    """Keep a pause; False when it is there already."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(pauses).values(
        scope=pause.scope,
        scope_id=pause.scope_id,
        server_id=pause.server_id,
        paused_by=pause.paused_by,
        paused_at=pause.paused_at,
    )
    statement = statement.on_conflict_do_nothing().returning(pauses.c.scope)
    return (await connection.execute(statement)).first() is not None


async def delete(connection: AsyncConnection, scope: Scope, scope_id: int, server_id: int) -> bool:
    """Lift a pause of a server; False when there is none."""
    statement = pauses.delete().where(
        pauses.c.scope == scope, pauses.c.scope_id == scope_id, pauses.c.server_id == server_id
    )
    return (await connection.execute(statement)).rowcount == 1


async def find(connection: AsyncConnection, *, server_id: int) -> list[Pause]:
    """The pauses that a server feels, oldest first: its own, and that of everything."""
    statement = (
        select(pauses)
        .where(pauses.c.server_id.in_([server_id, _NOWHERE]))
        .order_by(pauses.c.paused_at)
    )
    rows = (await connection.execute(statement)).mappings()
    return _PAUSES.validate_python([dict(row) for row in rows])


async def waiting_posts(
    connection: AsyncConnection, scope: Scope, scope_id: int, *, limit: int
) -> dict[int, int]:
    """Posts with waiting deliveries that such a pause covers, soonest first, with their servers."""
    statement = (
        select(deliveries.c.post_id, deliveries.c.server_id)
        .where(text("state = 'waiting'"), _IDS[scope] == scope_id)
        .group_by(deliveries.c.post_id, deliveries.c.server_id)
        .order_by(func.min(deliveries.c.try_at))
        .limit(limit)
    )
    return {row.post_id: row.server_id for row in await connection.execute(statement)}
