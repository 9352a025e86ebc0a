"""Queries of the table `events`: the audit trail and the outbox."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.event import NOTICES, Event, EventKind
from db.tables import events

_OUTBOX = text("tell_at IS NOT NULL")  # a literal, for the partial index


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event about to be written."""

    server_id: int
    kind: EventKind
    post_id: int | None = None
    actor_id: int | None = None
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    is_told: bool = True  # False: only noted


async def append(
    connection: AsyncConnection,
    happened: Sequence[Happened],
    *,
    now: datetime,
    tell_at: datetime | None = None,
    trouble: str = "",
) -> None:
    """Write events; those about a post, and notices, are told by whoever drains the outbox, but for
    those that are only noted: at once, or at `tell_at` because of a `trouble`.
    """
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
                "tell_at": tell_at or now if _is_told(event) else None,
                "trouble": trouble,
            }
            for event in happened
        ],
    )


def _is_told(event: Happened) -> bool:
    return event.is_told and (event.post_id is not None or event.kind in NOTICES)


async def claim_untold(
    connection: AsyncConnection, *, now: datetime, lease_until: datetime, limit: int
) -> list[tuple[Event, int]]:
    """Take events of posts to tell, oldest first, each with how often it was taken (1 the first
    time).

    An event of a post is left while an earlier one of the same post waits to be tried again,
    unless that one is only about its card, or about a draft that was shared.
    """
    earlier = events.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.post_id == events.c.post_id,
            earlier.c.id < events.c.id,
            earlier.c.tell_at > now,
            earlier.c.kind.not_in([EventKind.CARD_DUE, EventKind.SHARED]),
        )
        .exists()
    )
    is_next = events.c.post_id.is_not(None) & ~blocked
    return await _claim(connection, is_next, now=now, lease_until=lease_until, limit=limit)


async def claim_notices(
    connection: AsyncConnection, *, now: datetime, lease_until: datetime, limit: int
) -> list[tuple[Event, int]]:
    """Take events to tell that are about no post, oldest first, each with how often it was taken."""
    # Not `IS NULL`, for which PostgreSQL would read the index of posts: all that is about none.
    is_notice = func.coalesce(events.c.post_id, 0) == 0
    return await _claim(connection, is_notice, now=now, lease_until=lease_until, limit=limit)


async def _claim(
    connection: AsyncConnection,
    which: ColumnElement[bool],
    *,
    now: datetime,
    lease_until: datetime,
    limit: int,
) -> list[tuple[Event, int]]:
    chosen = (
        select(events.c.id)
        .where(_OUTBOX, events.c.tell_at <= now, which)
        .order_by(events.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(events)
        .where(events.c.id.in_(chosen))
        .values(tell_at=lease_until, tries=events.c.tries + 1, trouble="")
        .returning(events)
    )
    rows = (await connection.execute(statement)).mappings()
    return sorted(((from_row(row), row["tries"]) for row in rows), key=lambda pair: pair[0].id)


async def told(connection: AsyncConnection, ids: Collection[int]) -> None:
    """Take events out of the outbox: they were told."""
    await connection.execute(update(events).where(events.c.id.in_(ids)).values(tell_at=None))


async def remember_message(
    connection: AsyncConnection, event_id: int, *, channel_id: int, message_id: int
) -> None:
    """Remember the message that tells an event."""
    statement = update(events).where(events.c.id == event_id)
    await connection.execute(
        statement.values(told_channel_id=channel_id, told_message_id=message_id)
    )


async def tell_again(
    connection: AsyncConnection, ids: Collection[int], at: datetime, trouble: str = ""
) -> None:
    """Leave those of the events that were not told in the outbox until a later moment; `trouble`
    says why.
    """
    await connection.execute(
        update(events).where(events.c.id.in_(ids), _OUTBOX).values(tell_at=at, trouble=trouble)
    )


async def release(
    connection: AsyncConnection, *, now: datetime, server_id: int | None = None
) -> None:
    """Make every event of the outbox due now: whoever held them is gone. Those of one server only
    where they wait because they could not be told.
    """
    statement = update(events).where(_OUTBOX).values(tell_at=now)
    if server_id is not None:
        statement = statement.where(events.c.server_id == server_id, events.c.trouble != "")
    await connection.execute(statement)


async def troubled(
    connection: AsyncConnection, *, server_id: int, limit: int
) -> list[tuple[Event, str]]:
    """The oldest events of a server that could not be told yet, each with why."""
    statement = (
        select(events)
        .where(_OUTBOX, events.c.server_id == server_id, events.c.trouble != "")
        .order_by(events.c.id)
        .limit(limit)
    )
    rows = (await connection.execute(statement)).mappings()
    return [(from_row(row), row["trouble"]) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Noted:
    """An event, whether it still waits to be told, and why it could not be; the ids of the channel
    and of the message that told it, where one did.
    """

    event: Event
    is_untold: bool
    trouble: str
    told_in: tuple[int, int] | None = None


async def find(connection: AsyncConnection, *, server_id: int, post_id: int) -> list[Event]:
    """Everything that happened to a post, oldest first."""
    return [item.event for item in await chain(connection, server_id=server_id, post_id=post_id)]


async def chain(connection: AsyncConnection, *, server_id: int, post_id: int) -> list[Noted]:
    """Everything that happened to a post, oldest first, and whether people were told of it."""
    statement = (
        select(events)
        .where(events.c.server_id == server_id, events.c.post_id == post_id)
        .order_by(events.c.id)
    )
    return [
        Noted(
            event=from_row(row),
            is_untold=row["tell_at"] is not None,
            trouble=row["trouble"],
            told_in=(row["told_channel_id"], row["told_message_id"])
            if row["told_message_id"]
            else None,
        )
        for row in (await connection.execute(statement)).mappings()
    ]


def from_row(row: RowMapping) -> Event:
    return Event(
        id=row["id"],
        server_id=row["server_id"],
        kind=EventKind(row["kind"]),
        at=row["at"],
        post_id=row["post_id"],
        actor_id=row["actor_id"],
        data=row["data"],
    )
