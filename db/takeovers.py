"""Deliveries given to the backups of their accounts, in the tables `deliveries` and `accounts`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DeliveryState
from bot.domain.post import Target
from bot.domain.server import ConnectionHealth
from bot.domain.times import Timing
from db import other_account
from db.tables import accounts, connections, deliveries, servers


@dataclass(frozen=True, kw_only=True, slots=True)
class Takeover:
    """Who publishes in the place of an account (its id) that definitely refused, and who keeps the
    time from now on. Where that one may not, the delivery is `otherwise`.
    """

    refused_id: int
    backup: Target
    timing: Timing
    otherwise: DeliveryState = DeliveryState.FAILED


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One delivery of an attempt that its backup takes over at a moment (UTC), and why."""

    delivery_id: int
    attempt_id: int | None
    takeover: Takeover
    at: datetime | None
    why: str


async def allowed(
    connection: AsyncConnection, refused_ids: Collection[int]
) -> set[tuple[int, int]]:
    """Accounts that refused and their backups (ids) which may take over now: as an admin named
    them, still usable, in servers that have failover on.
    """
    statement = _ready().where(_refused.c.id.in_(refused_ids))
    return {(row.id, row.backup_id) for row in await connection.execute(statement)}


def may_be_taken_over() -> ColumnElement[bool]:
    """The condition, in a statement on `deliveries`, that a backup takes over when its account
    refuses.
    """
    ready = _ready().with_only_columns(_backup.c.id).where(_refused.c.id == deliveries.c.account_id)
    return and_(deliveries.c.backup.is_not(None), ready.scalar_subquery().is_not(None))


_refused, _backup = accounts.alias("refused"), accounts.alias("backup")


def _ready() -> Select[int, int]:
    """Accounts with backups that are usable, in servers that have failover on."""
    return (
        select(_refused.c.id, _backup.c.id.label("backup_id"))
        .join(_backup, _refused.c.backup_id == _backup.c.id)
        .join(servers, _refused.c.server_id == servers.c.server_id)
        .join(connections, _backup.c.connection_id == connections.c.id)
        .where(
            _refused.c.server_id == _backup.c.server_id,
            _backup.c.usable,
            connections.c.health != ConnectionHealth.REFUSED,
            servers.c.failover,
        )
    )


async def make(connection: AsyncConnection, steps: Sequence[Step]) -> None:
    """Give deliveries that are being sent to their backups, as if they had never been tried."""
    await connection.execute(_TAKE_OVER, [_values(step) for step in steps])


def _values(step: Step) -> dict[str, object]:
    takeover = step.takeover
    return {
        "delivery": step.delivery_id,
        "attempt": step.attempt_id,
        "why": step.why,
        **other_account.values(takeover.backup, takeover.timing, step.at),
    }


_TAKE_OVER = (
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("delivery"),
        deliveries.c.state == DeliveryState.SUBMITTING,
        deliveries.c.attempt_id == bindparam("attempt"),
    )
    .values(state=DeliveryState.WAITING, takeover=bindparam("why"), **other_account.COLUMNS)
)
