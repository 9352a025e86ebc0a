"""What a simulated service keeps: its posts and the number of publish calls, in SQLite."""

import json
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(kw_only=True, slots=True)
class Post:
    """One accepted post; `files` are the media it fetched: name on the shelf, content type. `cover` is
    a moment of its video (`3000 ms`), or the name of a picture on the shelf.
    """

    id: str
    at: str
    account_id: str
    kind: str
    text: str
    title: str
    urls: list[str]
    visibility: str
    draft: bool
    status: str
    files: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    fail_reason: str = ""
    public_id: str = ""
    link: str = ""
    cover: str = ""

    @property
    def content(self) -> str:
        """What makes two publications the same to a reader: account, text and media."""
        media = [name for name, _ in self.files] or self.urls
        return json.dumps([self.account_id, self.text, media])


class Shelf:
    """The posts of one service; every change is on disk when the call returns."""

    def __init__(self, folder: Path) -> None:
        self.media = folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self._file = folder / "service.db"
        with self._open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, body TEXT)")
            db.execute("CREATE TABLE IF NOT EXISTS calls (number INTEGER PRIMARY KEY)")

    def put(self, post: Post) -> None:
        """Add a post or store its new state."""
        with self._open() as db:
            db.execute(
                "INSERT INTO posts VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (post.id, json.dumps(asdict(post))),
            )

    def get(self, post_id: str) -> Post | None:
        """A post by its publish id."""
        with self._open() as db:
            row = db.execute("SELECT body FROM posts WHERE id = ?", (post_id,)).fetchone()
        return _post(row[0]) if row else None

    def posts(self) -> list[Post]:
        """All posts, oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT body FROM posts ORDER BY rowid").fetchall()
        return [_post(body) for (body,) in rows]

    def count_call(self) -> None:
        """Note one more publish call."""
        with self._open() as db:
            db.execute("INSERT INTO calls DEFAULT VALUES")

    @property
    def calls(self) -> int:
        """How many publish calls came."""
        with self._open() as db:
            return db.execute("SELECT count(*) FROM calls").fetchone()[0]

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        # A connection per use, so that nothing has to be closed when the sandbox is killed.
        with closing(sqlite3.connect(self._file, timeout=10)) as db, db:
            yield db


def _post(body: str) -> Post:
    post = Post(**json.loads(body))
    post.files = [(name, content_type) for name, content_type in post.files]
    return post
