"""The sandbox's Discord: its parts put together, and the knobs of tests."""

import re
from typing import Any

from aiohttp import web

from sandbox.discord import people, rest, sessions
from sandbox.discord.cdn import Cdn
from sandbox.discord.edge import Edge
from sandbox.discord.faults import Fault, Faults
from sandbox.discord.gateway import Gateway
from sandbox.discord.interactions import Interactions
from sandbox.discord.live import Live
from sandbox.discord.store import Store
from sandbox.discord.values import Clock, Json, utcnow
from sandbox.discord.world import Event, World

BACKLOG = 4096  # a listener with aiohttp's 128 makes bursts of connections wait a second


class Discord:
    """A Discord of one server and one bot, over real sockets; the store must be founded."""

    def __init__(self, store: Store, *, token: str, now: Clock = utcnow) -> None:
        self.world = World(store, token=token, now=now)
        self.gateway = Gateway(self.world)
        self.interactions = Interactions(self.world)
        self.live = Live(self.world)
        self.faults = Faults()

    def mount(self, app: web.Application) -> None:
        """Add `/api/v10`, `/gateway`, `/cdn` and `/people` to an application."""
        edge = Edge(self.world, self.faults)
        app.router.add_get("/gateway", self.gateway.connect)
        app.router.add_get("/gateway/", self.gateway.connect)
        rest.mount(app, edge, self.interactions)
        people.mount(app, edge, self.interactions, self.live)
        Cdn(self.world).mount(app)
        app.on_shutdown.append(self._close)

    async def _close(self, _: web.Application) -> None:
        await self.gateway.close()
        await self.live.close()

    @property
    def bot_connected(self) -> bool:
        """Tell whether the bot has an identified socket."""
        return any(session.outbox for session in self.gateway.sessions.values())

    def broadcast(self, name: str, body: Json) -> None:
        """Tell all live sockets something that is not Discord's."""
        self.world.publish(Event(name, lambda _: body, bot_too=False))

    def limit_requests(self, per_second: int | None) -> None:
        """Answer 429 to the bot's requests beyond this many a second; None for no limit."""
        self.faults.requests_per_second = per_second

    @property
    def refused(self) -> int:
        """How many of the bot's requests were answered 429."""
        return self.faults.refused

    def fail_next(
        self, method: str, path: str, effect: int | str, times: int = 1, *, after: bool = False
    ) -> None:
        """Let the bot's next requests whose path matches a pattern fail.

        `effect` is a status or "reset"; with `after`, the request is done and its answer lost.
        """
        self.faults.add(Fault(method, re.compile(path), effect, times, after))

    async def drop_gateways(self, resumable: bool) -> None:
        """Cut the bot's sockets; with `resumable` its sessions wait for it."""
        await self.gateway.drop(resumable=resumable)

    async def ask_to_reconnect(self) -> None:
        """Send RECONNECT (7)."""
        await self.gateway.send_all(_operation(sessions.RECONNECT, None))

    async def invalidate_sessions(self) -> None:
        """Send INVALID_SESSION (9), not resumable."""
        self.gateway.sessions.clear()
        await self.gateway.send_all(_operation(sessions.INVALID_SESSION, False))

    def repeat_event(self, name: str) -> bool:
        """Deliver the newest event of this name again; tell whether there was one."""
        return any(session.repeat(name) for session in self.gateway.sessions.values())


def _operation(code: int, body: Any) -> Json:
    return {"op": code, "s": None, "t": None, "d": body}
