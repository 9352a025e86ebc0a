"""Gateway sessions: what the bot is told, by its intents, and what it missed."""

import asyncio
import json
import secrets
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer

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

    def wants(self, event: Event, guild_id: str) -> bool:
        """Tell whether an event is for this session's shard and intents."""
        if not self.holds(guild_id):
            return False
        needed = intent_for(event.name)
        if self.intents & needed == needed:
            return True
        own = event.name == "GUILD_MEMBER_UPDATE"  # of itself a bot is always told
        return own and event.body(self.viewer)["user"]["id"] == self.viewer.uid

    def holds(self, guild_id: str) -> bool:
        """Tell whether a server belongs to this session's shard."""
        number, count = self.shard
        return (int(guild_id) >> 22) % count == number

    def missed(self, sequence: int) -> list[str] | None:
        """Return the frames after a sequence number, or None when they are no longer kept."""
        oldest = self.buffer[0][0] if self.buffer else self.sequence + 1
        if not oldest - 1 <= sequence <= self.sequence:
            return None
        return [frame for number, frame in self.buffer if number > sequence]
