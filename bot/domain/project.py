"""A project: what a service cuts clips from at one time, ordered here or only looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.clip import Clip
from bot.domain.media import Media


class ProjectState(StrEnum):
    """How far a project is. Ordering costs and cannot be taken back, so it is done once."""

    DRAFT = "draft"  # being chosen by a person; nothing was asked of the service
    WAITING = "waiting"  # to be ordered
    PREPARING = "preparing"  # its file is handed over; nothing was ordered
    ORDERING = "ordering"  # the call that orders is, or was, under way
    WORKING = "working"  # the service cuts
    READY = "ready"  # every clip can be published
    FAILED = "failed"
    UNKNOWN = "unknown"  # perhaps ordered: people look at the service


PROJECT_MOVES: Mapping[ProjectState, frozenset[ProjectState]] = {
    ProjectState.DRAFT: frozenset({ProjectState.WAITING}),
    ProjectState.WAITING: frozenset({ProjectState.PREPARING}),
    ProjectState.PREPARING: frozenset(
        {ProjectState.WAITING, ProjectState.ORDERING, ProjectState.FAILED}
    ),
    ProjectState.ORDERING: frozenset(
        {
            ProjectState.WAITING,  # nothing was sent
            ProjectState.WORKING,
            ProjectState.READY,
            ProjectState.FAILED,
            ProjectState.UNKNOWN,
        }
    ),
    ProjectState.WORKING: frozenset(
        {ProjectState.READY, ProjectState.FAILED, ProjectState.UNKNOWN}
    ),
    # A call that was slow but lived ends after its lease: what it says still counts.
    ProjectState.UNKNOWN: frozenset(
        {ProjectState.WORKING, ProjectState.READY, ProjectState.FAILED}
    ),
    ProjectState.READY: frozenset(),
    ProjectState.FAILED: frozenset(),
}

ENDED = frozenset({ProjectState.READY, ProjectState.FAILED, ProjectState.UNKNOWN})
"""Where the machine is done with a project."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Project:
    """One project. `remote_id` is the service's name for it, empty until it was ordered; made of a
    `link` or a `file`. `query` says which moments to look for. Moments are UTC.

    `tries` counts in a row what had no answer. `message_id` is the message that tells of it, none
    where it was only looked at; `tell_at` is set while that message is not true.
    """

    id: int
    server_id: int
    connection_id: int
    user_id: int
    channel_id: int
    state: ProjectState
    created_at: datetime
    link: str = ""
    file: Media | None = None
    name: str = ""
    query: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    agreed: bool = False
    remote_id: str = ""
    clips: tuple[Clip, ...] = ()
    progress: str = ""
    reason: str = ""
    remedy: str = ""
    ordered_at: datetime | None = None
    expires_at: datetime | None = None
    tries: int = 0
    message_id: int | None = None
    tell_at: datetime | None = None
    tell_tries: int = 0

    @property
    def label(self) -> str:
        """The project as people tell it from others."""
        made_of = self.link or (self.file.filename if self.file else "")
        return self.name or made_of or self.remote_id
