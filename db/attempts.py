"""Queries of the table `attempts`: the ledger row written before each call to a service."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import attempts, connections


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempt:
    """One call about to be made; `key` names what it means to do, for ever."""

    server_id: int
    post_id: int
    connection_id: int
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """A call that was made: `outcome` is None while it is under way, or was cut off."""

    id: int
    key: str
    started_at: datetime
    outcome: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A call as people read of it: which service, when (UTC), how it ended, and what is kept of the
    answer, redacted. `outcome` and `ended_at` are None while it is under way, or was cut off.
    """

    id: int
    provider: str | None
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    detail: str


async def find(connection: AsyncConnection, *, server_id: int, post_id: int) -> list[Made]:
    """Every call that was made for a server's post, oldest first."""
    statement = (
        select(
            attempts.c.id,
            connections.c.provider,
            attempts.c.started_at,
            attempts.c.ended_at,
            attempts.c.outcome,
            attempts.c.detail,
        )
        .outerjoin_from(attempts, connections, connections.c.id == attempts.c.connection_id)
        .where(attempts.c.server_id == server_id, attempts.c.post_id == post_id)
        .order_by(attempts.c.id)
    )
    return [Made(**row) for row in (await connection.execute(statement)).mappings()]


async def by_ids(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Ledger]:
    """The ledger rows with these ids."""
    statement = select(
        attempts.c.id, attempts.c.key, attempts.c.started_at, attempts.c.outcome
    ).where(attempts.c.id.in_(ids))
    rows = (await connection.execute(statement)).mappings()
    return {row["id"]: Ledger(**row) for row in rows}


async def insert(
    connection: AsyncConnection,
    started: Sequence[Attempt],
    *,
    now: datetime,
    lease_until: datetime,
) -> list[int]:
    """Write the ledger rows, no two for the same key; their ids in the order of `started`."""
    # In one statement: SQLite returns rows in any order, and in order only one by one.
    result = await connection.execute(
        attempts.insert().returning(attempts.c.key, attempts.c.id),
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
    ids = {row.key: row.id for row in result}
    return [ids[attempt.key] for attempt in started]


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
