"""Queries of the table `deliveries`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, case, func, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import Post, Target
from db.tables import Moment, deliveries

_COLUMNS = (
    deliveries.c.id,
    deliveries.c.post_id,
    deliveries.c.server_id,
    deliveries.c.state,
    deliveries.c.due_at,
    deliveries.c.content_hash,
    deliveries.c.attempts,
    deliveries.c.attempt_id,
    deliveries.c.tried_since,
    deliveries.c.submitted_at,
    deliveries.c.remote_id,
    deliveries.c.link,
    deliveries.c.reason,
    deliveries.c.remedy,
    deliveries.c.account_id,
    deliveries.c.connection_id,
    deliveries.c.provider,
    deliveries.c.remote_account_id,
    deliveries.c.platform,
    deliveries.c.name,
    deliveries.c.options,
)

# Literals, so that PostgreSQL's generic plans can use the partial indexes.
_WAITING = text("state = 'waiting'")
_SUBMITTING = text("state = 'submitting'")
_FOLLOWED = text("poll_at IS NOT NULL")


async def insert(connection: AsyncConnection, post: Post, *, due_at: datetime) -> None:
    """Create the waiting deliveries of a post just approved, one per target."""
    await connection.execute(
        deliveries.insert(),
        [
            {
                "server_id": post.server_id,
                "post_id": post.id,
                "account_id": target.account_id,
                "connection_id": target.connection_id,
                "provider": target.provider,
                "remote_account_id": target.remote_id,
                "platform": target.platform,
                "name": target.name,
                "options": dict(target.options),
                "content_hash": post.content.digest(),
                "state": DeliveryState.WAITING,
                "due_at": due_at,
                "try_at": due_at,
            }
            for target in post.content.targets
        ],
    )


async def find(connection: AsyncConnection, post_ids: Collection[int]) -> dict[int, list[Delivery]]:
    """The deliveries of these posts, by post, in the order of their targets."""
    statement = (
        select(*_COLUMNS).where(deliveries.c.post_id.in_(post_ids)).order_by(deliveries.c.id)
    )
    found: dict[int, list[Delivery]] = {post_id: [] for post_id in post_ids}
    for row in (await connection.execute(statement)).mappings():
        found[row["post_id"]].append(_from_row(row))
    return found


async def claim_due(
    connection: AsyncConnection,
    *,
    now: datetime,
    lease_until: datetime,
    free: Mapping[int, int],
    calls_at_once: Mapping[str, int],
) -> list[Delivery]:
    """Move due deliveries to submitting in one statement, and return them.

    `calls_at_once` says per service how many calls one connection makes together, `free` how many
    may start now at the connections that are busy or resting: the rest is left for later.
    """
    slots = case(dict(calls_at_once), value=deliveries.c.provider, else_=1)
    if free:
        slots = case(dict(free), value=deliveries.c.connection_id, else_=slots)
    turn = func.row_number().over(
        partition_by=deliveries.c.connection_id, order_by=(deliveries.c.try_at, deliveries.c.id)
    )
    ranked = (
        select(deliveries.c.id, turn.label("turn"), slots.label("slots"))
        .where(_WAITING, deliveries.c.try_at <= now)
        .subquery()
    )
    chosen = (
        select(deliveries.c.id)
        .where(
            _WAITING,
            deliveries.c.id.in_(select(ranked.c.id).where(ranked.c.turn <= ranked.c.slots)),
        )
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(deliveries)
        .where(_WAITING, deliveries.c.id.in_(chosen))
        .values(
            state=DeliveryState.SUBMITTING,
            lease_until=lease_until,
            attempts=deliveries.c.attempts + 1,
            tried_since=func.coalesce(deliveries.c.tried_since, literal(now, Moment)),
            reason="",
            remedy="",
        )
        .returning(*_COLUMNS)
    )
    rows = (await connection.execute(statement)).mappings()
    return sorted(map(_from_row, rows), key=lambda delivery: delivery.id)


async def set_attempts(connection: AsyncConnection, pairs: Sequence[tuple[int, int]]) -> None:
    """Tie claimed deliveries to the ledger row of their call: (delivery id, attempt id)."""
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.id == bindparam("delivery"))
        .values(attempt_id=bindparam("attempt")),
        [{"delivery": delivery, "attempt": attempt} for delivery, attempt in pairs],
    )


async def claim_lapsed(connection: AsyncConnection, *, now: datetime | None) -> list[Delivery]:
    """The submitting deliveries whose lease lapsed; all of them when `now` is None."""
    statement = select(*_COLUMNS).where(_SUBMITTING)
    if now is not None:
        statement = statement.where(deliveries.c.lease_until <= now)
    statement = statement.with_for_update(skip_locked=True)
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def claim_polls(
    connection: AsyncConnection, *, now: datetime, lease_until: datetime, limit: int
) -> list[Delivery]:
    """Take deliveries that are to be asked about now: how they end, or where they are seen."""
    chosen = (
        select(deliveries.c.id)
        .where(_FOLLOWED, deliveries.c.poll_at <= now)
        .order_by(deliveries.c.poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(deliveries)
        .where(deliveries.c.id.in_(chosen))
        .values(poll_at=lease_until)
        .returning(*_COLUMNS)
    )
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def release_polls(connection: AsyncConnection, *, now: datetime) -> None:
    """Make everything that is followed due to be asked about: whoever asked is gone."""
    await connection.execute(update(deliveries).where(_FOLLOWED).values(poll_at=now))


async def cancel_waiting(connection: AsyncConnection, post_id: int) -> int:
    """Cancel what has not left; how many deliveries that were."""
    statement = (
        update(deliveries)
        .where(deliveries.c.post_id == post_id, _WAITING)
        .values(state=DeliveryState.CANCELLED)
    )
    return (await connection.execute(statement)).rowcount


def _from_row(row: RowMapping) -> Delivery:
    return Delivery(
        id=row["id"],
        post_id=row["post_id"],
        server_id=row["server_id"],
        target=Target(
            account_id=row["account_id"],
            connection_id=row["connection_id"],
            provider=row["provider"],
            remote_id=row["remote_account_id"],
            platform=Platform(row["platform"]),
            name=row["name"],
            options=row["options"],
        ),
        state=DeliveryState(row["state"]),
        due_at=row["due_at"],
        content_hash=row["content_hash"],
        attempts=row["attempts"],
        attempt_id=row["attempt_id"],
        tried_since=row["tried_since"],
        submitted_at=row["submitted_at"],
        remote_id=row["remote_id"],
        link=row["link"],
        reason=row["reason"],
        remedy=row["remedy"],
    )
