"""The gateway: sessions with their intents, heartbeats, and resuming after a drop."""

import asyncio
import json
import logging
import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord import shapes
from sandbox.discord.edge import origin
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World

log = logging.getLogger(__name__)

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS = 0, 1, 2, 3, 4, 6, 7, 8
INVALID_SESSION, HELLO, ACK = 9, 10, 11
HEARTBEAT_MS = 41_250
BUFFER = 2000  # events a dropped session may miss and still resume
RESUMABLE = timedelta(minutes=5)
GUILDS, GUILD_MEMBERS, PRESENCES, MESSAGES, REACTIONS, TYPING, CONTENT = (
    1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 15,
)  # fmt: skip
PRIVILEGED = GUILD_MEMBERS | PRESENCES | CONTENT
KNOWN_INTENTS = (1 << 26) - 1


class Closing(Exception):  # noqa: N818 - an order, not a failure
    """The socket is to be closed with one of Discord's codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def intent_for(name: str) -> int:
    """Return the intent without which an event is not sent; 0 when none is needed."""
    if name == "INTERACTION_CREATE":
        return 0
    if name.startswith("MESSAGE_REACTION"):
        return REACTIONS
    if name.startswith("MESSAGE_"):
        return MESSAGES
    special = {"TYPING_START": TYPING, "GUILD_MEMBER_UPDATE": GUILD_MEMBERS}
    return special.get(name, GUILDS)


@dataclass
class Session:
    """What the gateway remembers of one identified connection, sockets come and go."""

    viewer: Viewer
    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    buffer: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=BUFFER))
    outbox: "asyncio.Queue[str] | None" = None  # None while no socket is attached
    dropped_at: datetime | None = None

    def dispatch(self, name: str, body: Json) -> None:
        """Number an event, keep it for a resume, and send it when there is a socket."""
        self.sequence += 1
        frame = json.dumps({"op": DISPATCH, "s": self.sequence, "t": name, "d": body})
        self.buffer.append((self.sequence, frame))
        if self.outbox:
            self.outbox.put_nowait(frame)

    def repeat(self, name: str) -> bool:
        """Send the newest event of this name once more, under a new number."""
        for _, frame in reversed(self.buffer):
            event = json.loads(frame)
            if event["t"] == name:
                self.dispatch(name, event["d"])
                return True
        return False

    def missed(self, sequence: int) -> list[str] | None:
        """Return the frames after a sequence number, or None when they are no longer kept."""
        oldest = self.buffer[0][0] if self.buffer else self.sequence + 1
        if not oldest - 1 <= sequence <= self.sequence:
            return None
        return [frame for number, frame in self.buffer if number > sequence]


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
            elif self._wants(session, event):
                session.dispatch(event.name, event.body(session.viewer))

    def _expired(self, session: Session) -> bool:
        return session.dropped_at is not None and self.world.now() - session.dropped_at > RESUMABLE

    def _wants(self, session: Session, event: Event) -> bool:
        number, count = session.shard
        if (int(self.world.guild_id) >> 22) % count != number:
            return False
        needed = intent_for(event.name)
        if session.intents & needed == needed:
            return True
        return event.name == "GUILD_MEMBER_UPDATE" and _about(event, session.viewer)

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serve one socket for as long as it lasts."""
        socket = web.WebSocketResponse(max_msg_size=1 << 16, autoping=True)
        await socket.prepare(request)
        self._sockets[socket] = request
        connection = Connection(self, socket, origin(request))
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


def _about(event: Event, viewer: Viewer) -> bool:
    return event.body(viewer)["user"]["id"] == viewer.uid


class Connection:
    """One socket of the gateway."""

    def __init__(self, gateway: Gateway, socket: web.WebSocketResponse, address: str) -> None:
        self.gateway = gateway
        self.world = gateway.world
        self.socket = socket
        self.address = address
        self.outbox: asyncio.Queue[str] = asyncio.Queue()
        self.session: Session | None = None

    async def run(self) -> None:
        """Say hello, then listen until the socket goes."""
        self._send(HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        writer = asyncio.create_task(self._write())
        try:
            await self._listen()
        except Closing as closing:
            log.warning("Gateway closes with %d: %s", closing.code, closing.reason)
            await self.socket.close(code=closing.code, message=closing.reason.encode())
        finally:
            writer.cancel()
            self._detach()

    async def _write(self) -> None:
        while True:
            frame = await self.outbox.get()
            try:
                await self.socket.send_str(frame)
            except ConnectionError:
                return

    async def _listen(self) -> None:
        patience = HEARTBEAT_MS / 1000 * 1.5
        while True:
            try:
                message = await self.socket.receive(timeout=patience)
            except TimeoutError:
                raise Closing(4009, "Session timed out.") from None
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self._obey(_decode(message.data))

    def _obey(self, frame: Json) -> None:
        operation, body = frame.get("op"), frame.get("d")
        if operation == HEARTBEAT:
            self._send(ACK, None)
        elif operation == IDENTIFY:
            self._identify(body or {})
        elif operation == RESUME:
            self._resume(body or {})
        elif self.session is None:
            raise Closing(4003, "Not authenticated.")
        elif operation == MEMBERS:
            self._list_members(self.session, body or {})
        elif operation not in (PRESENCE, VOICE):
            raise Closing(4001, "Unknown opcode.")

    def _send(self, operation: int, body: Any) -> None:
        self.outbox.put_nowait(json.dumps({"op": operation, "s": None, "t": None, "d": body}))

    def _identify(self, body: Json) -> None:
        if self.session is not None:
            raise Closing(4005, "Already authenticated.")
        self._check_token(body)
        number, count = body.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise Closing(4010, "Invalid shard.")
        viewer = Viewer(self.world.bot_id, self.address)
        session = Session(viewer, self._intents(body), (number, count))
        self.gateway.sessions[session.id] = session
        self._attach(session)
        session.dispatch("READY", self._ready(session))
        if (int(self.world.guild_id) >> 22) % count == number and session.intents & GUILDS:
            session.dispatch("GUILD_CREATE", self._guild(session))

    def _check_token(self, body: Json) -> None:
        if body.get("token") != self.world.token:
            raise Closing(4004, "Authentication failed.")

    def _intents(self, body: Json) -> int:
        intents = body.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS:
            raise Closing(4013, "Invalid intent(s).")
        if intents & PRIVILEGED and not self.world.store.settings["guild"]["privileged_intents"]:
            raise Closing(4014, "Disallowed intent(s).")
        return intents

    def _ready(self, session: Session) -> Json:
        application = shapes.application(self.world)
        return {
            "v": 10,
            "user": shapes.user(self.world.store.users[self.world.bot_id]),
            "user_settings": {},
            "guilds": [{"id": self.world.guild_id, "unavailable": True}],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.address.replace("http", "ws", 1) + "/gateway",
            "shard": list(session.shard),
            "application": {"id": application["id"], "flags": application["flags"]},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
        }

    def _guild(self, session: Session) -> Json:
        guild = shapes.guild_create(self.world)
        if not session.intents & GUILD_MEMBERS:  # then a bot is told of itself alone
            mine = session.viewer.uid
            guild["members"] = [each for each in guild["members"] if each["user"]["id"] == mine]
        return guild

    def _resume(self, body: Json) -> None:
        if self.session is not None:
            raise Closing(4005, "Already authenticated.")
        self._check_token(body)
        session = self.gateway.sessions.get(str(body.get("session_id")))
        missed = session.missed(int(body.get("seq") or 0)) if session else None
        if session is None or missed is None:
            self._send(INVALID_SESSION, False)
            return
        self._attach(session)
        for frame in missed:
            self.outbox.put_nowait(frame)
        session.dispatch("RESUMED", {})

    def _attach(self, session: Session) -> None:
        session.outbox, session.dropped_at = self.outbox, None
        self.session = session

    def _detach(self) -> None:
        if self.session and self.session.outbox is self.outbox:
            self.session.outbox, self.session.dropped_at = None, self.world.now()

    def _list_members(self, session: Session, body: Json) -> None:
        named: Any = body.get("user_ids") or []
        asked = list(map(str, [named] if isinstance(named, str | int) else named))
        query = str(body.get("query") or "").lower()
        found = [
            shapes.member(user)
            for user in self.world.store.users
            if user["id"] in asked or (not asked and user["username"].startswith(query))
        ]
        chunk: Json = {
            "guild_id": self.world.guild_id,
            "members": found[: body.get("limit") or None],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [uid for uid in asked if not self.world.store.users.get(uid)],
            "nonce": body.get("nonce"),
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk)


def _decode(data: str | bytes) -> Json:
    try:
        frame = json.loads(data)
    except ValueError:
        raise Closing(4002, "Decode error.") from None
    if not isinstance(frame, dict):
        raise Closing(4002, "Decode error.")
    return frame  # pyright: ignore[reportUnknownVariableType]
