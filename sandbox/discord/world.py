"""What every part of the sandbox's Discord shares: the store, the clock, and who is listening."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.discord import permissions
from sandbox.discord.errors import Refusal
from sandbox.discord.store import Store
from sandbox.discord.values import Clock, Json, Snowflakes, stamp

NONCES = 10_000  # how many are remembered at most


@dataclass(frozen=True)
class Viewer:
    """Who acts or looks, and the address (`http://host:port`) they reach the sandbox at."""

    uid: str
    origin: str


@dataclass(frozen=True)
class Event:
    """Something that happened; each listener gets the body as they may see it.

    `channel` limits it to those who may view that channel, `only` to one person;
    `bot_too` is false for what the gateway does not carry.
    """

    name: str
    body: Callable[[Viewer], Json]
    channel: Json | None = None
    only: str | None = None
    bot_too: bool = True


class World:
    """The server with everything in it."""

    def __init__(self, store: Store, *, token: str, now: Clock) -> None:
        self.store = store
        self.token = token
        self.now = now
        self.new_id = Snowflakes(now)
        self.new_id.last = store.highest_id()
        self.listeners: list[Callable[[Event], None]] = []
        self.nonces: dict[tuple[str, str], str] = {}
        guild = store.settings["guild"]
        self.guild_id: str = guild["guild_id"]
        self.bot_id: str = guild["application_id"]

    def publish(self, event: Event) -> None:
        """Tell everyone who listens."""
        for listener in list(self.listeners):
            listener(event)

    def remember_nonce(self, channel_id: str, nonce: str, message_id: str) -> None:
        """Remember which message a nonce made, and forget the oldest of very many."""
        self.nonces[channel_id, nonce] = message_id
        if len(self.nonces) > NONCES:
            del self.nonces[next(iter(self.nonces))]

    def sees(self, uid: str, event: Event) -> bool:
        """Tell whether an event concerns someone."""
        if event.only is not None and event.only != uid:
            return False
        needed = permissions.P.VIEW_CHANNEL
        return event.channel is None or permissions.may(self.store, uid, event.channel, needed)

    def stamp(self) -> str:
        """Write the present moment."""
        return stamp(self.now())

    def user(self, uid: str) -> Json:
        """Return a person's record, or refuse with 10013."""
        return self.store.users.get(uid) or _refuse(10013)

    def member(self, uid: str) -> Json:
        """Return a member's record, or refuse with 10007."""
        return self.store.users.get(uid) or _refuse(10007)

    def role(self, role_id: str) -> Json:
        """Return a role, or refuse with 10011."""
        return self.store.roles.get(role_id) or _refuse(10011)

    def channel(self, channel_id: str) -> Json:
        """Return a channel or thread, or refuse with 10003."""
        return self.store.channels.get(channel_id) or _refuse(10003)

    def message_as_it_is(self, message_id: str) -> Json:
        """Return a message, ephemeral or not, or refuse with 10008 one that is gone."""
        return self.store.messages.get(message_id) or _refuse(10008)

    def message(self, channel_id: str, message_id: str) -> Json:
        """Return a message everyone in its channel may see, or refuse with 10008."""
        message = self.store.messages.get(message_id)
        if message is None or message["channel_id"] != channel_id or message["viewer"]:
            raise Refusal(10008)
        return message


def _refuse(code: int) -> Json:
    raise Refusal(code)
