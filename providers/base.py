"""What a publishing service can do, as data, and the protocol that the rest of Copydesk uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Protocol

from bot.domain.delivery import DeliveryState
from bot.domain.limits import Limits
from bot.domain.platform import Kind, Platform
from bot.domain.server import RemoteAccount


class StatusReading(StrEnum):
    """How the end of a submission can be read."""

    NONE = "none"
    SINGLE = "single"
    BATCH = "batch"


class Idempotency(StrEnum):
    """Whether the same call may be repeated without publishing twice."""

    NONE = "none"
    KEY = "key"  # the same key always answers with the first post
    WINDOW = "window"  # the same key does so for a limited time


@dataclass(frozen=True, kw_only=True, slots=True)
class CredentialField:
    """One field of the form that connects the service."""

    name: str
    label: str
    placeholder: str = ""
    secret: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The service's own scheduling: how soon and how far ahead it takes a time."""

    lead: timedelta
    horizon: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a service can do; forms, checks, scheduling and help are derived from it."""

    name: str
    label: str
    key_page: str  # where a person finds the key, as a sentence
    credentials: tuple[CredentialField, ...]
    platforms: Mapping[Platform, Limits]
    accounts_per_submission: int
    schedule: Schedule | None
    status_reading: StatusReading
    status_batch: int  # deliveries per status call
    idempotency: Idempotency
    reads_account_limits: bool
    default_visibility: Mapping[Platform, str] = field(default_factory=dict[Platform, str])
    calls_at_once: int = 4  # publish calls in flight per connection


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountLimits:
    """What one account allows now, most public visibility first; durations in seconds."""

    visibilities: tuple[str, ...]
    max_video_seconds: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaLink:
    """A file the service fetches: an address that ends in the right extension; size in bytes."""

    url: str
    content_type: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One account of a submission, with its options (`visibility`, …)."""

    remote_id: str
    platform: Platform
    options: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One call: the content and the accounts it goes to. `key` names this intent for ever."""

    key: str
    caption: str
    title: str
    kind: Kind
    media: tuple[MediaLink, ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What became of one recipient: a state after `submitting` or `submitted`."""

    state: DeliveryState
    remote_id: str = ""
    link: str = ""
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What a status question needs to know about a delivery that was accepted."""

    account_remote_id: str
    remote_id: str
    platform: Platform
    kind: Kind


class Provider(Protocol):
    """One connection to one service. All methods raise errors of `bot.errors.ProviderError`."""

    capabilities: ClassVar[Capabilities]

    async def accounts(self) -> list[RemoteAccount]:
        """List the connected social accounts; also the check that a key is good."""
        ...

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what an account allows; None where the service does not tell."""
        ...

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish, one receipt per recipient in order. The only call that must never be repeated
        by itself after `OutcomeUnknownError` or `ProtocolBrokenError`.
        """
        ...

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far submissions are, one receipt per question in order.

        `submitted` as the state means still under way; a question the service could not answer
        is answered so too, with the reason.
        """
        ...

    async def close(self) -> None:
        """Give the sockets back."""
        ...
