"""WayinVideo, simulated: the HTTP API of seed 000 and of WayinVideo's documentation, with faults."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.services.base import AddressOf, Fault, FeedAccount, Pace
from sandbox.services.faults import COMMON
from sandbox.services.shelf import Shelf
from sandbox.services.simulated import Simulated
from sandbox.services.wayinvideo import orders
from sandbox.services.wayinvideo.accounts import Accounts
from sandbox.services.wayinvideo.feed import feed_of
from sandbox.services.wayinvideo.gate import Gate
from sandbox.services.wayinvideo.projects import Projects
from sandbox.services.wayinvideo.publishing import Publishing
from sandbox.services.wayinvideo.refusals import RefusedError, refusal
from sandbox.services.wayinvideo.store import Store
from sandbox.services.wayinvideo.uploads import Uploads

FAULTS = (
    *COMMON,
    Fault("stuck", "Projects stay under way until this is switched off."),
    Fault("no_links", "Projects succeed, but not all of their clips are ever exported."),
    Fault("fails_at_once", "Says at once that it failed for the last account of a post."),
    Fault("busy", "Keeps to 15 calls a minute as documented, which is off otherwise."),
)


class WayinVideo(Simulated):
    """The simulated service. `now` gives the time in seconds of the Unix clock."""

    name = "wayinvideo"
    label = "WayinVideo"
    base_path = ""
    faults = FAULTS

    def __init__(
        self,
        folder: Path,
        api_key: str,
        address_of: AddressOf | None = None,
        *,
        pace: Pace | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(pace)
        self._now = now
        self._shelf, store = Shelf(folder), Store(folder)
        self._gate = Gate(api_key, self._switch, self._shelf, now)
        self._accounts = Accounts(store)
        self._uploads = Uploads(store, folder)
        self._projects = Projects(store, self._pace, self._switch)
        self._publishing = Publishing(
            store,
            self._shelf,
            self._accounts,
            self._projects,
            self._pace,
            self._switch,
            self._changed,
        )

    @property
    def calls(self) -> int:
        """How often it was asked to publish, accepted or not."""
        return self._shelf.calls

    @property
    def orders(self) -> int:
        """How many orders for clips it took."""
        return self._projects.made

    def app(self) -> web.Application:
        """The HTTP API, and beside it what its answers lead to: authorising, storage, clips."""
        app = web.Application(middlewares=[self._gate.guard])
        app.add_routes(
            [
                web.get("/api/v2/social-media/accounts", self._list),
                web.post("/api/v2/social-media/oauth/{platform}", self._link),
                web.post("/api/v2/social-media/publish", self._publish),
                web.post("/api/v2/upload/single-file", self._place),
                web.post("/api/v2/clips", self._order),
                web.post("/api/v2/clips/find-moments", self._order),
                web.get("/api/v2/clips/results/{id}", self._results),
                web.get("/api/v2/clips/find-moments/results/{id}", self._results),
                web.get("/oauth2/auth", self._authorise),
                web.put("/storage/{identity}", self._take),
                web.get("/cdn/{name}", self._cdn),
            ]
        )
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
        return app

    def feed(self) -> list[FeedAccount]:
        """What was published, account by account, newest first."""
        return feed_of(self.name, self._accounts.all(), self._shelf.posts()[::-1])

    def media(self, name: str) -> Path | None:
        """A clip that was published, or a picture it fetched for one."""
        known = {file for post in self._shelf.posts() for file, _ in post.files}
        if name not in known:
            return None
        return self._projects.file(name) or self._shelf.media / name

    async def _list(self, request: web.Request) -> web.Response:
        asked = request.query.get("active_only", "false")
        if asked not in ("true", "false") or set(request.query) - {"active_only"}:
            raise RefusedError(400, "active_only must be true or false")
        return web.json_response({"data": self._accounts.all(active_only=asked == "true")})

    async def _link(self, request: web.Request) -> web.Response:
        state = self._accounts.link(request.match_info["platform"])
        url = f"{_origin(request)}/oauth2/auth?state={state}"
        return web.json_response({"data": {"auth_url": url, "state": state}})

    async def _authorise(self, request: web.Request) -> web.Response:
        account = self._accounts.authorise(request.query.get("state", ""))
        if account is None:
            return web.Response(status=410, text="This link has been used. Ask for another.")
        self._changed()
        name, platform = account["platform_username"], account["platform"]
        return web.Response(text=f"{name} on {platform} is connected. You can close this page.")

    async def _publish(self, request: web.Request) -> web.Response:
        body = await request.json()

        async def accept() -> web.Response:
            return web.json_response({"data": await self._publishing.accept(body, self._now())})

        return await self._spoiled(request, accept, "The clip was refused")

    async def _spoiled(
        self, request: web.Request, accept: Callable[[], Awaitable[web.Response]], no: str
    ) -> web.Response:
        """Answer a call that costs, spoiled by the fault in force."""
        return await self._switch.around(
            request,
            accept,
            error=lambda: refusal(500, request.path),
            refusal=lambda: refusal(400, request.path, no),
            slow=self._pace.slow,
        )

    async def _place(self, request: web.Request) -> web.Response:
        identity, signature = self._uploads.place(await request.json(), self._now())
        url = f"{_origin(request)}/storage/{identity}?signature={signature}"
        return web.json_response({"data": {"upload_url": url, "identity": identity}})

    async def _take(self, request: web.Request) -> web.Response:
        return await self._uploads.take(request, self._now())

    async def _order(self, request: web.Request) -> web.Response:
        kind, body = _kind(request), await request.json()

        async def accept() -> web.Response:
            order = orders.check(body, self._uploads, moments=kind == "moments")
            return web.json_response({"data": self._projects.make(order, kind, self._now())})

        return await self._spoiled(request, accept, "The video was refused")

    async def _results(self, request: web.Request) -> web.Response:
        project_id, origin = request.match_info["id"], _origin(request)
        data = self._projects.results(project_id, _kind(request), origin, self._now())
        return web.json_response({"data": data})

    async def _cdn(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        file = self._projects.file(name)
        if file is None:
            raise web.HTTPNotFound
        if name.endswith(".mp4") and float(request.query.get("until", 0)) < self._now():
            raise web.HTTPForbidden(text="This link has expired.")
        return web.FileResponse(file)

    async def _start(self, app: web.Application) -> None:
        self._publishing.resume(self._now())

    async def _stop(self, app: web.Application) -> None:
        await self._publishing.rest()


def _origin(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


def _kind(request: web.Request) -> str:
    return "moments" if "/find-moments" in request.path else "clips"
