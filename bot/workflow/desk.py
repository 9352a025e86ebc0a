"""The desk: what every workflow function is given."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.post import Post
from bot.storage import Storage
from bot.workflow.breaker import Breakers
from bot.workflow.media_links import MediaLinks
from bot.workflow.services import Services
from db.database import Database
from providers.fetcher import Fetcher


def utc_now() -> datetime:
    """The moment it is, in UTC."""
    return datetime.now(UTC)


def _nobody_listens() -> None:
    """Stand in for the scheduler's nudge where nothing ticks."""


@dataclass(kw_only=True, slots=True)
class Shown:
    """What Discord shows of posts. `links` gives fresh links to the files on a post's card, by
    their hashes, and raises TryLaterError; None while this process does not speak to Discord.
    """

    links: Callable[[Post], Awaitable[Mapping[str, str]]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Database, files, services, links, the clock, and how to wake the machine after a commit.

    `fetcher` reads what people give a link to. `nudge` makes the ticks run at once instead of within a second; forgetting it loses nothing.
    `breakers` know which services are left alone for now, `shown` what Discord has of our files.
    """

    database: Database
    storage: Storage
    services: Services
    links: MediaLinks
    fetcher: Fetcher = field(default_factory=Fetcher)
    now: Callable[[], datetime] = utc_now
    nudge: Callable[[], None] = field(default=_nobody_listens)
    breakers: Breakers = field(default_factory=Breakers)
    shown: Shown = field(default_factory=Shown)
