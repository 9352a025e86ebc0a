"""Queries of what waits at one connection, and its way to accounts of others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Target
from bot.domain.times import Timing
from db import other_account
from db.tables import deliveries

# What is with the machine or waits for people; `unknown` and `failed` are told and stay as they are.
_OPEN = text(
    "state IN ('waiting', 'submitting', 'submitted', 'scheduled_at_provider', 'held', 'missed')"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A delivery that goes on with another account, from the state it is in or `to` another; the
    moment (UTC) when it is tried, and whether the service keeps the time.
    """

    delivery: Delivery
    target: Target
    to: DeliveryState
    try_at: datetime
    timing: Timing


async def at_connection(
    connection: AsyncConnection, *, server_id: int, connection_id: int
) -> Mapping[int, frozenset[DeliveryState]]:
    """The posts (ids) of which something waits or is under way at a connection, with its states."""
    statement = (
        select(deliveries.c.post_id, deliveries.c.state)
        .where(
            _OPEN,
            deliveries.c.server_id == server_id,
            deliveries.c.connection_id == connection_id,
        )
        .distinct()
        .order_by(deliveries.c.post_id)
    )
    found: defaultdict[int, set[DeliveryState]] = defaultdict(set)
    for row in await connection.execute(statement):
        found[row.post_id].add(DeliveryState(row.state))
    return {post_id: frozenset(states) for post_id, states in found.items()}


async def hand_on(connection: AsyncConnection, steps: Sequence[Step]) -> bool:
    """Have deliveries go on with other accounts, as if they had never been tried; False, and
    nothing done, where one has left meanwhile.
    """
    held = {step.delivery.id: step for step in steps}
    still = select(deliveries.c.id, deliveries.c.state).where(deliveries.c.id.in_(held))
    rows = await connection.execute(still.with_for_update())
    if any(row.state != _expected(held[row.id]) for row in rows):
        return False
    await connection.execute(_HAND_ON, [_values(step) for step in steps])
    return True


def _expected(step: Step) -> DeliveryState:
    """The state it was read in; what its service gave back just now is held."""
    is_there = step.delivery.state is DeliveryState.SCHEDULED_AT_PROVIDER
    return DeliveryState.HELD if is_there else step.delivery.state


def _values(step: Step) -> dict[str, object]:
    return {
        "delivery": step.delivery.id,
        "to": step.to,
        **other_account.values(step.target, step.timing, step.try_at),
    }


_HAND_ON = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(state=bindparam("to"), **other_account.COLUMNS)
)
