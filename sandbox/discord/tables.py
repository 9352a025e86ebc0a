"""The tables: whole in memory, written through to SQLite, so that a restart continues."""

import json
import sqlite3
from bisect import insort
from collections.abc import Iterator
from pathlib import Path

from sandbox.discord.values import Json


class Table:
    """Records of one kind by their id; change a record, then `save` it."""

    def __init__(self, db: sqlite3.Connection, name: str) -> None:
        self._db = db
        self._name = name
        rows = db.execute("SELECT id, body FROM records WHERE kind = ? ORDER BY rowid", (name,))
        self._records: dict[str, Json] = {key: json.loads(body) for key, body in rows}

    def __iter__(self) -> Iterator[Json]:
        return iter(list(self._records.values()))

    def __len__(self) -> int:
        return len(self._records)

    def get(self, key: str) -> Json | None:
        """Return the record, or None."""
        return self._records.get(key)

    def __getitem__(self, key: str) -> Json:
        return self._records[key]

    def save(self, record: Json) -> Json:
        """Keep a new or changed record."""
        self._records[record["id"]] = record
        self._db.execute(
            "INSERT INTO records VALUES (?, ?, ?)"
            " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            (self._name, record["id"], json.dumps(record)),
        )
        return record

    def drop(self, key: str) -> None:
        """Forget a record."""
        self._records.pop(key, None)
        self._db.execute("DELETE FROM records WHERE kind = ? AND id = ?", (self._name, key))


class Tables:
    """Everything the sandbox's Discord remembers, in one folder (`discord.db` and `files/`)."""

    def __init__(self, folder: Path) -> None:
        self.files_folder = folder / "files"
        self.files_folder.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(folder / "discord.db", isolation_level=None)
        # a lost power cord may cost the sandbox its last moments; a killed process may not
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS records (kind TEXT, id TEXT, body TEXT NOT NULL,"
            " PRIMARY KEY (kind, id))"
        )
        self.settings = Table(self._db, "settings")
        self.users = Table(self._db, "users")
        self.roles = Table(self._db, "roles")
        self.channels = Table(self._db, "channels")
        self.messages = Table(self._db, "messages")
        self.commands = Table(self._db, "commands")
        self.files = Table(self._db, "files")
        self._by_channel: dict[str, list[int]] = {}
        for message in self.messages:
            self._note(message)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def highest_id(self) -> int:
        """Return the highest snowflake in use, for the ids to go on from."""
        tables = (self.users, self.roles, self.channels, self.messages, self.commands, self.files)
        return max((int(record["id"]) for table in tables for record in table), default=0)

    def add_message(self, message: Json) -> None:
        """Keep a new message."""
        self.messages.save(message)
        self._note(message)

    def drop_message(self, message: Json) -> None:
        """Forget a message and its files."""
        self.messages.drop(message["id"])
        self._by_channel[message["channel_id"]].remove(int(message["id"]))
        for file_id in message["attachments"]:
            self.drop_file(file_id)

    def drop_file(self, file_id: str) -> None:
        """Forget a file with its bytes."""
        self.files.drop(file_id)
        (self.files_folder / file_id).unlink(missing_ok=True)

    def message_ids(self, channel_id: str) -> list[int]:
        """Return the ids of a channel's messages, oldest first."""
        return self._by_channel.get(channel_id, [])

    def _note(self, message: Json) -> None:
        insort(self._by_channel.setdefault(message["channel_id"], []), int(message["id"]))
