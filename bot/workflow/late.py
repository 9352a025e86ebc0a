"""The late policy: what is too late for its server is missed, and people are asked about it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.deliveries
import db.late
from bot.domain.delivery import DeliveryState
from bot.workflow import record
from db.moves import Move

REMEDY = "Say with “What to do” whether it goes out now, later, or not at all."


async def miss(transaction: AsyncConnection, *, now: datetime) -> bool:
    """Miss what waits and is too late, tell of it, and settle its posts; whether there was any.

    What is paused waits on, and is late when the pause ends.
    """
    missed = await db.late.miss(transaction, now=now, remedy=REMEDY)
    if not missed:
        return False
    posts = await db.deliveries.find(transaction, set(missed.values()))
    moved = [
        (item, _move_of(item.id, item.reason))
        for deliveries in posts.values()
        for item in deliveries
        if item.id in missed
    ]
    await record.tell(transaction, moved, now=now)
    return True


def _move_of(delivery_id: int, reason: str) -> Move:
    """The move that was made, as it is told."""
    return Move(
        delivery_id=delivery_id,
        expected=DeliveryState.WAITING,
        to=DeliveryState.MISSED,
        reason=reason,
        remedy=REMEDY,
    )
