"""Queries of the table `events`: the audit trail and the outbox."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.event import Event, EventKind
from db.tables import events


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event about to be written."""

    server_id: int
    kind: EventKind
    post_id: int | None = None
    actor_id: int | None = None
    data: Mapping[str, str] = field(default_factory=dict[str, str])


async def append(
    connection: AsyncConnection, happened: Sequence[Happened], *, now: datetime
) -> None:
    """Write events; those about a post are told at once by whoever drains the outbox."""
    if not happened:
        return
    await connection.execute(
        events.insert(),
        [
            {
                "server_id": event.server_id,
                "post_id": event.post_id,
                "kind": event.kind,
                "actor_id": event.actor_id,
                "at": now,
                "data": dict(event.data),
                "tell_at": now if event.post_id is not None else None,
            }
            for event in happened
        ],
    )


async def claim_untold(
    connection: AsyncConnection, *, now: datetime, lease_until: datetime, limit: int
) -> list[tuple[Event, int]]:
    """Take events to tell, oldest first, each with how often it was taken (1 the first time).

    An event of a post is left while an earlier one of the same post waits to be tried again.
    """
    earlier = events.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.post_id == events.c.post_id,
            earlier.c.id < events.c.id,
            earlier.c.tell_at > now,
        )
        .exists()
    )
    chosen = (
        select(events.c.id)
        .where(text("tell_at IS NOT NULL"), events.c.tell_at <= now, ~blocked)
        .order_by(events.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(events)
        .where(events.c.id.in_(chosen))
        .values(tell_at=lease_until, tries=events.c.tries + 1)
        .returning(events)
    )
    rows = (await connection.execute(statement)).mappings()
    return sorted(((_from_row(row), row["tries"]) for row in rows), key=lambda pair: pair[0].id)


async def told(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Take events out of the outbox: they were told."""
    await connection.execute(update(events).where(events.c.id.in_(ids)).values(tell_at=None))


async def tell_again(connection: AsyncConnection, ids: Collection[int], at: datetime) -> None:
    """Leave events in the outbox until a later moment."""
    await connection.execute(update(events).where(events.c.id.in_(ids)).values(tell_at=at))


async def release(connection: AsyncConnection, *, now: datetime) -> None:
    """Make every event of the outbox due now: whoever held them is gone."""
    await connection.execute(update(events).where(text("tell_at IS NOT NULL")).values(tell_at=now))


async def find(connection: AsyncConnection, *, server_id: int, post_id: int) -> list[Event]:
    """Everything that happened to a post, oldest first."""
    statement = (
        select(events)
        .where(events.c.server_id == server_id, events.c.post_id == post_id)
        .order_by(events.c.id)
    )
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


def _from_row(row: RowMapping) -> Event:
    return Event(
        id=row["id"],
        server_id=row["server_id"],
        kind=EventKind(row["kind"]),
        at=row["at"],
        post_id=row["post_id"],
        actor_id=row["actor_id"],
        data=row["data"],
    )
