"""What a Discord server has decided for itself, and its connections and accounts."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain import marks
from bot.domain.approval import Rules
from bot.domain.marks import Marks
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
    was chosen; `rules` is what holds. `author_roles` may write posts and `viewer_roles` may see
    them; where none is named, everyone may. `marks` are the reactions that vote, empty where the
    usual ones do.
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
    author_roles: tuple[int, ...] = ()
    viewer_roles: tuple[int, ...] = ()
    marks: str = ""

    @property
    def rules(self) -> Rules:
        """How posts are approved here, by the approver role where nobody else is named."""
        return self.approval.with_default(self.approver_role_id)

    @property
    def reactions(self) -> Marks:
        """The reactions that vote here."""
        return marks.of(self.marks)

    def at(self, due_at: datetime | None, now: datetime) -> "Server":
        """The settings as they hold at a moment for a post that is due then."""
        return replace(self, approval=self.rules.at(due_at, now))


class ConnectionHealth(StrEnum):
    """How a connection was when it was last read."""

    GOOD = "good"
    AWAY = "away"
    """Its service could not be read."""
    REFUSED = "refused"
    """Its key is not accepted any more: it is to be replaced."""


class AccountHealth(StrEnum):
    """How an account was when its connection was last read."""

    GOOD = "good"
    EXPIRING = "expiring"
    """It must be reconnected soon."""
    EXPIRED = "expired"
    """It must be reconnected before anything can be published to it."""
    GONE = "gone"
    """Its service does not list it any more, or the connection is closed."""

    @property
    def is_usable(self) -> bool:
        """Whether anything can be published to it."""
        return self in (AccountHealth.GOOD, AccountHealth.EXPIRING)

    @property
    def trouble(self) -> str:
        """What is wrong, as a sentence; nothing where all is well."""
        return _TROUBLES.get(self, "")


_TROUBLES = {
    AccountHealth.EXPIRING: "Its platform is about to disconnect it.",
    AccountHealth.EXPIRED: "Its platform has disconnected it.",
    AccountHealth.GONE: "Its service does not list it any more.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Connection:
    """A server's credentials at a provider; `hint` is the last four characters of the key.

    `trouble` says why its health is not good, as of `checked_at`. One that is closed has no secret
    any more; it is kept for the history of its posts.
    """

    id: int
    server_id: int
    provider: str
    secret: bytes
    hint: str
    created_by: int
    created_at: datetime
    name: str = ""
    health: ConnectionHealth = ConnectionHealth.GOOD
    trouble: str = ""
    checked_at: datetime | None = None
    closed_at: datetime | None = None


LONGEST_CALLED, LONGEST_MARK = 255, 100
"""Characters: what an account is called, which is kept with what goes out to it; and of that, what
tells it from others of its name.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A social account behind a connection; `usable` is False when it must be reconnected.

    `backup_id` is the account of another connection that stands for the same social account.
    `nickname` and `emoji` are what people call it, empty where they did not; `apart` tells it from
    others of that name; `trouble` says why its health is not good; `followers` is None where the
    service does not tell.
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
    nickname: str = ""
    emoji: str = ""
    avatar_url: str = ""
    followers: int | None = None
    health: AccountHealth = AccountHealth.GOOD
    trouble: str = ""
    apart: str = ""

    @property
    def called(self) -> str:
        """Its name: the one people gave it, or else its own."""
        name = f"{self.emoji} {self.nickname or self.name}".strip()
        mark = f" ({self.apart})" if self.apart else ""
        return f"{name[: LONGEST_CALLED - len(mark)]}{mark}"

    @property
    def unmarked(self) -> "Account":
        """The same account, for where its service is named beside it."""
        return replace(self, apart="")

    @property
    def label(self) -> str:
        """The account as people name it."""
        return f"{self.platform.label} · {self.called}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountSet:
    """Accounts of a server that are chosen together, such as those of one brand."""

    id: int
    server_id: int
    name: str
    account_ids: tuple[int, ...]
    created_by: int
    created_at: datetime


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

    @property
    def health(self) -> AccountHealth:
        """How it is, by what the service says."""
        if not self.usable:
            return AccountHealth.EXPIRED
        return AccountHealth.EXPIRING if self.expires_soon else AccountHealth.GOOD
