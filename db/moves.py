"""Moves of deliveries: compare-and-swap updates of the table `deliveries`."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Row, bindparam, case, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DELIVERY_MOVES, Delivery, DeliveryState
from db import takeovers
from db.tables import Moment, deliveries
from db.takeovers import Step, Takeover


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One delivery's move, valid only from `expected` and, if given, within the same attempt.

    It may stay where it is, with a new reason or a new time to look at it again.
    Moments are UTC: `try_at` when the machine takes it again, `poll_at` when it asks again,
    `lease_until` when it finds out about a call that stays `submitting`. With a `takeover` it waits
    for another account to publish it; where that one may not, it is what that says otherwise. What
    `begins_anew` counts as never tried.
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
    lease_until: datetime | None = None
    takeover: Takeover | None = None
    begins_anew: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Follow:
    """What a service says of a delivery that stays in its state; asked again at `poll_at`, UTC.

    `failures` counts how often in a row it could not be asked.
    """

    delivery: Delivery
    poll_at: datetime | None
    link: str = ""
    reason: str = ""
    failures: int = 0


async def make(connection: AsyncConnection, moves: Sequence[Move]) -> list[Move]:
    """Make these moves; those that took effect. A move the table of moves forbids is a bug.

    A call that was slow but lived ends after its lease was reaped: its outcome still counts, as a
    move from `unknown`, while the attempt is the same. It is not put back to wait, though.
    """
    for step in moves:
        if step.to is not step.expected and step.to not in DELIVERY_MOVES[step.expected]:
            raise ValueError(f"no move from {step.expected} to {step.to}")
    valid = await _still_valid(connection, await _allowed(connection, moves))
    if plain := [_values(step) for step in valid if not step.takeover]:
        await connection.execute(_MOVE, plain)
    if given := [_step(step, step.takeover) for step in valid if step.takeover]:
        await takeovers.make(connection, given)
    return valid


async def _allowed(connection: AsyncConnection, moves: Sequence[Move]) -> Sequence[Move]:
    """The moves, with failures in the place of takeovers that are not allowed any more."""
    refused = {step.takeover.refused_id for step in moves if step.takeover}
    if not refused:
        return moves
    pairs = await takeovers.allowed(connection, refused)
    return [step if _is_allowed(step.takeover, pairs) else _without(step) for step in moves]


def _is_allowed(takeover: Takeover | None, pairs: Container[tuple[int, int]]) -> bool:
    return takeover is None or (takeover.refused_id, takeover.backup.account_id) in pairs


def _without(step: Move) -> Move:
    """What becomes of a refused delivery that nobody takes over."""
    to = step.takeover.otherwise if step.takeover else DeliveryState.FAILED
    return replace(step, to=to, takeover=None, try_at=None)


def _step(step: Move, takeover: Takeover) -> Step:
    return Step(
        delivery_id=step.delivery_id,
        attempt_id=step.attempt_id,
        takeover=takeover,
        at=step.try_at,
        why=step.reason,
    )


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
    if is_late and step.takeover:
        step = _without(step)
    # People were asked by now and may have written the post anew: it is not sent again by itself.
    if (
        is_late
        and step.to is not DeliveryState.WAITING
        and step.to in DELIVERY_MOVES[DeliveryState.UNKNOWN]
    ):
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
        "held_until": step.lease_until,
        "taken_at": step.try_at,
        "accepted_at": step.submitted_at,
        "service_id": step.remote_id,
        "address": step.link,
        "anew": step.begins_anew,
    }


_MOVE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"), deliveries.c.state == bindparam("expected"))
    .values(
        state=bindparam("to"),
        failures=0,
        attempts=case((bindparam("anew", type_=Boolean), 0), else_=deliveries.c.attempts),
        tried_since=case(
            (bindparam("anew", type_=Boolean), null()), else_=deliveries.c.tried_since
        ),
        lease_until=bindparam("held_until", type_=Moment),
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
            failures=bindparam("in_a_row"),
            reason=bindparam("told"),
            link=func.coalesce(func.nullif(bindparam("address"), ""), deliveries.c.link),
        ),
        [
            {
                "delivery": step.delivery.id,
                "expected": step.delivery.state,
                "at": step.poll_at,
                "in_a_row": step.failures,
                "told": step.reason,
                "address": step.link,
            }
            for step in steps
        ],
    )
