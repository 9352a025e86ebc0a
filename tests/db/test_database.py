"""How the database is opened, and what a transaction promises."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

import db.servers
from bot.domain.server import Server
from db.database import Database
from db.tables import accounts, connections
from tests.db.conftest import Rows
from tests.factories import SERVER
from tests.scripted import START

sqlite_only = pytest.mark.parametrize("engine", ["sqlite"])


@sqlite_only
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 10_000)],
)
async def test_pragmas(database: Database, pragma: str, value: object) -> None:
    """SQLite writes ahead, flushes on commit, checks foreign keys and waits for locks."""
    for opened in (database.transaction(), database.reading()):
        async with opened as connection:
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar_one() == value


async def test_exception_rolls_back(database: Database) -> None:
    """A transaction that ends in an exception leaves nothing."""

    async def save_and_fail() -> None:
        async with database.transaction() as transaction:
            await db.servers.save(transaction, Server(server_id=SERVER, zone="Europe/Berlin"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await save_and_fail()
    async with database.reading() as reading:
        assert await db.servers.get(reading, SERVER) == Server(server_id=SERVER)


async def test_settings_saved_twice(database: Database) -> None:
    """Saving settings again replaces them; 64-bit ids come back whole."""
    for zone in ("UTC", "Asia/Tokyo"):
        server = Server(server_id=2**63 - 1, approvals_channel_id=2**62, zone=zone)
        async with database.transaction() as transaction:
            await db.servers.save(transaction, server)
            assert await db.servers.get(transaction, server.server_id) == server


async def test_reading_goes_on_during_a_write(database: Database) -> None:
    """Readers neither wait for a transaction nor see it before it is committed."""
    async with database.transaction() as transaction:
        await db.servers.save(transaction, Server(server_id=SERVER, zone="Asia/Tokyo"))
        async with database.reading() as reading:
            assert (await db.servers.get(reading, SERVER)).zone == "UTC"


async def test_writers_take_turns(database: Database, database_url: str) -> None:
    """Writers of two processes wait for each other instead of failing."""
    other = Database(database_url)

    async def write(into: Database, server_id: int) -> None:
        async with into.transaction() as transaction:
            server = await db.servers.get(transaction, server_id)
            await db.servers.save(transaction, server)

    await asyncio.gather(*(write(into, n) for n in range(10) for into in (database, other)))
    await other.close()


async def test_foreign_keys_hold(database: Database) -> None:
    """An account without its connection is refused."""
    values = {"server_id": 1, "connection_id": 99, "remote_id": "a", "platform": "threads"}
    values |= {"name": "", "username": "", "usable": True, "refreshed_at": START}
    async with database.transaction() as transaction:
        with pytest.raises(IntegrityError):
            await transaction.execute(accounts.insert().values(**values))


async def test_moments_come_back_aware(database: Database, rows: Rows) -> None:
    """A moment given in any zone comes back as the same moment in UTC."""
    await rows.connection()
    tokyo = datetime(2026, 11, 20, 21, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    async with database.transaction() as transaction:
        await transaction.execute(connections.update().values(created_at=tokyo))
        found = (await transaction.execute(select(connections.c.created_at))).scalar_one()
    assert found == tokyo
    assert found.tzinfo is UTC


async def test_naive_moment_is_a_bug(database: Database) -> None:
    """A moment without a zone is refused before it is written."""
    naive = connections.update().values(created_at=START.replace(tzinfo=None))
    async with database.transaction() as transaction:
        with pytest.raises(StatementError, match="a moment needs a zone"):
            await transaction.execute(naive)


@sqlite_only
async def test_writers_wait_for_their_turn(database: Database) -> None:
    """However long others write, nobody is sent away: a result that cannot wait would be lost."""
    database._writer.pool._timeout = 0.001  # pyright: ignore[reportAttributeAccessIssue]
    served: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction():
            await asyncio.sleep(0.005)
            served.append(number)

    await asyncio.gather(*map(write, range(5)))
    assert served == list(range(5))
