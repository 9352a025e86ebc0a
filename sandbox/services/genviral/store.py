"""What the simulated Genviral keeps: posts, files and the number of calls, in SQLite."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(kw_only=True, slots=True)
class State:
    """How far a post is at one account."""

    account_id: str
    status: str
    published_at: str | None = None
    error_message: str | None = None
    last_attempted_at: str | None = None
    published_url: str | None = None


@dataclass(kw_only=True, slots=True)
class Post:
    """One post: the body it was made of, its key with a print of that body, and how far it is.

    `files` are the media that were fetched: name on the shelf, content type; `covers` the pictures
    of its settings, by their addresses.
    """

    id: str
    key: str
    print: str
    body: dict[str, Any]
    status: str
    scheduled_at: str
    created_at: str
    states: list[State]
    files: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    covers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(kw_only=True, slots=True)
class File:
    """A place for an upload; `signature` lets it in, `stored` says that the bytes came."""

    id: str
    content_type: str
    extension: str
    filename: str
    signature: str
    created_at: str
    duration: float | None = None
    size: int | None = None
    stored: bool = False

    @property
    def name(self) -> str:
        """The name of the file in its address."""
        return f"{self.id}.{self.extension}"


class Store:
    """Posts and files by id; every change is on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        self.media = folder / "media"
        self.uploads = folder / "uploads"
        for place in (self.media, self.uploads):
            place.mkdir(parents=True, exist_ok=True)
        self._file = folder / "service.db"
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, body TEXT)")
            db.execute("CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, body TEXT)")
            db.execute("CREATE TABLE IF NOT EXISTS calls (number INTEGER PRIMARY KEY)")

    def put(self, thing: Post | File) -> None:
        """Add a post or a file, or keep its new state."""
        table = "posts" if isinstance(thing, Post) else "files"
        with self._open() as db:
            db.execute(
                f"INSERT INTO {table} VALUES (?, ?)"  # noqa: S608 - one of two words
                " ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (thing.id, json.dumps(asdict(thing))),
            )

    def delete(self, post_id: str) -> None:
        """Remove a post for good."""
        with self._open() as db:
            db.execute("DELETE FROM posts WHERE id = ?", (post_id,))

    def post(self, post_id: str) -> Post | None:
        """A post by its id."""
        return next((post for post in self.posts() if post.id == post_id), None)

    def posts(self) -> list[Post]:
        """All posts, oldest first."""
        return [_post(body) for body in self._bodies("posts")]

    def files(self) -> list[File]:
        """All places for uploads, oldest first."""
        return [File(**body) for body in self._bodies("files")]

    def file(self, file_id: str) -> File | None:
        """A place for an upload by its id."""
        return next((file for file in self.files() if file.id == file_id), None)

    def count_call(self) -> None:
        """Note one more publish call."""
        with self._open() as db:
            db.execute("INSERT INTO calls DEFAULT VALUES")

    @property
    def calls(self) -> int:
        """How many publish calls came."""
        with self._open() as db:
            return db.execute("SELECT count(*) FROM calls").fetchone()[0]

    def _bodies(self, table: str) -> list[dict[str, Any]]:
        with self._open() as db:
            rows = db.execute(f"SELECT body FROM {table} ORDER BY rowid").fetchall()  # noqa: S608
        return [json.loads(body) for (body,) in rows]

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        # A connection per use, so that nothing has to be closed when the sandbox is killed.
        with closing(sqlite3.connect(self._file, timeout=10)) as db, db:
            yield db


def _post(body: dict[str, Any]) -> Post:
    body["states"] = [State(**state) for state in body["states"]]
    body["files"] = [(name, content_type) for name, content_type in body["files"]]
    return Post(**body)
