"""Queries of the table `joinings`: accounts that someone is connecting."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.platform import Platform
from db.tables import joinings


@dataclass(frozen=True, kw_only=True, slots=True)
class Joining:
    """An account of a platform that a person connects, and the channel where they are told."""

    server_id: int
    connection_id: int
    platform: Platform
    user_id: int
    channel_id: int


async def begin(
    connection: AsyncConnection, joining: Joining, *, until: datetime, poll_at: datetime
) -> None:
    """Wait for an account until a moment; who asked last is told."""
    values = {
        "user_id": joining.user_id,
        "channel_id": joining.channel_id,
        "until": until,
        "poll_at": poll_at,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(joinings).values(
        server_id=joining.server_id,
        connection_id=joining.connection_id,
        platform=joining.platform,
        **values,
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[joinings.c.connection_id, joinings.c.platform], set_=values
        )
    )


async def hurry(
    connection: AsyncConnection, *, server_id: int, connection_id: int, now: datetime
) -> None:
    """Have the accounts of a connection read at once: one of them was just confirmed."""
    await connection.execute(
        update(joinings)
        .where(joinings.c.server_id == server_id, joinings.c.connection_id == connection_id)
        .values(poll_at=now)
    )


async def is_any_due(connection: AsyncConnection, *, now: datetime) -> bool:
    """Whether accounts are to be read now because one is waited for."""
    statement = select(joinings.c.id).where(joinings.c.poll_at <= now).limit(1)
    return (await connection.execute(statement)).first() is not None


async def claim(
    connection: AsyncConnection, *, now: datetime, again_at: datetime
) -> set[tuple[int, int]]:
    """Take those whose accounts are to be read now, until `again_at`, and end those that were
    waited for in vain; their servers and connections.
    """
    due = joinings.c.poll_at <= now
    await connection.execute(delete(joinings).where(due, joinings.c.until <= now))
    statement = (
        update(joinings)
        .where(due)
        .values(poll_at=again_at)
        .returning(joinings.c.server_id, joinings.c.connection_id)
    )
    return {(row.server_id, row.connection_id) for row in await connection.execute(statement)}


async def end(
    connection: AsyncConnection,
    *,
    server_id: int,
    connection_id: int,
    platforms: Collection[Platform],
) -> list[Joining]:
    """End waiting for accounts of these platforms, since they are there; each to one caller only."""
    statement = (
        delete(joinings)
        .where(
            joinings.c.server_id == server_id,
            joinings.c.connection_id == connection_id,
            joinings.c.platform.in_(platforms),
        )
        .returning(
            joinings.c.server_id,
            joinings.c.connection_id,
            joinings.c.platform,
            joinings.c.user_id,
            joinings.c.channel_id,
        )
    )
    return [
        Joining(
            server_id=row.server_id,
            connection_id=row.connection_id,
            platform=Platform(row.platform),
            user_id=row.user_id,
            channel_id=row.channel_id,
        )
        for row in await connection.execute(statement)
    ]
