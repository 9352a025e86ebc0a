"""A clip: a piece of a longer video that a service has cut, and that it publishes itself."""

from dataclasses import dataclass


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
