"""Queries of the table `connections`."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, bindparam, select, update
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
    name: str = "",
) -> int:
    """Keep encrypted credentials; the new connection's id."""
    statement = connections.insert().values(
        server_id=server_id,
        provider=provider,
        secret=secret,
        hint=hint,
        name=name,
        created_by=created_by,
        created_at=now,
    )
    return (await connection.execute(statement.returning(connections.c.id))).scalar_one()


async def get(
    connection: AsyncConnection, *, server_id: int, connection_id: int
) -> Connection | None:
    """One connection of a server, also one that is closed, or None."""
    statement = select(connections).where(
        connections.c.server_id == server_id, connections.c.id == connection_id
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return _CONNECTION.validate_python(dict(row)) if row else None


async def find(connection: AsyncConnection, *, server_id: int) -> list[Connection]:
    """A server's connections, oldest first; without those that are closed."""
    statement = (
        select(connections)
        .where(connections.c.server_id == server_id, connections.c.closed_at.is_(None))
        .order_by(connections.c.id)
    )
    rows = (await connection.execute(statement)).mappings()
    return [_CONNECTION.validate_python(dict(row)) for row in rows]


async def rename(
    connection: AsyncConnection, *, server_id: int, connection_id: int, name: str
) -> bool:
    """Give a connection a name; False where there is no such open one."""
    statement = update(connections).where(*_open(server_id, connection_id)).values(name=name)
    return (await connection.execute(statement)).rowcount == 1


async def replace_secret(
    connection: AsyncConnection, known: Connection, *, secret: bytes, hint: str
) -> bool:
    """Put other credentials in the place of those a connection was read with; False where it has
    others by now, or is closed.
    """
    statement = (
        update(connections)
        .where(*_open(known.server_id, known.id), connections.c.secret == known.secret)
        .values(secret=secret, hint=hint)
    )
    return (await connection.execute(statement)).rowcount == 1


async def close(
    connection: AsyncConnection, *, server_id: int, connection_id: int, now: datetime
) -> bool:
    """Forget a connection's credentials for good, and offer it no more; False where it is closed
    already.
    """
    statement = (
        update(connections)
        .where(*_open(server_id, connection_id))
        .values(secret=b"", closed_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


def _open(server_id: int, connection_id: int) -> list[ColumnElement[bool]]:
    return [
        connections.c.server_id == server_id,
        connections.c.id == connection_id,
        connections.c.closed_at.is_(None),
    ]


async def secrets(
    connection: AsyncConnection, *, after: int, limit: int
) -> list[tuple[int, bytes]]:
    """The encrypted credentials of open connections of any server, by id: for the operator."""
    statement = (
        select(connections.c.id, connections.c.secret)
        .where(connections.c.id > after, connections.c.closed_at.is_(None))
        .order_by(connections.c.id)
        .limit(limit)
    )
    return [(row.id, row.secret) for row in await connection.execute(statement)]


async def rotate(connection: AsyncConnection, rotated: Sequence[tuple[int, bytes, bytes]]) -> None:
    """Put credentials in the place of the same ones, as they were read (id, before, after); what
    was replaced meanwhile stays.
    """
    if rotated:
        await connection.execute(
            update(connections)
            .where(
                connections.c.id == bindparam("connection"),
                connections.c.secret == bindparam("before"),
            )
            .values(secret=bindparam("after")),
            [{"connection": id_, "before": old, "after": new} for id_, old, new in rotated],
        )
