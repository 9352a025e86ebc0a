"""The queue behind the simulated Genviral: each post waits for its time and goes to its accounts."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.genviral.accounts import BY_ID, Account
from sandbox.services.genviral.settings_rules import part
from sandbox.services.genviral.store import Post, State, Store

_WAITING = ("scheduled", "pending", "retry")
_REFUSED = "The platform refused the post: internal error"


class Queue:
    """Publishes what is due; what it holds outlives the process."""

    def __init__(
        self, store: Store, pace: Pace, switch: Switch, on_change: Callable[[], None]
    ) -> None:
        self._store = store
        self._pace = pace
        self._switch = switch
        self._on_change = on_change
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def take(self, post: Post) -> None:
        """Keep a post, and start anew on it, as after a change of its time."""
        self.drop(post.id)
        self._keep(post)
        task = asyncio.create_task(self._work(post))
        self._tasks[post.id] = task

    def drop(self, post_id: str) -> None:
        """Stop working on a post."""
        if task := self._tasks.pop(post_id, None):
            task.cancel()

    def resume(self) -> None:
        """Go on with what the last process left unfinished."""
        for post in self._store.posts():
            if any(state.status in _WAITING for state in post.states):
                self.take(post)

    async def rest(self) -> None:
        """Stop working; `resume` goes on."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, post: Post) -> None:
        wait = datetime.fromisoformat(post.scheduled_at) - datetime.now(UTC)
        await asyncio.sleep(max(wait.total_seconds(), 0))
        self._mark(post, "pending")
        await asyncio.sleep(self._pace.processing)
        await self._switch.until_not("never_finishes")
        for place, state in enumerate(post.states):
            if state.status in _WAITING:
                self._publish(post, state, is_first=place == 0)
        ends = {state.status for state in post.states}
        post.status = ends.pop() if len(ends) == 1 else "partial"
        self._keep(post)

    def _mark(self, post: Post, status: str) -> None:
        if post.status == "scheduled":
            post.status = status
            for state in post.states:
                state.status = status
            self._keep(post)

    def _publish(self, post: Post, state: State, *, is_first: bool) -> None:
        account = BY_ID[state.account_id]
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        state.last_attempted_at = now
        state.error_message = self._trouble(post, account, is_first=is_first)
        if state.error_message:
            state.status = "failed"
            return
        state.status, state.published_at = "posted", now
        if not is_draft(post, account):
            state.published_url = _link(account, post.body)

    def _trouble(self, post: Post, account: Account, *, is_first: bool) -> str | None:
        if is_first and self._switch.key == "platform_refuses":
            return _REFUSED
        if account.platform == "pinterest" and not part(post.body, "pinterest").get("board_id"):
            return "Pinterest board_id is required"
        return None

    def _keep(self, post: Post) -> None:
        self._store.put(post)
        self._on_change()


def is_draft(post: Post, account: Account) -> bool:
    """Whether it goes to the creator's inbox, so that it has no public address."""
    mode = part(post.body, "tiktok").get("post_mode")
    return account.platform == "tiktok" and mode == "MEDIA_UPLOAD"


def _link(account: Account, body: dict[str, Any]) -> str:
    number, user = str(10**18 + secrets.randbelow(10**18)), account.username
    kind = "video" if "url" in part(body, "media") else "photo"
    return {
        "youtube": f"https://www.youtube.com/watch?v={secrets.token_urlsafe(8)}",
        "tiktok": f"https://www.tiktok.com/@{user}/{kind}/{number}",
        "instagram": f"https://www.instagram.com/p/{secrets.token_urlsafe(8)}/",
        "pinterest": f"https://www.pinterest.com/pin/{number}/",
        "x": f"https://x.com/{user}/status/{number}",
        "linkedin": f"https://www.linkedin.com/feed/update/urn:li:share:{number}/",
        "facebook": f"https://www.facebook.com/{user}/posts/{number}",
        "bluesky": f"https://bsky.app/profile/{user}/post/{secrets.token_hex(6)}",
    }[account.platform]
