"""The gateway: the bot's sessions and their sockets."""

import asyncio
import json

from aiohttp import web

from sandbox.discord.connection import Connection
from sandbox.discord.edge import origin
from sandbox.discord.sessions import RESUMABLE, Session
from sandbox.discord.values import Json
from sandbox.discord.world import Event, World


class Gateway:
    """All sessions of the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sessions: dict[str, Session] = {}
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}
        world.listeners.append(self.deliver)

    def deliver(self, event: Event) -> None:
        """Give an event to every session that wants it and may see it."""
        # a bot hears of every channel, seen or not, but of nothing inside those it cannot see
        known = event.name.startswith("CHANNEL_") or self.world.sees(self.world.bot_id, event)
        if not event.bot_too or not known:
            return
        for session in list(self.sessions.values()):
            if self._expired(session):
                del self.sessions[session.id]
            elif session.wants(event, self.world.guild_id):
                session.dispatch(event.name, event.body(session.viewer))

    def _expired(self, session: Session) -> bool:
        return session.dropped_at is not None and self.world.now() - session.dropped_at > RESUMABLE

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket for as long as it lasts."""
        socket = web.WebSocketResponse(max_msg_size=1 << 16, autoping=True)
        await socket.prepare(request)
        self._sockets[socket] = request
        connection = Connection(self.world, self.sessions, socket, origin(request))
        try:
            await connection.run()
        finally:
            del self._sockets[socket]
        return socket

    async def drop(self, *, resumable: bool) -> None:
        """Cut all sockets, as a network does; forget the sessions unless they may resume."""
        if not resumable:
            self.sessions.clear()
        for request in list(self._sockets.values()):
            if request.transport:
                request.transport.abort()
        await asyncio.sleep(0)

    async def send_all(self, frame: Json) -> None:
        """Send an operation to every socket."""
        for socket in list(self._sockets):
            await socket.send_str(json.dumps(frame))

    async def close(self) -> None:
        """Close all sockets, as at a shut-down."""
        for socket in list(self._sockets):
            await socket.close(code=1001)
