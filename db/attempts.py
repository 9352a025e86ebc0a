"""Queries of the table `attempts`: the ledger row written before each call to a service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import attempts


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One call about to be made; `key` names what it means to do, for ever."""

    server_id: int
    post_id: int
    connection_id: int
    key: str


async def insert(
    connection: AsyncConnection,
    started: Sequence[Attempt],
    *,
    now: datetime,
    lease_until: datetime,
) -> list[int]:
    """Write the ledger rows; their ids in the order of `started`."""
    result = await connection.execute(
        attempts.insert().returning(attempts.c.id, sort_by_parameter_order=True),
        [
            {
                "server_id": attempt.server_id,
                "post_id": attempt.post_id,
                "connection_id": attempt.connection_id,
                "key": attempt.key,
                "started_at": now,
                "lease_until": lease_until,
            }
            for attempt in started
        ],
    )
    return list(result.scalars())


async def end(
    connection: AsyncConnection, outcomes: Sequence[tuple[int, str, str]], *, now: datetime
) -> None:
    """Write how calls ended: (attempt id, outcome, redacted detail)."""
    await connection.execute(
        update(attempts)
        .where(attempts.c.id == bindparam("attempt"))
        .values(outcome=bindparam("ended"), detail=bindparam("told"), ended_at=now),
        [{"attempt": attempt, "ended": ended, "told": told} for attempt, ended, told in outcomes],
    )
