"""One database, SQLite or PostgreSQL: transactions to write, snapshots to read."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import DatabaseAwayError
from db import one_trip

BUSY_TIMEOUT_SECONDS = 10

_TROUBLES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
    }
)


class Database:
    """The engines. On SQLite one connection writes and others read, as WAL allows."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        # A pool sends away whoever waits for half a minute, and with it a result to be recorded;
        # here everybody gets their turn.
        self._turn = asyncio.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            _make_folder(parsed)
            self._writer = _sqlite(parsed, pool_size=1)
            self._reader = _sqlite(parsed, pool_size=4)
        else:
            self._writer = self._reader = create_async_engine(
                parsed, pool_size=8, max_overflow=4, pool_pre_ping=True
            )

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        """A transaction that is committed at the end, and rolled back by an exception.

        Raises DatabaseAwayError while nothing can be written.
        """
        with _away():
            async with self._turn, self._writer.begin() as connection:
                yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        """A connection for reads; what it sees may be older than a transaction under way.

        Raises DatabaseAwayError while nothing can be read.
        """
        with _away():
            async with self._reader.connect() as connection:
                yield connection

    async def close(self) -> None:
        """Close every connection; without it aiosqlite's threads keep the process alive."""
        await self._writer.dispose()
        await self._reader.dispose()


@contextmanager
def _away() -> Generator[None]:
    """Tell a database that cannot work now from a statement that is wrong."""
    try:
        yield
    except OperationalError as error:
        # SQLite says the same of both but for a number; psycopg does not.
        code = getattr(error.orig, "sqlite_errorcode", None)
        if code is None or code & 0xFF in _TROUBLES:
            raise DatabaseAwayError(str(error.orig)) from error
        raise


def _make_folder(url: URL) -> None:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _sqlite(url: URL, *, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "async_creator_fn": one_trip.connect},
    )
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin_immediate if pool_size == 1 else _begin)
    return engine


def _configure(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin too late (before the first write, not the first read),
    # so it is left in autocommit and the engine says BEGIN itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
