"""The page's own routes: its files, the bot's process, and what is out there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.child import Child
from sandbox.services.base import Simulator

FILES = Path(__file__).parent / "static"
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src http: https: data: blob:; "
    "media-src http: https: blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'"
)
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; sandbox"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Publish = Callable[[str, dict[str, Any]], None]


class Page:
    """Serves the page and passes on what changed: `publish` reaches all live sockets."""

    def __init__(
        self,
        child: Child,
        simulators: Mapping[str, Simulator],
        publish: Publish,
        credentials: Mapping[str, Mapping[str, str]],
    ) -> None:
        self._child = child
        self._simulators = simulators
        self._credentials = credentials
        child.on_change = lambda: publish("BOT", child.news())
        for simulator in simulators.values():
            simulator.on_change = lambda name=simulator.name: publish(
                "OUT_THERE", {"service": name}
            )

    def mount(self, app: web.Application) -> None:
        """Add `/`, `/bot` and `/out-there` to an application."""
        app.router.add_get("/", self._file)
        app.router.add_get(r"/{name:[a-z]+\.(?:js|css|svg)}", self._file)
        app.router.add_get("/bot", self._bot)
        app.router.add_post("/bot/kill", self._kill)
        app.router.add_post("/bot/start", self._start)
        app.router.add_get("/out-there", self._out_there)
        app.router.add_put("/out-there/{service}/fault", self._fault)
        app.router.add_get("/out-there/{service}/media/{name}", self._media)
        app.on_response_prepare.append(_guard)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        path = FILES / request.match_info.get("name", "index.html")
        if not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Cache-Control": "no-cache"})

    async def _bot(self, _: web.Request) -> web.Response:
        return web.json_response(self._child.news() | {"log": list(self._child.log)})

    async def _kill(self, request: web.Request) -> web.Response:
        await self._child.kill()
        return await self._bot(request)

    async def _start(self, request: web.Request) -> web.Response:
        await self._child.start()
        return await self._bot(request)

    async def _out_there(self, _: web.Request) -> web.Response:
        services = [
            {**_service(simulator), "credentials": dict(self._credentials[name])}
            for name, simulator in self._simulators.items()
        ]
        return web.json_response({"services": services})

    async def _fault(self, request: web.Request) -> web.Response:
        simulator = self._simulator(request)
        try:
            simulator.fault = str((await request.json())["fault"])
        except (ValueError, KeyError, TypeError):
            return web.json_response({"message": "There is no such fault."}, status=400)
        return web.json_response(_service(simulator))

    async def _media(self, request: web.Request) -> web.StreamResponse:
        path = self._simulator(request).media(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path)

    def _simulator(self, request: web.Request) -> Simulator:
        simulator = self._simulators.get(request.match_info["service"])
        if simulator is None:
            raise web.HTTPNotFound
        return simulator


def _service(simulator: Simulator) -> dict[str, Any]:
    return {
        "name": simulator.name,
        "label": simulator.label,
        "fault": simulator.fault,
        "faults": [{"key": fault.key, "label": fault.label} for fault in simulator.faults],
        "accounts": [asdict(account) for account in simulator.feed()],
        "calls": simulator.calls,
    }


async def _guard(request: web.Request, response: web.StreamResponse) -> None:
    """Let the page run only its own scripts, and files from people none at all."""
    theirs = request.path.startswith("/cdn/") or "/media/" in request.path
    response.headers["Content-Security-Policy"] = MEDIA_POLICY if theirs else PAGE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site's page asks of this one through the visitor's browser."""
    asking = request.headers.get("Origin")
    if asking and urlsplit(asking).netloc != request.host:
        raise web.HTTPForbidden(text="Only the sandbox's own page may do this.")
    return await handler(request)
