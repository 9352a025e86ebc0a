"""What a Discord server has decided for itself, and its connections and accounts."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.platform import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server's settings; None where nothing was chosen yet."""

    server_id: int
    approvals_channel_id: int | None = None
    approver_role_id: int | None = None
    zone: str = "UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A server's credentials at a provider; `hint` is the last four characters of the key."""

    id: int
    server_id: int
    provider: str
    secret: bytes
    hint: str
    created_by: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A social account behind a connection; `usable` is False when it must be reconnected."""

    id: int
    server_id: int
    connection_id: int
    provider: str
    remote_id: str
    platform: Platform
    name: str
    username: str
    usable: bool

    @property
    def label(self) -> str:
        """The account as people name it."""
        return f"{self.platform.label} · {self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteAccount:
    """A social account as the service lists it; `usable` is False when it must be reconnected."""

    remote_id: str
    platform: Platform
    name: str
    username: str
    usable: bool = True
    avatar_url: str = ""
    followers: int | None = None
