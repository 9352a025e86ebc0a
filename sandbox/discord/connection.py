"""One socket of the gateway: hello, identify or resume, heartbeats, and its end."""

import asyncio
import json
import logging
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord import shapes
from sandbox.discord.sessions import (
    ACK,
    GUILD_MEMBERS,
    GUILDS,
    HEARTBEAT,
    HEARTBEAT_MS,
    HELLO,
    IDENTIFY,
    INVALID_SESSION,
    KNOWN_INTENTS,
    MEMBERS,
    PRESENCE,
    PRIVILEGED,
    RESUME,
    VOICE,
    Session,
)
from sandbox.discord.values import Json
from sandbox.discord.world import Viewer, World

log = logging.getLogger(__name__)


class Closing(Exception):  # noqa: N818 - an order, not a failure
    """The socket is to be closed with one of Discord's codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Connection:
    """One socket of the gateway."""

    def __init__(
        self,
        world: World,
        sessions: dict[str, Session],
        socket: web.WebSocketResponse,
        address: str,
    ) -> None:
        self.world = world
        self.sessions = sessions
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
        self.sessions[session.id] = session
        self._attach(session)
        session.dispatch("READY", self._ready(session))
        if session.holds(self.world.guild_id) and session.intents & GUILDS:
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
        session = self.sessions.get(str(body.get("session_id")))
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
