"""Posts at the simulated Genviral: create, update, retry and delete (seed 003; its pages on posts)."""

import asyncio
import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.services.fetching import (
    FORMATS,
    UnreachableError,
    WrongFormatError,
    extension,
    fetch,
)
from sandbox.services.genviral import rules
from sandbox.services.genviral.accounts import VIDEO
from sandbox.services.genviral.queue import Queue
from sandbox.services.genviral.refusals import RefusedError, invalid
from sandbox.services.genviral.settings_rules import part, stored
from sandbox.services.genviral.store import Post, State, Store

_EDITABLE = ("draft", "pending", "scheduled", "retry", "failed")
_DELETABLE = _EDITABLE
_SIZES = {"video": 100_000_000, "slideshow": 5_000_000}
_TYPES = ("mp4", "mov", "m4v", "avi")


class Posts:
    """What can be done with posts; raises RefusedError."""

    def __init__(self, store: Store, queue: Queue, on_change: Callable[[], None]) -> None:
        self._store = store
        self._queue = queue
        self._on_change = on_change
        self._one_at_a_time = asyncio.Lock()

    def get(self, post_id: str) -> Post | None:
        """A post by its id."""
        return self._store.post(post_id)

    async def create(self, body: dict[str, Any]) -> tuple[Post, bool]:
        """Take a post; True with it when it was there already."""
        mark = _print(body)
        key = body.get("external_id") or f"sha256:{mark}"
        async with self._one_at_a_time:
            for post in self._store.posts():
                if post.key == key:
                    return _replayed(post, mark), True
            post = Post(
                id=str(uuid.uuid4()),
                key=key,
                print=mark,
                body=body,
                status="",
                scheduled_at="",
                created_at=_iso(datetime.now(UTC)),
                states=[],
            )
            await self._fill(post)
            self._queue.take(post)
            return post, False

    async def update(self, post: Post, changes: dict[str, Any]) -> Post:
        """Change a post that is not out."""
        if changes.get("external_id", post.body.get("external_id")) != post.body.get("external_id"):
            raise RefusedError(409, "external_id_immutable", "external_id cannot be changed")
        if post.status not in _EDITABLE:
            raise invalid(f"Posts with status {post.status} cannot be edited")
        settings = stored(post.body)
        for name, given in stored(changes).items():
            settings[name] = settings.get(name, {}) | given
        merged = post.body | changes | ({"settings": settings} if settings else {})
        post.body = {name: value for name, value in merged.items() if value is not None}
        await self._fill(post)
        current = self._store.post(post.id)
        if current is None or current.status not in _EDITABLE:
            raise invalid("The post went out in the meantime")
        self._queue.take(post)
        return post

    def retry(self, post: Post, account_ids: list[str] | None) -> str | None:
        """Queue again what failed; why not, where nothing did."""
        if post.status not in ("failed", "partial"):
            return "Only failed or partial posts can be retried"
        failed = [state for state in post.states if state.status == "failed"]
        chosen = [state for state in failed if not account_ids or state.account_id in account_ids]
        if not chosen:
            return "No failed accounts to retry"
        for state in chosen:
            state.status, state.error_message = "retry", None
        post.status, post.scheduled_at = "retry", _iso(datetime.now(UTC))
        self._queue.take(post)
        return None

    def delete(self, post: Post) -> bool:
        """Remove a post that is not out; False where its status forbids it."""
        if post.status not in _DELETABLE:
            return False
        self._queue.drop(post.id)
        self._store.delete(post.id)
        self._on_change()
        return True

    async def _fill(self, post: Post) -> None:
        """Check the body and put what follows from it into the post."""
        now = datetime.now(UTC)
        accounts = rules.targets(post.body)
        at = rules.due(post.body, now)
        rules.check(post.body, accounts, self._seconds(post.body))
        post.files = [await self._fetched(url, post.body) for url in urls(post.body)]
        post.covers = {url: await self._picture(url) for url in cover_urls(post.body)}
        post.status = "scheduled" if at else "pending"
        post.scheduled_at = _iso(at or now)
        post.states = [State(account_id=one.id, status=post.status) for one in accounts]

    def _seconds(self, body: dict[str, Any]) -> float | None:
        """The length of the video, told with the post or when its file was uploaded."""
        if rules.kind_of(body) != VIDEO:
            return None
        told = body["media"].get("duration_sec")
        names = {file.name: file.duration for file in self._store.files()}
        return told if told is not None else names.get(body["media"]["url"].rsplit("/", 1)[1])

    async def _picture(self, url: str) -> str:
        """A cover on the shelf; one that cannot be had is left out, as nothing says it is refused."""
        try:
            name, content_type = await fetch(url, self._store.media)
        except (UnreachableError, WrongFormatError):
            return ""
        return name if content_type.startswith("image/") else ""

    async def _fetched(self, url: str, body: dict[str, Any]) -> tuple[str, str]:
        kind = rules.kind_of(body)
        suffix = extension(url)
        if suffix not in FORMATS or (suffix in _TYPES) != (kind == VIDEO):
            raise invalid(f"Unsupported file for a {kind} post: {url}")
        try:
            name, content_type = await fetch(url, self._store.media)
        except UnreachableError as error:
            raise RefusedError(
                400, "media_unreachable", f"Media URL not reachable: {error}"
            ) from error
        except WrongFormatError as error:
            raise invalid(f"Invalid media: {error}") from error
        if (self._store.media / name).stat().st_size >= _SIZES[kind]:
            raise invalid(f"Each file of a {kind} post must be under {_SIZES[kind]} bytes")
        return name, content_type


def cover_urls(body: dict[str, Any]) -> list[str]:
    """The addresses of the pictures in a post's settings."""
    settings = stored(body)
    found = [
        settings.get("instagram", {}).get("cover_url"),
        settings.get("youtube", {}).get("thumbnail", {}).get("path"),
    ]
    return [url for url in found if url]


def urls(body: dict[str, Any]) -> list[str]:
    """The addresses of a post's media."""
    media = part(body, "media")
    return [media["url"]] if "url" in media else media.get("urls", [])


def _replayed(post: Post, mark: str) -> Post:
    if post.print != mark:
        raise RefusedError(
            409, "create_failed", "external_id was already used with a different payload"
        )
    return post


def _print(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
