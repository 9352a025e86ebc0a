"""WAHDX, simulated: the HTTP API of seed 002 with TikTok's delays and faults to choose."""

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.services.base import Fault, FeedAccount, FeedMedia, FeedPost, Switch, drop
from sandbox.services.fetching import UnreachableError, WrongFormatError, fetch
from sandbox.services.shelf import Post, Shelf
from sandbox.services.wahdx_rules import (
    ACCOUNTS,
    PUBLIC,
    Account,
    Order,
    RefusedError,
    check,
    find_account,
)

FAULTS = (
    Fault("none", "Works as documented."),
    Fault("slow", "Accepts a post at once, answers after 8 seconds."),
    Fault(
        "rate_limited", "Answers every call, reading too, with 429 and “try again in 5 seconds”."
    ),
    Fault("error_before", "Answers 500 to a post and does not accept it."),
    Fault("error_after", "Accepts a post, then answers 500."),
    Fault("drop_before", "Cuts the connection without accepting the post."),
    Fault("drop_after", "Accepts a post, then cuts the connection."),
    Fault("wrong_json", "Accepts a post, then answers in a form nobody documented."),
    Fault("never_finishes", "TikTok posts stay in processing until this is switched off."),
)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_PROCESSING = ("PROCESSING_DOWNLOAD", "PROCESSING_UPLOAD")


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How long things take, in seconds: TikTok's work, then its public id; the slow answer."""

    processing: float = 2.0
    public: float = 2.0
    slow: float = 8.0


class Wahdx:
    """The simulated service."""

    name = "wahdx"
    label = "WAHDX"
    faults = FAULTS

    def __init__(self, folder: Path, api_key: str, *, pace: Pace | None = None) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._shelf = Shelf(folder)
        self._key = api_key
        self._pace = pace or Pace()
        self._switch = Switch(FAULTS, self._changed)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def fault(self) -> str:
        """The key of the fault in force."""
        return self._switch.key

    @fault.setter
    def fault(self, key: str) -> None:
        self._switch.turn(key)

    @property
    def calls(self) -> int:
        """How often it was asked to publish, accepted or not."""
        return self._shelf.calls

    def app(self) -> web.Application:
        """The HTTP API."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/api/content/accounts", self._accounts),
                web.get("/api/content/creator-info/{account}", self._creator_info),
                web.post("/api/content/post", self._publish),
                web.get("/api/content/status/{account}/{publish}", self._status),
                web.post("/api/content/status/batch", self._batch),
            ]
        )
        app.on_startup.append(self._resume)
        app.on_cleanup.append(self._rest)
        return app

    def feed(self) -> list[FeedAccount]:
        """What was published, account by account, newest first."""
        posts = self._shelf.posts()[::-1]
        times = Counter(post.content for post in posts if post.status != "FAILED")
        return [
            FeedAccount(
                id=account.id,
                platform=account.platform,
                name=account.name,
                username=account.username,
                posts=[
                    self._shown(post, times[post.content])
                    for post in posts
                    if post.account_id == account.id
                ],
            )
            for account in ACCOUNTS
        ]

    def media(self, name: str) -> Path | None:
        """A file it fetched."""
        known = {file for post in self._shelf.posts() for file, _ in post.files}
        return self._shelf.media / name if name in known else None

    def _shown(self, post: Post, times: int) -> FeedPost:
        return FeedPost(
            id=post.id,
            at=post.at,
            text=post.text,
            title=post.title,
            media=[
                FeedMedia(url=f"/out-there/{self.name}/media/{name}", type=content_type)
                for name, content_type in post.files
            ],
            visibility=post.visibility,
            status=post.status,
            link=post.link,
            times=times,
        )

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Check the key, slow down, and put refusals into WAHDX's words."""
        if request.method == "POST" and request.path.endswith("/post"):
            self._shelf.count_call()
        if request.headers.get("X-API-Key") != self._key:
            return web.json_response({"error": "Invalid API key"}, status=401)
        if self.fault == "rate_limited":
            body = {"error": "Too many requests"}
            return web.json_response(body, status=429, headers={"Retry-After": "5"})
        try:
            return await handler(request)
        except RefusedError as error:
            return web.json_response({"success": False, "error": error.error}, status=error.status)
        except json.JSONDecodeError:
            return web.json_response({"error": "Invalid JSON"}, status=400)

    async def _accounts(self, request: web.Request) -> web.Response:
        data = [_listed(account) for account in ACCOUNTS]
        return web.json_response({"success": True, "subscription": "maximum", "data": data})

    async def _creator_info(self, request: web.Request) -> web.Response:
        account = find_account(request.match_info["account"])
        if account.platform != "tiktok":
            raise RefusedError(400, "creator-info is only available for TikTok")
        data = {
            "creator_username": account.username,
            "creator_nickname": account.name,
            "privacy_level_options": account.privacy,
            "comment_disabled": False,
            "duet_disabled": False,
            "stitch_disabled": False,
            "max_video_post_duration_sec": 600,
        }
        return web.json_response({"success": True, "accountId": account.id, "data": data})

    async def _publish(self, request: web.Request) -> web.Response:
        fault, body = self.fault, await request.json()
        if fault == "error_before":
            return web.json_response({"error": "Internal server error"}, status=500)
        if fault == "drop_before":
            return drop(request)
        order = check(body)
        post = await self._accept(order)
        if fault == "slow":
            await asyncio.sleep(self._pace.slow)
        if fault == "error_after":
            return web.json_response({"error": "Internal server error"}, status=500)
        if fault == "drop_after":
            return drop(request)
        if fault == "wrong_json":
            return web.json_response({"ok": 1, "result": [post.status.lower()]})
        return web.json_response(_accepted(post, order.account))

    async def _accept(self, order: Order) -> Post:
        post = Post(
            id=f"v_pub_file~v2.{_digits(19)}",
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            account_id=order.account.id,
            kind=order.kind,
            text=order.text,
            title=order.title,
            urls=order.urls,
            visibility=order.visibility,
            draft=order.draft,
            status="PROCESSING_DOWNLOAD",
        )
        if order.account.platform == "tiktok":
            self._store(post)
            self._start(self._work(post))
        else:
            await self._publish_now(post, order.account)
        return post

    async def _publish_now(self, post: Post, account: Account) -> None:
        try:
            post.files = [await fetch(url, self._shelf.media) for url in post.urls]
        except UnreachableError as error:
            raise RefusedError(400, f"Failed to fetch media: {error}") from error
        except WrongFormatError as error:
            raise RefusedError(400, f"Invalid media: {error}") from error
        post.id = post.public_id = _digits(17)
        post.link, post.status = _link(post, account), "PUBLISH_COMPLETE"
        self._store(post)

    async def _work(self, post: Post) -> None:
        """Take a TikTok post from where it stands to its end, as TikTok does after accepting."""
        if post.status in _PROCESSING and await self._download(post):
            await asyncio.sleep(self._pace.processing)
            await self._switch.until_not("never_finishes")
            post.status = "SEND_TO_USER_INBOX" if post.draft else "PUBLISH_COMPLETE"
            self._store(post)
        if post.status == "PUBLISH_COMPLETE" and post.visibility == PUBLIC:
            await asyncio.sleep(self._pace.public)
            post.public_id = _digits(19)
            post.link = _link(post, find_account(post.account_id))
            self._store(post)

    async def _download(self, post: Post) -> bool:
        try:
            post.files = [await fetch(url, self._shelf.media) for url in post.urls]
            post.status = "PROCESSING_UPLOAD"
        except UnreachableError:
            post.status, post.fail_reason = "FAILED", f"{post.kind}_pull_failed"
        except WrongFormatError:
            post.status, post.fail_reason = "FAILED", "file_format_check_failed"
        self._store(post)
        return post.status != "FAILED"

    async def _status(self, request: web.Request) -> web.Response:
        account = find_account(request.match_info["account"])
        post = self._found(account.id, request.match_info["publish"])
        data = _progress(post, account, request.query.get("mediaType"))
        if post.public_id and account.platform == "tiktok":
            data["data"] = {"publicaly_available_post_id": [post.public_id]}
        reply = {"success": True, "accountId": account.id, "platform": account.platform}
        return web.json_response(reply | {"data": data})

    async def _batch(self, request: web.Request) -> web.Response:
        checks = (await request.json()).get("checks")
        if not isinstance(checks, list) or not checks:
            raise RefusedError(400, "checks must be a list with at least one item")
        results = [self._checked(item) for item in checks]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        grouped: dict[str, list[Any]] = {}
        for result in results:
            if result["success"]:
                grouped.setdefault(result["accountId"], []).append(result)
        data = {"results": results, "byAccountId": grouped}
        return web.json_response({"success": True, "data": data})

    def _checked(self, item: dict[str, Any]) -> dict[str, Any]:
        account_id, publish_id = item.get("accountId"), item.get("publishId")
        asked = {"accountId": account_id, "publishId": publish_id}
        try:
            account = find_account(account_id)
            post = self._found(account.id, str(publish_id))
        except RefusedError as error:
            return asked | {"success": False, "error": error.error}
        progress = _progress(post, account, item.get("mediaType"))
        return asked | {"success": True} | progress

    def _found(self, account_id: str, publish_id: str) -> Post:
        post = self._shelf.get(publish_id)
        if post is None or post.account_id != account_id:
            raise RefusedError(404, "Publish not found")
        return post

    def _store(self, post: Post) -> None:
        self._shelf.put(post)
        self._changed()

    def _changed(self) -> None:
        self.on_change()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _resume(self, app: web.Application) -> None:
        for post in self._shelf.posts():
            if not post.public_id:
                self._start(self._work(post))

    async def _rest(self, app: web.Application) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _listed(account: Account) -> dict[str, Any]:
    return {
        "accountId": account.id,
        "platform": account.platform,
        "display_name": account.name,
        "username": account.username,
        "avatar_url": None,
        "bio_description": "A sample account of the sandbox",
        "status": account.status,
        "followers": account.followers,
        "following": 210,
        "likes": None,
        "videos": None,
        "is_verified": None,
    }


def _accepted(post: Post, account: Account) -> dict[str, Any]:
    stored = [f"uploads/{name}" for name, _ in post.files]
    reply: dict[str, Any] = {
        "success": True,
        "accountId": account.id,
        "platform": account.platform,
        "status": "PUBLISH_INITIATED",
        "data": {"publish_id": post.id},
        "mediaType": post.kind,
        "mediaUrls": post.urls,
        "fileIds": stored,
    }
    if account.platform != "tiktok":
        reply["status"] = post.status
        reply["data"] |= {"id": post.id, "public_post_url": post.link}
        reply["public_post_url"] = post.link
    return reply


def _progress(post: Post, account: Account, media_type: str | None) -> dict[str, Any]:
    """The state of a post; without a media type TikTok's has candidates instead of one address."""
    progress: dict[str, Any] = {
        "publish_id": post.id,
        "platform": account.platform,
        "status": post.status,
        "public_post_url": post.link or None,
    }
    if post.fail_reason:
        progress["fail_reason"] = post.fail_reason
    if account.platform == "tiktok" and not media_type and post.link:
        progress["public_post_url"] = None
        base, _, number = post.link.rsplit("/", 2)
        progress["public_post_url_candidates"] = {
            kind: f"{base}/{kind}/{number}" for kind in ("video", "photo")
        }
    return progress


def _link(post: Post, account: Account) -> str:
    number, user = post.public_id, account.username
    return {
        "tiktok": f"https://www.tiktok.com/@{user}/{post.kind}/{number}",
        "instagram": f"https://www.instagram.com/p/{number}/",
        "threads": f"https://www.threads.net/@{user}/post/{number}",
        "facebook": f"https://www.facebook.com/{user}/posts/{number}",
    }[account.platform]


def _digits(count: int) -> str:
    return str(10 ** (count - 1) + secrets.randbelow(9 * 10 ** (count - 1)))
