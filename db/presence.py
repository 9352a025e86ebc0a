"""Queries of the table `presence`: when the bot was last there for Discord, and absences."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.event import Event
from db.events import from_row
from db.tables import events, presence

_NAME = "discord"
"""One row for all processes: while one of them is there, somebody is."""


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence that is not told yet: since when (UTC), and the last event before it."""

    since: datetime
    last_event: int


async def note(connection: AsyncConnection, *, now: datetime) -> None:
    """Note that the bot is there, unless an absence is still to be told."""
    newest = select(func.coalesce(func.max(events.c.id), 0)).scalar_subquery()
    values = {"alive_at": now, "last_event": newest}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    await connection.execute(
        insert(presence)
        .values(name=_NAME, **values)
        .on_conflict_do_update(
            index_elements=[presence.c.name], set_=values, where=presence.c.gone_at.is_(None)
        )
    )


async def begin_absence(connection: AsyncConnection, *, now: datetime, after: timedelta) -> None:
    """Remember that the bot was away since it was last noted, where that was so long ago."""
    await connection.execute(
        update(presence)
        .where(presence.c.name == _NAME, presence.c.gone_at.is_(None))
        .where(presence.c.alive_at < literal(now - after, presence.c.alive_at.type))
        .values(gone_at=presence.c.alive_at)
    )


async def absence(connection: AsyncConnection) -> Absence | None:
    """The absence that is to be told, or None."""
    statement = select(presence.c.gone_at, presence.c.last_event).where(
        presence.c.name == _NAME, presence.c.gone_at.is_not(None)
    )
    row = (await connection.execute(statement)).one_or_none()
    return Absence(row.gone_at, row.last_event or 0) if row else None


async def end_absence(connection: AsyncConnection, told: Absence) -> bool:
    """Forget an absence that is told in the same transaction; False when somebody else told it."""
    statement = (
        update(presence)
        .where(presence.c.name == _NAME, presence.c.gone_at == told.since)
        .values(gone_at=None)
    )
    return (await connection.execute(statement)).rowcount == 1


async def events_since(
    connection: AsyncConnection, last_event: int, kinds: frozenset[str]
) -> list[Event]:
    """What of these kinds happened to posts of any server after an event, oldest first."""
    statement = (
        select(events)
        .where(events.c.id > last_event, events.c.kind.in_(kinds), events.c.post_id.is_not(None))
        .order_by(events.c.id)
    )
    return [from_row(row) for row in (await connection.execute(statement)).mappings()]
