"""SQLite connections that take one trip to their thread for a statement.

aiosqlite goes there once for the cursor, once for the statement, once for its rows and once to
close; the trips, not the statements, are most of what a small transaction costs.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, TypeVar

import aiosqlite
from typing_extensions import override

_T = TypeVar("_T")
_CHUNK = 64  # rows; of iterations, which nobody makes


class Connection(aiosqlite.Connection):
    """A connection as SQLAlchemy's dialect for aiosqlite uses it."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=_CHUNK)
        self._thread.daemon = True  # as the dialect has it: a forgotten one ends with the process

    @override
    def cursor(self) -> "Cursor":  # pyright: ignore[reportIncompatibleMethodOverride]
        """A cursor; nothing happens yet."""
        return Cursor(self)

    async def in_thread(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """Run `work` in the connection's thread."""
        return await self._execute(  # pyright: ignore[reportUnknownMemberType]
            lambda: work(self._conn)
        )


class Cursor:
    """One statement and all its rows."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, parameters: Sequence[Any] = ()) -> None:
        """Run a statement and fetch what it returns."""
        await self._run(lambda cursor: cursor.execute(statement, parameters))

    async def executemany(self, statement: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each of many parameters."""
        await self._run(lambda cursor: cursor.executemany(statement, parameters))

    async def fetchall(self) -> list[Any]:
        """The rows."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open any more."""

    async def _run(self, work: Callable[[sqlite3.Cursor], Any]) -> None:
        def trip(connection: sqlite3.Connection) -> None:
            cursor = connection.cursor()
            try:
                work(cursor)
                self.description = cursor.description
                self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid
                self._rows = cursor.fetchall()
            finally:
                cursor.close()

        await self._connection.in_thread(trip)


async def connect(path: str, **options: Any) -> Connection:
    """Open a SQLite file, with the options of `sqlite3.connect`."""
    connection = Connection(lambda: sqlite3.connect(path, **options))
    await connection
    return connection
