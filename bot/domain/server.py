"""What a Discord server has decided for itself, and its connections and accounts."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.approval import Rules
from bot.domain.platform import Platform
from bot.domain.times import Timing

LATE_MINUTES, MOST_LATE = 15, 1440
"""How late a post may still go out where nothing was chosen, and what may be chosen at the most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A server's settings; None where nothing was chosen yet.

    `late_minutes` is how late a post may still go out; `timing` who keeps the time of posts that
    do not say; `slots` are the weekly times for posts, one a line, such as `tue 09:00`. With
    `failover`, what an account definitely refuses goes out through its backup. `approval` is as it
    was chosen; `rules` is what holds.
    """

    server_id: int
    approvals_channel_id: int | None = None
    approver_role_id: int | None = None
    zone: str = "UTC"
    fallback_channel_id: int | None = None
    late_minutes: int = LATE_MINUTES
    timing: Timing = Timing.HERE
    slots: str = ""
    failover: bool = False
    approval: Rules = field(default_factory=Rules)

    @property
    def rules(self) -> Rules:
        """How posts are approved here, by the approver role where nobody else is named."""
        return self.approval.with_default(self.approver_role_id)


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
    """A social account behind a connection; `usable` is False when it must be reconnected.

    `backup_id` is the account of another connection that stands for the same social account.
    """

    id: int
    server_id: int
    connection_id: int
    provider: str
    remote_id: str
    platform: Platform
    name: str
    username: str
    usable: bool
    backup_id: int | None = None

    @property
    def label(self) -> str:
        """The account as people name it."""
        return f"{self.platform.label} · {self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteAccount:
    """A social account as the service lists it; `usable` is False when it must be reconnected,
    `expires_soon` True when that is near.
    """

    remote_id: str
    platform: Platform
    name: str
    username: str
    usable: bool = True
    expires_soon: bool = False
    avatar_url: str = ""
    followers: int | None = None
