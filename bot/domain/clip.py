"""A clip: a piece of a longer video that a service has cut, and that it publishes itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.platform import Platform


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipRef:
    """Which clip: the service's project (or job) and the place in it, counted from 0.

    `resolution` is one the clip was exported in (`720p`, `1080p`, …); empty leaves it to the
    service.
    """

    project_id: str
    index: int
    resolution: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PostClip:
    """The clip a post is made of: which one, and at which connection."""

    connection_id: int
    ref: ClipRef

    @property
    def label(self) -> str:
        """The clip as people name it, counted from 1."""
        return f"Clip {self.ref.index + 1} of {self.ref.project_id}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Clip:
    """One clip as the service made it. `texts` are what it proposes: (title, caption) by platform.

    Length in seconds, score out of 100 where the service gives one.
    """

    index: int
    title: str
    seconds: float
    caption: str = ""
    tags: tuple[str, ...] = ()
    score: float | None = None
    thumbnail_url: str = ""
    video_url: str = ""
    texts: Mapping[Platform, tuple[str, str]] = field(
        default_factory=dict[Platform, tuple[str, str]]
    )
