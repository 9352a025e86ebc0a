"""A request as the actions see it: who asks for what, with which body."""

from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sandbox.discord import permissions
from sandbox.discord.drafts import Draft, Parcel
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.files import Upload
from sandbox.discord.forms import Form, read
from sandbox.discord.message_shape import shape
from sandbox.discord.values import Json
from sandbox.discord.world import Viewer, World

F = TypeVar("F", bound=Form)


@dataclass
class Call:
    """One request of the bot or of a person."""

    world: World
    who: Viewer
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    uploads: dict[str, Upload] = field(default_factory=dict[str, Upload])

    def __getitem__(self, name: str) -> str:
        """Return a part of the path."""
        return self.params[name]

    def number(self, name: str, default: int = 0) -> int:
        """Return a number of the query, or refuse with 50035 what is none."""
        text = self.query.get(name) or str(default)
        if not text.isdigit():
            message = f'Value "{text}" is not int.'
            raise invalid([name], "NUMBER_TYPE_COERCE", message)
        return int(text)

    @property
    def uid(self) -> str:
        """The one who acts."""
        return self.who.uid

    def channel(self, needed: int = 0) -> Json:
        """Return the channel in the path, or refuse what is not there, seen or allowed."""
        channel = self.world.channel(self["channel_id"])
        permissions.require(self.world.store, self.uid, channel, needed)
        return channel

    def message(self) -> Json:
        """Return the message in the path, or refuse with 10008."""
        return self.world.message(self["channel_id"], self["message_id"])

    def allowed(self, needed: int) -> bool:
        """Tell whether the caller has these permissions in the channel of the path."""
        channel = self.world.channel(self["channel_id"])
        return permissions.may(self.world.store, self.uid, channel, needed)

    def same_guild(self) -> World:
        """Return the world, or refuse with 10004 a server that is not ours."""
        if self["guild_id"] != self.world.guild_id:
            raise Refusal(10004)
        return self.world

    def form(self, form: type[F]) -> F:
        """Read the body by its rules."""
        return read(form, self.body)

    def fields(self) -> Json:
        """Return the body, or refuse with 50035 one that is no object."""
        if not isinstance(self.body, dict):
            message = "Only dictionaries may be used in a ModelType"
            raise invalid([], "MODEL_TYPE_CONVERT", message)
        return cast("Json", self.body)  # pyright: ignore[reportUnknownMemberType]

    def parcel(self) -> Parcel:
        """Read the body as a message with its files."""
        return Parcel(read(Draft, self.body), self.uploads)

    def shown(self, record: Json) -> Json:
        """Return a message as the caller sees it."""
        return shape(self.world, self.who, record)
