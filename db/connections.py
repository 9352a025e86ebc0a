"""Queries of the table `connections`."""

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.server import Connection
from db.tables import connections

_CONNECTION = TypeAdapter(Connection)


async def insert(
    connection: AsyncConnection,
    *,
    server_id: int,
    provider: str,
    secret: bytes,
    hint: str,
    created_by: int,
    now: datetime,
) -> int:
    """Keep encrypted credentials; the new connection's id."""
    statement = connections.insert().values(
        server_id=server_id,
        provider=provider,
        secret=secret,
        hint=hint,
        created_by=created_by,
        created_at=now,
    )
    return (await connection.execute(statement.returning(connections.c.id))).scalar_one()


async def get(
    connection: AsyncConnection, *, server_id: int, connection_id: int
) -> Connection | None:
    """One connection of a server, or None."""
    statement = select(connections).where(
        connections.c.server_id == server_id, connections.c.id == connection_id
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _CONNECTION.validate_python(dict(row)) if row else None


async def find(connection: AsyncConnection, *, server_id: int) -> list[Connection]:
    """A server's connections, oldest first."""
    statement = (
        select(connections).where(connections.c.server_id == server_id).order_by(connections.c.id)
    )
    rows = (await connection.execute(statement)).mappings()
    return [_CONNECTION.validate_python(dict(row)) for row in rows]
