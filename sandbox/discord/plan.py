"""What a server contains when it is founded."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RolePlan:
    """A role, with its permissions as a bitfield (`sandbox.discord.permissions.Permission`)."""

    name: str
    permissions: int = 0
    color: int = 0
    hoist: bool = True


@dataclass(frozen=True, kw_only=True)
class OverwritePlan:
    """What a role (by its name, "@everyone" too) may or may not do in one channel."""

    role: str
    allow: int = 0
    deny: int = 0


@dataclass(frozen=True, kw_only=True)
class ChannelPlan:
    """A text channel."""

    name: str
    topic: str = ""
    overwrites: Sequence[OverwritePlan] = ()


@dataclass(frozen=True, kw_only=True)
class PersonPlan:
    """A person, with the names of the roles they hold."""

    username: str
    global_name: str
    roles: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class ServerPlan:
    """The server, its people, and the application with its bot.

    `everyone` and `bot_permissions` are bitfields; 0 means Discord's defaults for a new server
    and an invite with all that this sandbox knows but ADMINISTRATOR. Roles are listed from the
    highest to the lowest; the bot's own role stands above them, as `bot_role_first` says.
    """

    name: str
    roles: Sequence[RolePlan]
    channels: Sequence[ChannelPlan]
    people: Sequence[PersonPlan]
    owner: str
    bot_name: str = "Copydesk"
    everyone: int = 0
    bot_permissions: int = 0
    bot_role_first: bool = True
    privileged_intents: bool = False
