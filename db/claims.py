"""Claims of the table `deliveries`: who works on which, and until when nobody else may."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from db.deliveries import COLUMNS, WAITING, from_row
from db.health import is_disconnected
from db.late import is_late
from db.pauses import is_paused
from db.tables import Moment, deliveries

# Literals, so that PostgreSQL's generic plans can use the partial indexes.
_SUBMITTING = text("state = 'submitting'")
_FOLLOWED = text("poll_at IS NOT NULL")


async def claim_due(
    connection: AsyncConnection,
    *,
    now: datetime,
    lease_until: datetime,
    free: Mapping[int, int],
    calls_at_once: Mapping[str, int],
    shared: Collection[str] = (),
) -> list[Delivery]:
    """Move due deliveries to submitting in one statement, and return them.

    `calls_at_once` says per service how many calls one connection makes together, `free` how many
    may start now at the connections that are busy or resting: the rest is left for later. At the
    `shared` services one call carries a post's accounts, so these are taken together. What is
    paused, too late to go out, or waits for its account to be connected anew, is left.
    """
    slots = case(dict(calls_at_once), value=deliveries.c.provider, else_=1)
    if free:
        slots = case(dict(free), value=deliveries.c.connection_id, else_=slots)
    call = case((deliveries.c.provider.in_(shared), deliveries.c.post_id), else_=deliveries.c.id)
    turn = func.dense_rank().over(
        partition_by=deliveries.c.connection_id, order_by=(deliveries.c.try_at, call)
    )
    ranked = (
        select(deliveries.c.id, turn.label("turn"), slots.label("slots"))
        .where(
            WAITING,
            deliveries.c.try_at <= now,
            ~is_late(connection, now),
            ~is_paused(),
            ~is_disconnected(),
        )
        .subquery()
    )
    chosen = (
        select(deliveries.c.id)
        .where(
            WAITING,
            deliveries.c.id.in_(select(ranked.c.id).where(ranked.c.turn <= ranked.c.slots)),
        )
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(deliveries)
        .where(WAITING, deliveries.c.id.in_(chosen))
        .values(
            state=DeliveryState.SUBMITTING,
            lease_until=lease_until,
            attempts=deliveries.c.attempts + 1,
            tried_since=func.coalesce(deliveries.c.tried_since, literal(now, Moment)),
            reason="",
            remedy="",
        )
        .returning(*COLUMNS)
    )
    rows = (await connection.execute(statement)).mappings()
    return sorted(map(from_row, rows), key=lambda delivery: delivery.id)


async def set_attempts(connection: AsyncConnection, pairs: Sequence[tuple[int, int]]) -> None:
    """Tie claimed deliveries to the ledger row of their call: (delivery id, attempt id)."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id == bindparam("delivery"))
        .values(attempt_id=bindparam("attempt")),
        [{"delivery": delivery, "attempt": attempt} for delivery, attempt in pairs],
    )


async def prolong(connection: AsyncConnection, ids: Collection[int], lease_until: datetime) -> None:
    """Keep claimed deliveries for longer, to find out about their call once more."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id.in_(ids))
        .values(lease_until=lease_until, attempts=deliveries.c.attempts + 1)
    )


async def claim_lapsed(connection: AsyncConnection, *, now: datetime | None) -> list[Delivery]:
    """The submitting deliveries whose lease lapsed; all of them when `now` is None."""
    statement = select(*COLUMNS).where(_SUBMITTING)
    if now is not None:
        statement = statement.where(deliveries.c.lease_until <= now)
    statement = statement.with_for_update(skip_locked=True)
    return [from_row(row) for row in (await connection.execute(statement)).mappings()]


async def claim_polls(
    connection: AsyncConnection,
    *,
    now: datetime,
    lease_until: datetime,
    limit: int,
    resting: Collection[int] = (),
) -> list[Delivery]:
    """Take deliveries that are to be asked about now: how they end, or where they are seen.

    Those at `resting` connections are left for as long as they may be asked about at all.
    """
    is_asked = deliveries.c.connection_id.not_in(resting)
    is_last_time = deliveries.c.poll_at < now - pace.FOLLOW_BOUND
    chosen = (
        select(deliveries.c.id)
        .where(_FOLLOWED, deliveries.c.poll_at <= now, or_(is_asked, is_last_time))
        .order_by(deliveries.c.poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(deliveries)
        .where(deliveries.c.id.in_(chosen))
        .values(poll_at=lease_until)
        .returning(*COLUMNS)
    )
    return [from_row(row) for row in (await connection.execute(statement)).mappings()]


async def release_polls(connection: AsyncConnection, *, now: datetime) -> None:
    """Make everything that is followed due to be asked about: whoever asked is gone."""
    await connection.execute(update(deliveries).where(_FOLLOWED).values(poll_at=now))
