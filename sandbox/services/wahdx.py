"""WAHDX, simulated: the HTTP API of seed 002, with faults to choose."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from aiohttp import web

from sandbox.services import wahdx_answers as answers
from sandbox.services.base import Fault, FeedAccount, FeedMedia, FeedPost, Switch, drop
from sandbox.services.shelf import Post, Shelf
from sandbox.services.wahdx_platforms import Pace, Platforms
from sandbox.services.wahdx_rules import ACCOUNTS, RefusedError, check, find_account

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
        self._platforms = Platforms(self._shelf, self._pace, self._switch, self._changed)

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
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
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
        return web.json_response(answers.accounts())

    async def _creator_info(self, request: web.Request) -> web.Response:
        account = find_account(request.match_info["account"])
        if account.platform != "tiktok":
            raise RefusedError(400, "creator-info is only available for TikTok")
        return web.json_response(answers.creator_info(account))

    async def _publish(self, request: web.Request) -> web.Response:
        fault, body = self.fault, await request.json()
        if fault == "error_before":
            return _internal_error()
        if fault == "drop_before":
            return drop(request)
        order = check(body)
        post = await self._platforms.accept(order)
        match fault:
            case "error_after":
                return _internal_error()
            case "drop_after":
                return drop(request)
            case "wrong_json":
                return web.json_response({"ok": 1, "result": [post.status.lower()]})
            case "slow":
                await asyncio.sleep(self._pace.slow)
            case _:
                pass
        return web.json_response(answers.accepted(post, order.account))

    async def _status(self, request: web.Request) -> web.Response:
        account = find_account(request.match_info["account"])
        post = self._found(account.id, request.match_info["publish"])
        return web.json_response(answers.status(post, account, request.query.get("mediaType")))

    async def _batch(self, request: web.Request) -> web.Response:
        body = await request.json()
        checks = cast("dict[str, Any]", body).get("checks") if isinstance(body, dict) else None
        if not isinstance(checks, list) or not checks:
            raise RefusedError(400, "checks must be a list with at least one item")
        results = [self._checked(item) for item in cast("list[dict[str, Any]]", checks)]
        return web.json_response(answers.batch(results))

    def _checked(self, item: dict[str, Any]) -> dict[str, Any]:
        account_id, publish_id = item.get("accountId"), item.get("publishId")
        asked: dict[str, Any] = {"accountId": account_id, "publishId": publish_id}
        try:
            account = find_account(account_id)
            post = self._found(account.id, str(publish_id))
        except RefusedError as error:
            return asked | {"success": False, "error": error.error}
        return asked | {"success": True} | answers.progress(post, account, item.get("mediaType"))

    def _found(self, account_id: str, publish_id: str) -> Post:
        post = self._shelf.get(publish_id)
        if post is None or post.account_id != account_id:
            raise RefusedError(404, "Publish not found")
        return post

    def _changed(self) -> None:
        self.on_change()

    async def _start(self, app: web.Application) -> None:
        self._platforms.resume()

    async def _stop(self, app: web.Application) -> None:
        await self._platforms.rest()


def _internal_error() -> web.Response:
    return web.json_response({"error": "Internal server error"}, status=500)
