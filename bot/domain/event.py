"""Events: what happened to a post, who did it and when. They are the audit trail and the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen; the value is kept in the database, so it never changes."""

    REVIEW_ASKED = "post.review_asked"
    VOTED = "post.voted"
    APPROVED = "post.approved"
    REJECTED = "post.rejected"
    CANCELLED = "post.cancelled"
    EXPIRED = "post.expired"
    SUBMITTING = "delivery.submitting"
    PROGRESSED = "delivery.progressed"
    SETTLED = "post.settled"
    SETTINGS_CHANGED = "desk.settings_changed"
    CONNECTED = "provider.connected"


SPOKEN = frozenset(
    {
        EventKind.REVIEW_ASKED,
        EventKind.REJECTED,
        EventKind.CANCELLED,
        EventKind.EXPIRED,
        EventKind.SETTLED,
    }
)
"""Kinds that are told in the channel where the post began; all others only change its card."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One row of the audit trail; `actor_id` is None when the machine acted."""

    id: int
    server_id: int
    kind: EventKind
    at: datetime
    post_id: int | None = None
    actor_id: int | None = None
    data: Mapping[str, str] = field(default_factory=dict[str, str])
