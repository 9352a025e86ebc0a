"""What all simulators of publishing services share: faults, feeds, and the shape of one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Fault:
    """A way the service misbehaves: its key and one sentence for the visitor."""

    key: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How long things take, in seconds: the work on a post, what then makes it public, an answer
    under the fault `slow`, and how long a file that cannot be reached is asked for again.
    """

    processing: float = 2.0
    public: float = 2.0
    slow: float = 8.0
    pulling: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedMedia:
    """One file of a post in a feed, at an address of the sandbox's page."""

    url: str
    type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedPost:
    """One publication; `times` counts those with the same account, text and media. `cover` is what
    its video shows before it plays: a moment (`3000 ms`), or the address of a picture on the page.
    """

    id: str
    at: str
    text: str
    title: str
    media: Sequence[FeedMedia]
    visibility: str
    status: str
    link: str
    times: int
    cover: str = ""


def shown_cover(cover: str, service: str) -> str:
    """A cover as a feed has it: a moment, or the address of a picture on the shelf of a service."""
    if not cover or cover.endswith(" ms"):
        return cover
    return f"/out-there/{service}/media/{cover}"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedAccount:
    """A simulated account with its publications, newest first."""

    id: str
    platform: str
    name: str
    username: str
    posts: Sequence[FeedPost]


AddressOf = Callable[[str], str]
"""The address at which another simulated service listens, by its name."""


class Simulator(Protocol):
    """One simulated service; made of a folder, in which it is durable, its API key, and a way to
    find other simulated services.
    """

    on_change: Callable[[], None]

    @property
    def name(self) -> str:
        """The service's name in addresses."""
        ...

    @property
    def label(self) -> str:
        """The service's name as people write it."""
        ...

    @property
    def base_path(self) -> str:
        """The path below which its API lies, such as `/api`; empty for none."""
        ...

    @property
    def faults(self) -> Sequence[Fault]:
        """What can go wrong; `none` comes first."""
        ...

    @property
    def fault(self) -> str:
        """The key of the fault in force."""
        ...

    @fault.setter
    def fault(self, key: str) -> None: ...

    @property
    def calls(self) -> int:
        """How often it was asked to publish."""
        ...

    def app(self) -> web.Application:
        """The service's HTTP API, for a listener of its own."""
        ...

    def feed(self) -> list[FeedAccount]:
        """What was published, account by account."""
        ...

    def media(self, name: str) -> Path | None:
        """A file it fetched, by the name its feed gives."""
        ...


def drop(request: web.Request) -> web.Response:
    """Cut the connection; the response only satisfies the server."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
