"""WAHDX, simulated: the HTTP API of seed 002, with faults to choose."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.services.base import AddressOf, Fault, FeedAccount, Pace
from sandbox.services.drawer import Drawer
from sandbox.services.faults import COMMON
from sandbox.services.shelf import Post, Shelf
from sandbox.services.simulated import Simulated
from sandbox.services.wahdx import answers
from sandbox.services.wahdx.accounts import Accounts
from sandbox.services.wahdx.codes import MAXIMUM, Codes
from sandbox.services.wahdx.dashboard import PREFIX, Dashboard
from sandbox.services.wahdx.feed import feed_of
from sandbox.services.wahdx.fields import RefusedError, body_of
from sandbox.services.wahdx.logins import Logins
from sandbox.services.wahdx.platforms import Platforms
from sandbox.services.wahdx.questions import Questions
from sandbox.services.wahdx.rules import Order, check

FAULTS = (
    *COMMON,
    Fault("never_finishes", "TikTok posts stay in processing until this is switched off."),
    Fault("small_plan", "The plan has no QR login."),
    Fault("key_revoked", "Refuses the key, as if it had been revoked."),
    Fault("accounts_expired", "Says of every account that it must be connected again."),
)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Wahdx(Simulated):
    """The simulated service."""

    name = "wahdx"
    label = "WAHDX"
    base_path = ""
    faults = FAULTS

    def __init__(
        self,
        folder: Path,
        api_key: str,
        address_of: AddressOf | None = None,
        *,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(pace)
        self._shelf = Shelf(folder)
        self._key = api_key
        drawer = Drawer(folder)
        self._linked = Accounts(drawer, lambda: self.fault == "accounts_expired")
        self._platforms = Platforms(
            self._shelf, self._linked, self._pace, self._switch, self._changed
        )
        logins = Logins(drawer, self._linked)
        self._codes = Codes(logins, self._plan, self._changed)
        self._dashboard = Dashboard(logins, drawer, self._publish_stored)
        self._questions = Questions(self._shelf, self._linked, self._dashboard)

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
                *self._questions.routes(),
                *self._codes.routes(),
                *self._dashboard.routes(),
            ]
        )
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
        return app

    def feed(self) -> list[FeedAccount]:
        """What was published, account by account, newest first."""
        return feed_of(self._linked.all(), self._shelf.posts(), self.name)

    def media(self, name: str) -> Path | None:
        """A file it fetched."""
        known = {file for post in self._shelf.posts() for file, _ in post.files}
        return self._shelf.media / name if name in known else None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Check the key, slow down, and put refusals into WAHDX's words."""
        if request.method == "POST" and request.path.endswith("/post"):
            self._shelf.count_call()
        if not request.path.startswith(PREFIX):
            is_revoked = self.fault == "key_revoked"
            if is_revoked or request.headers.get("X-API-Key") != self._key:
                return web.json_response({"error": "Invalid API key"}, status=401)
            if self.fault == "rate_limited":
                body = {"error": "Too many requests"}
                return web.json_response(body, status=429, headers={"Retry-After": "5"})
        try:
            return await handler(request)
        except RefusedError as error:
            return web.json_response(error.body, status=error.status)
        except json.JSONDecodeError:
            return web.json_response({"error": "Invalid JSON"}, status=400)

    async def _accounts(self, request: web.Request) -> web.Response:
        return web.json_response(answers.accounts(self._linked.all(), self._plan()))

    async def _creator_info(self, request: web.Request) -> web.Response:
        account = self._linked.find(request.match_info["account"])
        if account.platform != "tiktok":
            raise RefusedError(400, "creator-info is only available for TikTok")
        return web.json_response(answers.creator_info(account))

    async def _publish(self, request: web.Request) -> web.Response:
        body = await body_of(request)

        async def accept() -> web.Response:
            order, post = await self._accept(body)
            return web.json_response(answers.accepted(post, order.account))

        return await self._switch.around(
            request, accept, error=_internal_error, refusal=_refusal, slow=self._pace.slow
        )

    async def _publish_stored(self, body: Any) -> tuple[str, str]:
        """Publish what the dashboard was told to: the account id and the publish id."""
        order, post = await self._accept(body)
        return order.account.id, post.id

    async def _accept(self, body: Any) -> tuple[Order, Post]:
        order = check(body, self._linked)
        return order, await self._platforms.accept(order)

    def _plan(self) -> str:
        return "free" if self.fault == "small_plan" else MAXIMUM

    async def _start(self, app: web.Application) -> None:
        self._platforms.resume()

    async def _stop(self, app: web.Application) -> None:
        await self._platforms.rest()


def _internal_error() -> web.Response:
    return web.json_response({"error": "Internal server error"}, status=500)


def _refusal() -> web.Response:
    body = {"success": False, "error": "The content was refused"}
    return web.json_response(body, status=400)
