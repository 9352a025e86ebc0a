"""Cutting clips: what a service is asked for, and what it has made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.clip import Clip
from providers.submission import MediaFile


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipOrder:
    """What clips are to be made from: a link, or the name an upload was given.

    `query` says what moments to look for, where the service finds moments.
    """

    link: str = ""
    upload: str = ""
    file: MediaFile | None = None  # for services that take the file with the order
    name: str = ""
    query: str = ""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    agreed: bool = False  # a person agreed to `consent`


class ClipJobState(StrEnum):
    """How far a service is with cutting clips."""

    WORKING = "working"
    READY = "ready"  # every clip can be published
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClipJob:
    """A project: how far it is, and its clips, which are complete only when it is ready."""

    project_id: str
    state: ClipJobState
    clips: tuple[Clip, ...] = ()
    name: str = ""
    reason: str = ""  # why it failed, or what it waits for
    progress: str = ""  # the last thing the service said
    expires_at: datetime | None = None
