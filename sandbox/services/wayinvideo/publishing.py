"""How the simulated WayinVideo carries a publishing task out: one post for each account."""

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.fetching import FORMATS, UnreachableError, WrongFormatError, extension, fetch
from sandbox.services.shelf import Post, Shelf
from sandbox.services.wayinvideo.accounts import Accounts
from sandbox.services.wayinvideo.projects import Projects
from sandbox.services.wayinvideo.refusals import RefusedError
from sandbox.services.wayinvideo.store import Store
from sandbox.services.wayinvideo.tasks import config_of, due_of, task_of

_LINKS = {
    "youtube": "https://www.youtube.com/shorts/{id}",
    "tiktok": "https://www.tiktok.com/@{name}/video/{id}",
    "instagram": "https://www.instagram.com/reel/{id}/",
    "facebook": "https://www.facebook.com/reel/{id}",
    "twitter": "https://x.com/{name}/status/{id}",
    "linkedin": "https://www.linkedin.com/feed/update/urn:li:activity:{id}/",
}


class Publishing:
    """Tasks and the posts they become; what waits or works goes on after a restart."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        accounts: Accounts,
        projects: Projects,
        pace: Pace,
        switch: Switch,
        on_change: Callable[[], None],
    ) -> None:
        self._store, self._shelf = store, shelf
        self._accounts, self._projects = accounts, projects
        self._pace, self._switch, self._on_change = pace, switch, on_change
        self._work: set[asyncio.Task[None]] = set()

    async def accept(self, body: Any, now: float) -> dict[str, Any]:
        """Take a task; the answer's `data`."""
        fields = task_of(body)
        due = due_of(fields.get("scheduled_at"), now)
        clip = self._projects.exported(
            fields["project_id"], fields["idx"], fields.get("resolution"), now
        )
        configs = {
            account_id: config_of(config, self._accounts.usable(account_id))
            for account_id, config in fields["publish_configs"].items()
        }
        task = self._task(due, now)
        posts = [
            _post(f"{task['id']}/{account_id}", config, now, [(clip, "video/mp4"), *covers])
            for account_id, config in configs.items()
            for covers in [await self._covers(config)]
        ]
        self._store.put("task", task)
        status = self._start(posts, "SCHEDULED" if due else "PENDING", now)
        return {"task_id": task.pop("id"), "status": status, **task}

    def resume(self, now: float) -> None:
        """Go on with what the last process left unfinished."""
        for post in self._shelf.posts():
            self._begin(post, now)

    async def rest(self) -> None:
        """Stop working; `resume` goes on."""
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _covers(self, config: dict[str, Any]) -> list[tuple[str, str]]:
        """The picture a config names, fetched; empty where it names none."""
        if "thumbnail_url" not in config:
            return []
        url = config["thumbnail_url"]
        if FORMATS.get(extension(url), ("",))[0] != "photo":
            raise RefusedError(400, f"thumbnail_url is no picture: {url}")
        try:
            return [await fetch(url, self._shelf.media)]
        except (UnreachableError, WrongFormatError) as error:
            raise RefusedError(400, f"thumbnail_url could not be fetched: {error}") from error

    def _task(self, due: float | None, now: float) -> dict[str, Any]:
        task = {"id": f"pubtask06{secrets.token_hex(8)}", "created_at": int(now * 1000)}
        if due is None:
            return task
        schedule_id = f"sched06{secrets.token_hex(6)}"
        return task | {"schedule_id": schedule_id, "scheduled_at": int(due * 1000)}

    def _start(self, posts: list[Post], status: str, now: float) -> str:
        """Begin with every account; the status that is told."""
        for post in posts:
            post.status = status
        if self._switch.key == "fails_at_once":
            posts[-1].status, posts[-1].fail_reason = "ERROR", "The platform refused it"
            status = "PARTIAL_DONE" if len(posts) > 1 else "ERROR"
        for post in posts:
            self._keep(post)
            self._begin(post, now)
        return status

    def _begin(self, post: Post, now: float) -> None:
        if post.status in ("DONE", "ERROR"):
            return
        due = (self._store.get("task", post.id.split("/")[0]) or {}).get("scheduled_at")
        wait = max((due or 0) / 1000 - now, 0.0)
        task = asyncio.create_task(self._carry_out(post, wait))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _carry_out(self, post: Post, wait: float) -> None:
        await asyncio.sleep(wait)
        post.status = "PROCESSING"
        self._keep(post)
        await asyncio.sleep(self._pace.processing)
        number = str(10**18 + secrets.randbelow(9 * 10**18))
        account = self._accounts.usable(post.account_id)
        post.public_id, post.status = number, "DONE"
        post.link = _LINKS[account["platform"]].format(id=number, name=account["platform_username"])
        self._keep(post)

    def _keep(self, post: Post) -> None:
        self._shelf.put(post)
        self._on_change()


def _post(post_id: str, config: dict[str, Any], now: float, files: list[tuple[str, str]]) -> Post:
    return Post(
        id=post_id,
        at=datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"),
        account_id=post_id.split("/")[1],
        kind="clip",
        text=config.get("description", ""),
        title=config.get("title", ""),
        urls=[],
        visibility=config.get("visibility", "public"),
        draft=False,
        status="",
        files=files,
        cover=files[1][0] if len(files) > 1 else "",
    )
