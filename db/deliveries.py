"""Queries of the table `deliveries`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, RowMapping, bindparam, case, func, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DELIVERY_MOVES, Delivery, DeliveryState
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One delivery's move, valid only from `expected` and, if given, within the same attempt.

    Moments are UTC: `try_at` when the machine takes it again, `poll_at` when it asks again.
    """

    delivery_id: int
    expected: DeliveryState
    to: DeliveryState
    attempt_id: int | None = None
    remote_id: str = ""
    link: str = ""
    reason: str = ""
    remedy: str = ""
    try_at: datetime | None = None
    submitted_at: datetime | None = None
    poll_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """What a service says of a delivery that stays in its state; asked again at `poll_at`, UTC."""

    delivery: Delivery
    poll_at: datetime | None
    link: str = ""
    reason: str = ""


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


async def move(connection: AsyncConnection, moves: Sequence[Move]) -> list[Move]:
    """Make these moves; those that took effect. A move the table of moves forbids is a bug.

    A call that was slow but lived ends after its lease was reaped: its outcome still counts, as a
    move from `unknown`, while the attempt is the same.
    """
    for step in moves:
        if step.to not in DELIVERY_MOVES[step.expected]:
            raise ValueError(f"no move from {step.expected} to {step.to}")
    valid = await _still_valid(connection, moves)
    if valid:
        await connection.execute(_MOVE, [_values(step) for step in valid])
    return valid


async def _still_valid(connection: AsyncConnection, moves: Sequence[Move]) -> list[Move]:
    statement = (
        select(deliveries.c.id, deliveries.c.state, deliveries.c.attempt_id)
        .where(deliveries.c.id.in_([step.delivery_id for step in moves]))
        .order_by(deliveries.c.id)
        .with_for_update()
    )
    rows = {row.id: row for row in await connection.execute(statement)}
    fitted = (_fit(step, rows[step.delivery_id]) for step in moves)
    return [step for step in fitted if step]


def _fit(step: Move, row: Row[int, str, int | None]) -> Move | None:
    """The move as the row allows it, or None."""
    if step.attempt_id not in {None, row.attempt_id}:
        return None
    if row.state == step.expected:
        return step
    is_late = step.attempt_id is not None and row.state == DeliveryState.UNKNOWN
    if is_late and step.to in DELIVERY_MOVES[DeliveryState.UNKNOWN]:
        return replace(step, expected=DeliveryState.UNKNOWN)
    return None


def _values(step: Move) -> dict[str, Any]:
    return {
        "delivery": step.delivery_id,
        "expected": step.expected,
        "to": step.to,
        "told": step.reason,
        "advice": step.remedy,
        "asked_at": step.poll_at,
        "taken_at": step.try_at,
        "accepted_at": step.submitted_at,
        "service_id": step.remote_id,
        "address": step.link,
    }


_MOVE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.state == bindparam("expected"))
    .values(
        state=bindparam("to"),
        lease_until=None,
        reason=bindparam("told"),
        remedy=bindparam("advice"),
        poll_at=bindparam("asked_at", type_=Moment),
        try_at=func.coalesce(bindparam("taken_at", type_=Moment), deliveries.c.try_at),
        submitted_at=func.coalesce(
            bindparam("accepted_at", type_=Moment), deliveries.c.submitted_at
        ),
        remote_id=func.coalesce(func.nullif(bindparam("service_id"), ""), deliveries.c.remote_id),
        link=func.coalesce(func.nullif(bindparam("address"), ""), deliveries.c.link),
    )
)


async def follow(connection: AsyncConnection, steps: Sequence[Follow]) -> None:
    """Note what the service says of deliveries that stay in their state."""
    await connection.execute(
        update(deliveries)
        .where(
            deliveries.c.id == bindparam("delivery"), deliveries.c.state == bindparam("expected")
        )
        .values(
            poll_at=bindparam("at", type_=Moment),
            reason=bindparam("told"),
            link=func.coalesce(func.nullif(bindparam("address"), ""), deliveries.c.link),
        ),
        [
            {
                "delivery": step.delivery.id,
                "expected": step.delivery.state,
                "at": step.poll_at,
                "told": step.reason,
                "address": step.link,
            }
            for step in steps
        ],
    )


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
