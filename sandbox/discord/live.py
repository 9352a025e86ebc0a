"""The live sockets of people: each hears what they may see, as it happens."""

import asyncio
import json

from aiohttp import web

from sandbox.discord.edge import origin
from sandbox.discord.world import Event, Viewer, World


class Live:
    """The live sockets: each person hears what they may see, as it happens."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._outboxes: dict[asyncio.Queue[str], Viewer] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        world.listeners.append(self.deliver)

    def deliver(self, event: Event) -> None:
        """Give an event to everyone who may see it."""
        if event.name == "INTERACTION_CREATE":
            return
        for outbox, viewer in self._outboxes.items():
            if self._world.sees(viewer.uid, event):
                frame = {"t": event.name, "d": event.body(viewer)}
                outbox.put_nowait(json.dumps(frame))
            elif event.name == "CHANNEL_UPDATE" and event.channel:  # it may have been seen before
                gone = {"id": event.channel["id"], "guild_id": self._world.guild_id, "type": 0}
                outbox.put_nowait(json.dumps({"t": "CHANNEL_DELETE", "d": gone}))

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one person's socket for as long as it lasts."""
        uid = request.match_info["uid"]
        if not self._world.store.users.get(uid):
            return web.Response(status=404)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        outbox: asyncio.Queue[str] = asyncio.Queue()
        self._outboxes[outbox] = Viewer(uid, origin(request))
        self._sockets.add(socket)
        writer = asyncio.create_task(_write(outbox, socket))
        try:
            async for _ in socket:  # people's pages only listen
                pass
        finally:
            writer.cancel()
            del self._outboxes[outbox]
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Close all sockets, as at a shut-down."""
        for socket in list(self._sockets):
            await socket.close(code=1001)


async def _write(outbox: "asyncio.Queue[str]", socket: web.WebSocketResponse) -> None:
    while True:
        frame = await outbox.get()
        try:
            await socket.send_str(frame)
        except ConnectionError:
            return
