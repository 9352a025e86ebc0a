"""A Discord over real sockets with a bot in a process of its own, and when each command is answered.

The Discord is the sandbox's.
"""

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.settings import Settings
from sandbox.discord.server import BACKLOG, Discord
from sandbox.discord.store import Store
from sandbox.discord.world import Event, Viewer
from sandbox.town import ADMIN, PLAN, SOCIAL

COPYDESK, BARE = ("-m", "bot", "run"), ("-m", "benchmarks.bare_bot")
_TOKEN = "bench.token"  # noqa: S105 - of a Discord that lives in this process
_ROOT = Path(__file__).parents[1]
_READY_SECONDS = 60
_ANSWER = re.compile(r"/api/v10/interactions/(\d+)/[^/]+/callback$")
_COMMAND, _SUBCOMMAND, _INTEGER = 2, 1, 4


class Town:
    """The Discord, the bot, and an admin who gives commands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._store = Store(folder / "discord")
        self._store.found(PLAN)
        self.discord = Discord(self._store, token=_TOKEN)
        self.discord.world.listeners.append(self._begun)
        self._began: dict[str, float] = {}
        self._took: list[float] = []

    @property
    def server_id(self) -> int:
        """The only server's id."""
        return int(self.discord.world.guild_id)

    @property
    def database_url(self) -> str:
        """Where the bot keeps what it knows."""
        return f"sqlite+aiosqlite:///{self.folder / 'bot' / 'copydesk.db'}"

    @asynccontextmanager
    async def open(self, bot: tuple[str, ...]) -> AsyncGenerator["Inhabited"]:
        """Serve Discord, start a bot, and wait until its commands are there."""
        app = web.Application(middlewares=[self._note_answer])
        self.discord.mount(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG)
        await site.start()
        port: int = runner.addresses[0][1]
        process = await self._start(bot, port)
        try:
            async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
                inhabited = Inhabited(self, process, http)
                await inhabited.settle()
                yield inhabited
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            await runner.cleanup()
            self._store.close()

    async def _start(self, bot: tuple[str, ...], port: int) -> asyncio.subprocess.Process:
        ours = {name.upper() for name in Settings.model_fields}
        environment = {name: value for name, value in os.environ.items() if name not in ours}
        environment |= {
            "PYTHONPATH": str(_ROOT),
            "DISCORD_TOKEN": _TOKEN,
            "DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10",
            "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{port}/gateway",
            "DATABASE_URL": self.database_url,
            "MEDIA_URL": f"file:{self.folder / 'bot' / 'media'}",
            "HTTP_PORT": str(_free_port()),
        }
        return await asyncio.create_subprocess_exec(
            *(sys.executable, *bot),
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )

    def times(self) -> list[float]:
        """The seconds from event to answer, of every command since this was asked last."""
        took, self._took = self._took, []
        return took

    def _begun(self, event: Event) -> None:
        if event.name == "INTERACTION_CREATE":
            payload = event.body(Viewer(self.discord.world.bot_id, ""))
            self._began[payload["id"]] = perf_counter()

    @web.middleware
    async def _note_answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        found = _ANSWER.fullmatch(request.path)
        began = self._began.pop(found[1], None) if found else None
        if began is not None:
            self._took.append(perf_counter() - began)
        return await handler(request)


class Inhabited:
    """A town that is open, with its bot connected."""

    def __init__(
        self, town: Town, process: asyncio.subprocess.Process, http: aiohttp.ClientSession
    ) -> None:
        self._town = town
        self._process = process
        self._http = http
        self._admin = self._command = self._channel = ""

    async def settle(self) -> None:
        """Wait until the bot is connected and offers /post."""
        async with self._http.get("/people") as answer:
            people: list[dict[str, Any]] = (await answer.json())["people"]
        self._admin = next(each["id"] for each in people if each["username"] == ADMIN)
        async with asyncio.timeout(_READY_SECONDS):
            await self._until(self._is_connected)
            await self._until(self._offers_post)
        self._channel = (await self._named("channels"))[SOCIAL]

    async def show(self, post_id: int) -> None:
        """Give the command /post show; one that is not answered in time counts as late as it is."""
        option = {"name": "post", "type": _INTEGER, "value": post_id}
        nested = [{"type": _SUBCOMMAND, "name": "show", "options": [option]}]
        data = {"id": self._command, "name": "post", "type": 1, "options": nested}
        body = {"type": _COMMAND, "channel_id": self._channel, "data": data}
        async with self._http.post(f"/people/{self._admin}/interactions", json=body) as answer:
            outcome = await answer.json()
        if outcome.get("outcome") not in ("message", "failed"):
            raise RuntimeError(f"/post show: {outcome}")

    async def memory(self) -> float:
        """The resident memory of the bot, in MB."""
        asked = await asyncio.create_subprocess_exec(
            *("ps", "-o", "rss=", "-p", str(self._process.pid)), stdout=asyncio.subprocess.PIPE
        )
        told, _ = await asked.communicate()
        return int(told) / 1024

    async def _named(self, what: str) -> dict[str, str]:
        async with self._http.get(f"/people/{self._admin}/{what}") as answer:
            return {each["name"]: each["id"] for each in await answer.json()}

    async def _is_connected(self) -> bool:
        return self._town.discord.bot_connected

    async def _offers_post(self) -> bool:
        self._command = (await self._named("commands")).get("post", "")
        return bool(self._command)

    async def _until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        while not await condition():
            if self._process.returncode is not None:
                raise RuntimeError("the bot has ended")
            await asyncio.sleep(0.05)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
