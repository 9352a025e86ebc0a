"""The HTTP side: health, and the files of posts for the services that fetch them."""

from aiohttp import web

from bot.errors import SetupError
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.storage import Kept
from bot.web_file import TYPES, answer
from bot.workflow.desk import Desk

_LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


def build(desk: Desk, scheduler: Scheduler) -> web.Application:
    """The application with its two routes."""
    pages = _Pages(desk, scheduler)
    app = web.Application()
    app.router.add_get("/health", pages.health)
    app.router.add_get(
        r"/media/{server:\d+}/{expires:\d+}/{signature}/{sha256:[0-9a-f]{64}}.{extension}",
        pages.media,
    )
    return app


async def serve(app: web.Application, settings: Settings) -> web.AppRunner:
    """Listen, for this machine only unless PUBLIC_URL says that others come; `cleanup` ends it.

    Raises SetupError when the port cannot be had.
    """
    url = settings.public_url
    host = "0.0.0.0" if url and url.host not in _LOOPBACK else "127.0.0.1"  # noqa: S104
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, settings.http_port).start()
    except OSError as error:
        raise SetupError(
            f"Port {settings.http_port} cannot be had ({error.strerror}).",
            remedy="Set HTTP_PORT to a free one.",
        ) from None
    return runner


class _Pages:
    def __init__(self, desk: Desk, scheduler: Scheduler) -> None:
        self._desk = desk
        self._scheduler = scheduler

    async def health(self, _request: web.Request) -> web.Response:
        """200 while the ticks run, 503 when they stall or fail."""
        if not self._scheduler.is_alive:
            return web.json_response({"status": "the ticks stall"}, status=503)
        if failing := list(self._scheduler.troubles):  # why, tells the log: this port may be open
            return web.json_response({"status": "the ticks fail", "ticks": failing}, status=503)
        return web.json_response({"status": "ok"})

    async def media(self, request: web.Request) -> web.StreamResponse:
        """A file of a post, streamed, under a signed link that has not expired."""
        link = request.match_info
        server_id, sha256, extension = int(link["server"]), link["sha256"], link["extension"]
        if extension not in TYPES or not self._desk.links.is_valid(
            server_id=server_id,
            expires=int(link["expires"]),
            signature=link["signature"],
            sha256=sha256,
            now=self._desk.now(),
        ):
            raise web.HTTPForbidden(text="This link is not valid, or not valid any more.")
        kept = Kept(server_id=server_id, sha256=sha256, extension=extension)
        left = int(link["expires"]) - int(self._desk.now().timestamp())
        return await answer(request, self._desk.storage, kept, seconds=left)
