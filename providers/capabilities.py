"""What a publishing service can do, as data: forms, checks and scheduling are derived from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from bot.domain.cover import NO_COVERS, CoverLimit
from bot.domain.limits import Limits
from bot.domain.options import Option
from bot.domain.platform import Kind, Platform
from providers.submission import Recipient


class StatusReading(StrEnum):
    """How the end of a submission can be read: `ReadsStatus` unless NONE."""

    NONE = "none"
    SINGLE = "single"
    BATCH = "batch"


class Idempotency(StrEnum):
    """Whether the same call may be repeated without publishing twice."""

    NONE = "none"
    KEY = "key"  # the same key always answers with the first post
    WINDOW = "window"  # the same key does so for a limited time


class Connecting(StrEnum):
    """How a social account is connected to the service from here."""

    NONE = "none"  # in the service's dashboard only
    LINK = "link"  # by an address to open once: `ConnectsByLink`
    CODE = "code"  # by a picture to scan with the platform's app: `ConnectsByCode`


@dataclass(frozen=True, kw_only=True, slots=True)
class CredentialField:
    """One field of the form that connects the service."""

    name: str
    label: str
    placeholder: str = ""
    secret: bool = True
    required: bool = True
    help: str = ""  # where a person finds it, as a sentence; empty: the service's `key_page`


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The service's own scheduling: how soon and how far ahead it takes a time."""

    lead: timedelta
    horizon: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """What the service takes into its own storage: `Uploads`. Size in bytes.

    `for_posts`: an upload is the media of a post; `for_clips`: the video that clips are cut from.
    """

    types: frozenset[str]
    size: int
    for_posts: bool = False
    for_clips: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipMaking:
    """How the service cuts clips out of a longer video: `MakesClips`.

    `consent` is what a person must agree to first, `cost` what an order costs, each as a sentence;
    `retention` how long a clip can be published after it was made; `at_once` how many videos the
    service works on together.
    """

    from_link: bool
    from_file: bool
    finds_moments: bool  # a query says what to look for
    poll: timedelta
    options: tuple[Option, ...] = ()
    consent: str = ""
    cost: str = ""
    retention: timedelta | None = None
    at_once: int | None = None


def _always(one: Recipient, other: Recipient) -> bool:
    return True


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a service can do; forms, checks, scheduling and help are derived from it."""

    name: str
    label: str
    key_page: str  # where a person finds the key, as a sentence
    credentials: tuple[CredentialField, ...]
    platforms: Mapping[Platform, Limits]
    options: Mapping[Platform, tuple[Option, ...]] = field(
        default_factory=dict[Platform, tuple[Option, ...]]
    )
    default_visibility: Mapping[Platform, str] = field(default_factory=dict[Platform, str])
    """What is chosen where nobody chose a `visibility`: never one that hides the post."""
    covers: Mapping[Platform, CoverLimit] = field(default_factory=dict[Platform, CoverLimit])
    """In which forms a platform takes the cover of a video; one that is absent takes none."""
    reads_account_limits: bool = False  # `ReadsAccountLimits`
    tells_plan: bool = False  # `TellsPlan`
    daily: Mapping[Platform, int] = field(default_factory=dict[Platform, int])
    """How many posts one account takes in 24 hours, where that is documented."""

    accounts_per_submission: int
    goes_with: Callable[[Recipient, Recipient], bool] = _always
    """Whether two accounts may share one submission."""
    calls_at_once: int = 4  # publish calls in flight per connection
    idempotency: Idempotency = Idempotency.NONE
    idempotency_window: timedelta | None = None
    schedule: Schedule | None = None  # None: the service takes no times

    status_reading: StatusReading = StatusReading.NONE
    status_batch: int = 1  # deliveries per status call
    results_page: str = ""  # where people see results that cannot be read, an address

    cancels: bool = False  # `Cancels`: what is scheduled at the service
    reschedules: bool = False  # `Reschedules`
    retries: bool = False  # `Retries`
    reconciles: bool = False  # `Reconciles`
    upload: Upload | None = None  # `Uploads`
    takes_content: bool = False  # a file without an address can be sent with the call
    clip_making: ClipMaking | None = None  # `MakesClips`

    connecting: Connecting = Connecting.NONE
    connectable: frozenset[Platform] = frozenset()  # the platforms it connects that way
    connecting_cost: str = ""  # what connecting an account costs, as a sentence
    connecting_page: str = ""  # where it is done by hand, as a sentence

    def cover_limit(self, platform: Platform) -> CoverLimit:
        """What a platform takes as a cover."""
        return self.covers.get(platform, NO_COVERS)

    @property
    def lists_values(self) -> bool:
        """Whether it lists what accounts have to choose from: `ListsValues`."""
        return any(option.listed for options in self.options.values() for option in options)

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of content it takes, on whichever platform."""
        return frozenset(kind for limits in self.platforms.values() for kind in limits.of)
