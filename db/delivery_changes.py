"""What people change of deliveries that are not on their way: their time, their approval, or all."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import case, delete, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Revision
from bot.domain.times import Timing
from db.deliveries import WAITING
from db.tables import deliveries

_NOT_SENT = (DeliveryState.WAITING, DeliveryState.HELD)
_ENDED_BADLY = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.MISSED)


async def reschedule(
    connection: AsyncConnection,
    waiting: Sequence[Delivery],
    there: Collection[int],
    *,
    content: Revision,
    at: datetime,
    early: Mapping[int, datetime],
) -> int:
    """Give deliveries another time and the hash of the revision that has it; how many moved.

    `waiting` have not left, `there` (ids) wait at services that moved them already; `early` says by
    account id when a service that keeps the time is given the post.
    """
    promised = {"due_at": at, "content_hash": content.digest()}
    statement = (
        update(deliveries)
        .where(
            deliveries.c.id.in_(there),
            deliveries.c.state == DeliveryState.SCHEDULED_AT_PROVIDER,
        )
        .values(**promised, poll_at=at)
    )
    moved = (await connection.execute(statement)).rowcount
    for is_early in (False, True):
        chosen = [item for item in waiting if (item.target.account_id in early) is is_early]
        if not chosen:
            continue
        statement = (
            update(deliveries)
            .where(WAITING, deliveries.c.id.in_([item.id for item in chosen]))
            .values(
                **promised,
                timing=Timing.SERVICE if is_early else Timing.HERE,
                try_at=min(early[item.target.account_id] for item in chosen) if is_early else at,
            )
        )
        moved += (await connection.execute(statement)).rowcount
    return moved


async def withdraw(connection: AsyncConnection, post_id: int) -> bool:
    """Remove the deliveries of a post, all of them as `Delivery.is_untouched` has it; False, and the
    caller must not commit, when one is not.
    """
    is_untouched = (
        deliveries.c.state.in_(_NOT_SENT)
        & (deliveries.c.attempts == 0)
        & (deliveries.c.round == 0)
        & (deliveries.c.remote_id == "")
    )
    await connection.execute(
        delete(deliveries).where(deliveries.c.post_id == post_id, is_untouched)
    )
    left = select(deliveries.c.id).where(deliveries.c.post_id == post_id).limit(1)
    return (await connection.execute(left)).first() is None


async def approve_anew(
    connection: AsyncConnection, post_id: int, *, before: str, after: str
) -> None:
    """Bind deliveries of a post that were approved as it was `before` to what it is now, by the
    hashes of both.
    """
    await connection.execute(
        update(deliveries)
        .where(deliveries.c.post_id == post_id, deliveries.c.content_hash == before)
        .values(content_hash=after)
    )


async def begin_anew(
    connection: AsyncConnection, ids: Collection[int], *, at: datetime, keeping: Collection[int]
) -> list[int]:
    """Have deliveries that ended without being out published from the beginning, at a moment; the
    ids of those that still stood there. `keeping` are those whose id at the service still counts.

    Only what never left keeps its backup: of the rest people may be wrong that it is not out.
    """
    statement = (
        update(deliveries)
        .where(deliveries.c.id.in_(ids), deliveries.c.state.in_(_ENDED_BADLY))
        .values(
            state=DeliveryState.WAITING,
            due_at=at,
            try_at=at,
            tried_since=None,
            attempts=0,
            round=deliveries.c.round + 1,
            failures=0,
            poll_at=None,
            remote_id=case((deliveries.c.id.in_(keeping), deliveries.c.remote_id), else_=""),
            backup=case(
                (deliveries.c.state == DeliveryState.MISSED, deliveries.c.backup), else_=null()
            ),
            reason="",
            remedy="",
        )
        .returning(deliveries.c.id)
    )
    return list((await connection.execute(statement)).scalars())


async def cancel_waiting(connection: AsyncConnection, post_id: int) -> int:
    """Cancel what has not left, held back or not; how many deliveries that were."""
    statement = (
        update(deliveries)
        .where(deliveries.c.post_id == post_id, deliveries.c.state.in_(_NOT_SENT))
        .values(state=DeliveryState.CANCELLED)
    )
    return (await connection.execute(statement)).rowcount
