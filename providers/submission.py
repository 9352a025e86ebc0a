"""What a provider is asked to publish, and what it says became of it."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.clip import ClipRef
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """One account of a submission, with its options (`visibility`, …)."""

    remote_id: str
    platform: Platform
    options: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, kw_only=True, slots=True)
class MediaFile:
    """A file of a post. `name` ends in the right extension; size in bytes, length in seconds.

    `url` is where the service can fetch it; empty where it must be handed over by `content`,
    which gives the bytes from the beginning each time it is called.
    """

    url: str
    content_type: str
    size: int
    name: str = ""
    seconds: float | None = None
    content: Callable[[], AsyncIterator[bytes]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverFile:
    """The cover of a video: a frame of it, in milliseconds from its start, or with `at_ms` None a
    picture from elsewhere; and the picture, of the frame too.
    """

    at_ms: int | None
    picture: MediaFile


@dataclass(frozen=True, kw_only=True, slots=True)
class Submission:
    """One call: the content and the accounts it goes to. `key` names this intent for ever.

    `at` (UTC) hands the time over to the service; None publishes now. `clip` stands in the place
    of media for a post of kind clip. Which accounts get the `cover`, and in which form, follows from
    `Capabilities.covers`.
    """

    key: str
    caption: str
    title: str
    kind: Kind
    media: tuple[MediaFile, ...]
    recipients: tuple[Recipient, ...]
    at: datetime | None = None
    clip: ClipRef | None = None
    cover: CoverFile | None = None


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
    """What a question about a delivery that was accepted needs; `at` (UTC) as in Submission."""

    account_remote_id: str
    remote_id: str
    platform: Platform
    kind: Kind
    at: datetime | None = None
