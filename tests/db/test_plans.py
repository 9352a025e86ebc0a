"""The statements of the ticks use their partial indexes: they read what is due, not all there is."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

import db.claims
import db.events
import db.health
import db.late
import db.overview
import db.post_moves
import db.reminders
import db.warnings
from db.database import Database
from tests.db.conftest import Rows
from tests.scripted import START

_asked = count()
MANY = 3000
LATER = START + timedelta(minutes=1)

Statement = Callable[[AsyncConnection], Awaitable[Any]]
STATEMENTS: dict[str, Statement] = {
    "ix_deliveries_due": lambda connection: db.claims.claim_due(
        connection, now=START, lease_until=LATER, free={1: 2}, calls_at_once={"wahdx": 4}
    ),
    "ix_deliveries_lease": lambda connection: db.claims.claim_lapsed(connection, now=START),
    "ix_deliveries_poll": lambda connection: db.claims.claim_polls(
        connection, now=START, lease_until=LATER, limit=500
    ),
    "ix_events_outbox": lambda connection: db.events.claim_untold(
        connection, now=START, lease_until=LATER, limit=200
    ),
    "ix_deliveries_due of what is too late": lambda connection: db.late.miss(
        connection, now=START, remedy=""
    ),
    "ix_events_outbox of notices": lambda connection: db.events.claim_notices(
        connection, now=START, lease_until=LATER, limit=50
    ),
    "ix_connections_checked": lambda connection: db.health.is_any_due(
        connection, before=START - timedelta(hours=1)
    ),
    "ix_posts_in_review": lambda connection: db.post_moves.expire(connection, now=START),
    "ix_posts_remind": lambda connection: db.reminders.take(connection, now=START, limit=200),
    "ix_posts_warn": lambda connection: db.warnings.due(connection, now=START, limit=200),
    "ix_deliveries_troubled": lambda connection: db.overview.troubled(
        connection, server_id=1, since=START, limit=25
    ),
    "ix_deliveries_due of what goes out soon": lambda connection: db.overview.waiting(
        connection, server_id=1, until=START, limit=25
    ),
}


async def statement_of(connection: AsyncConnection, run: Statement) -> tuple[str, Any]:
    """Run a query and catch what it sends first."""
    sent: list[tuple[str, Any]] = []

    def catch(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", catch)
    await run(connection)
    event.remove(connection.sync_connection, "before_cursor_execute", catch)
    return sent[0]


async def sqlite_plan(connection: AsyncConnection, statement: str, parameters: Any) -> str:
    """Ask SQLite how it runs a statement."""
    rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    return "\n".join(row.detail for row in rows)


async def postgres_plan(
    connection: AsyncConnection, statement: str, parameters: dict[str, Any]
) -> str:
    """Ask PostgreSQL for the plan it keeps for any parameters of a prepared statement."""
    names = list(parameters)
    numbered = re.sub(r"%\((\w+)\)s", lambda m: f"${names.index(m[1]) + 1}", statement)
    await connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    asked = f"asked_{next(_asked)}"  # a connection keeps what was prepared
    await connection.exec_driver_sql(f"PREPARE {asked} AS {numbered}")
    values = ", ".join(sql.Literal(parameters[name]).as_string() for name in names)
    explain = f"EXPLAIN EXECUTE {asked}" + (f"({values})" if names else "")
    return "\n".join(row[0] for row in await connection.exec_driver_sql(explain))


class UndoneError(Exception):
    """Ends a transaction that is to leave nothing."""


async def test_no_full_scan(
    database: Database, rows: Rows, engine: str, subtests: pytest.Subtests
) -> None:
    """With thousands of ended posts, a tick looks only at what is open."""
    await rows.many(MANY)
    plan_of = sqlite_plan if engine == "sqlite" else postgres_plan
    for index, run in STATEMENTS.items():
        plan = ""
        with suppress(UndoneError):
            async with database.transaction() as transaction:
                statement, parameters = await statement_of(transaction, run)
                plan = await plan_of(transaction, statement, parameters)
                raise UndoneError  # each statement finds what the others found
        with subtests.test(index):
            assert index.split()[0] in plan
            assert not re.search(
                r"SCAN (deliveries|events|posts|earlier|servers|pauses|accounts|connections)$",
                plan,
                re.MULTILINE,
            ), plan
            assert "Seq Scan on" not in plan, plan
