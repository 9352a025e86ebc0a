"""A served Discord, people and a bot's raw calls, for the tests of the sandbox's Discord."""

import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.discord.permissions import P
from sandbox.discord.plan import ChannelPlan, OverwritePlan, PersonPlan, RolePlan, ServerPlan
from sandbox.discord.server import Discord
from sandbox.discord.store import Store
from sandbox.discord.values import utcnow

TOKEN = "bot-token"
PLAN = ServerPlan(
    name="Test server",
    owner="olga",
    roles=[
        RolePlan(name="Admin", permissions=P.ADMINISTRATOR, color=0xAA0000),
        RolePlan(name="Approver", color=0x00AA00),
    ],
    channels=[
        ChannelPlan(name="social"),
        ChannelPlan(
            name="secret",
            overwrites=[
                OverwritePlan(role="@everyone", deny=P.VIEW_CHANNEL),
                OverwritePlan(role="Approver", allow=P.VIEW_CHANNEL),
            ],
        ),
    ],
    people=[
        PersonPlan(username="olga", global_name="Olga Owner"),
        PersonPlan(username="adam", global_name="Adam", roles=["Admin"]),
        PersonPlan(username="ann", global_name="Ann", roles=["Approver"]),
        PersonPlan(username="paul", global_name="Paul"),
    ],
)


@dataclass
class Served:
    """A Discord on a free port with a client beside it."""

    discord: Discord
    http: aiohttp.ClientSession
    base: str
    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Return the clock of this Discord, which tests move ahead."""
        return utcnow() + self.ahead

    def person(self, name: str) -> str:
        """Return the id of a person (or the bot) by name."""
        return next(u["id"] for u in self.discord.world.store.users if u["username"] == name)

    def channel(self, name: str) -> str:
        """Return the id of a channel by name."""
        return next(c["id"] for c in self.discord.world.store.channels if c["name"] == name)

    def role(self, name: str) -> str:
        """Return the id of a role by name."""
        return next(r["id"] for r in self.discord.world.store.roles if r["name"] == name)

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, Any]:
        """Call the bot's REST; return the status and the JSON."""
        headers = {"Authorization": f"Bot {TOKEN}"} | more.pop("headers", {})
        return await self._ask(method, f"/api/v10{path}", body, headers=headers, **more)

    async def act(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Do something as a person; return the status and the JSON."""
        return await self._ask(method, f"/people/{self.person(name)}{path}", body, **more)

    async def _ask(self, method: str, path: str, body: Any, **more: Any) -> tuple[int, Any]:
        files: dict[str, bytes] = more.pop("files", {})
        if files:
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("payload_json", json.dumps(body or {}))
            for index, (name, data) in enumerate(files.items()):
                form.add_field(f"files[{index}]", io.BytesIO(data), filename=name)
            more["data"] = form
        elif body is not None:
            more["json"] = body
        async with self.http.request(method, self.base + path, **more) as response:
            if response.content_type != "application/json":
                return response.status, await response.read()
            return response.status, await response.json()

    async def say(self, name: str, text: str, channel: str = "social") -> Any:
        """Send a message as a person."""
        path = f"/channels/{self.channel(channel)}/messages"
        status, message = await self.act(name, "POST", path, {"content": text})
        assert status == 200, message
        return message


@dataclass
class RawBot:
    """A bot of bare frames on the gateway."""

    served: Served
    socket: aiohttp.ClientWebSocketResponse
    session: str = ""
    sequence: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, op: int, body: Any) -> None:
        """Send an operation."""
        await self.socket.send_json({"op": op, "d": body})

    async def identify(self, intents: int = 1 | 1 << 9 | 1 << 10, **more: Any) -> None:
        """Identify, and wait for READY."""
        await self.send(2, {"token": TOKEN, "intents": intents, "properties": {}, **more})
        self.session = (await self.event("READY"))["session_id"]

    async def resume(self, session: str, sequence: int) -> None:
        """Ask to resume."""
        await self.send(6, {"token": TOKEN, "session_id": session, "seq": sequence})

    async def frame(self) -> dict[str, Any]:
        """Receive the next frame."""
        frame = await self.socket.receive_json(timeout=10)
        self.sequence = frame["s"] or self.sequence
        self.seen.append(frame)
        return frame

    async def event(self, name: str) -> Any:
        """Receive frames up to an event of this name, and return its body."""
        while (frame := await self.frame())["t"] != name:
            pass
        return frame["d"]

    async def names_so_far(self) -> list[str]:
        """Return the names of all events up to now (a heartbeat marks the end)."""
        await self.send(1, None)
        while (await self.frame())["op"] != 11:
            pass
        return [frame["t"] for frame in self.seen if frame["t"]]

    async def answer(self, interaction: dict[str, Any], body: Any, **more: Any) -> tuple[int, Any]:
        """Give an interaction's first response."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback?with_response=1"
        return await self.served.call("POST", path, body, **more)

    async def hook(self, method: str, interaction: Any, rest: str = "", body: Any = None) -> Any:
        """Call a route behind an interaction's token."""
        application = self.served.discord.world.bot_id
        path = f"/webhooks/{application}/{interaction['token']}{rest}"
        return await self.served.call(method, path, body)


@asynccontextmanager
async def raw_bot(served: Served) -> AsyncIterator[RawBot]:
    """Connect to the gateway, and take its hello."""
    async with served.http.ws_connect(served.base.replace("http", "ws") + "/gateway") as socket:
        bot = RawBot(served, socket)
        assert (await bot.frame())["op"] == 10
        yield bot


@asynccontextmanager
async def serve(folder: Path, plan: ServerPlan = PLAN) -> AsyncIterator[Served]:
    """Serve a Discord whose state is in a folder."""
    store = Store(folder)
    store.found(plan)
    served: Served
    discord = Discord(store, token=TOKEN, now=lambda: served.now())  # noqa: PLW0108 - it comes later
    app = web.Application()
    discord.mount(app)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    async with aiohttp.ClientSession() as http:
        served = Served(discord, http, "")
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        served.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield served
        finally:
            await runner.cleanup()
            store.close()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """Serve a Discord with the test server."""
    async with serve(tmp_path) as running:
        yield running


@pytest.fixture
def serve_in() -> Callable[..., Any]:
    """Return how to serve a Discord from a folder, for restarts and other plans."""
    return serve


@pytest.fixture
async def bot(served: Served) -> AsyncIterator[RawBot]:
    """Connect and identify a bot of bare frames."""
    async with raw_bot(served) as bot:
        await bot.identify()
        await bot.event("GUILD_CREATE")
        yield bot


@pytest.fixture
def connect_raw() -> Callable[..., Any]:
    """Return how to open further bare connections."""
    return raw_bot
