"""What simulated services keep beside posts: JSON objects by sort and name, in SQLite."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any


class Drawer:
    """JSON objects by sort and name; every change is on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / "drawer.db"
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute(
                "CREATE TABLE IF NOT EXISTS kept"
                " (sort TEXT, name TEXT, body TEXT, PRIMARY KEY (sort, name))"
            )

    def put(self, sort: str, name: str, body: Any) -> None:
        """Add one or store its new state."""
        with self._open() as db:
            db.execute(
                "INSERT INTO kept VALUES (?, ?, ?)"
                " ON CONFLICT (sort, name) DO UPDATE SET body = excluded.body",
                (sort, name, json.dumps(body)),
            )

    def get(self, sort: str, name: str) -> Any:
        """One of a sort; None when there is none."""
        with self._open() as db:
            found = db.execute(
                "SELECT body FROM kept WHERE sort = ? AND name = ?", (sort, name)
            ).fetchone()
        return json.loads(found[0]) if found else None

    def all(self, sort: str) -> dict[str, Any]:
        """All of a sort by name, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT name, body FROM kept WHERE sort = ? ORDER BY rowid", (sort,))
            return {name: json.loads(body) for name, body in rows}

    def remove(self, sort: str, name: str) -> None:
        """Forget one."""
        with self._open() as db:
            db.execute("DELETE FROM kept WHERE sort = ? AND name = ?", (sort, name))

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        # A connection per use, so that nothing has to be closed when the sandbox is killed.
        with closing(sqlite3.connect(self._file, timeout=10)) as db, db:
            yield db
