"""Events: what happened to a post, who did it and when. They are the audit trail and the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What can happen; the value is kept in the database, so it never changes."""

    SHARED = "post.shared"  # a draft, with people who write it too
    REVIEW_ASKED = "post.review_asked"
    VOTED = "post.voted"
    VOTE_TAKEN_BACK = "post.vote_taken_back"
    REMINDED = "post.reminded"
    ESCALATED = "post.escalated"
    CHANGES_ASKED = "post.changes_asked"
    REVISED = "post.revised"
    HELD = "post.held"
    RELEASED = "post.released"
    APPROVED = "post.approved"
    REJECTED = "post.rejected"
    CANCELLED = "post.cancelled"
    EXPIRED = "post.expired"
    RESCHEDULED = "post.rescheduled"
    MOVED_OVER = "post.moved_over"
    SUBMITTING = "delivery.submitting"
    PROGRESSED = "delivery.progressed"
    FAILED_OVER = "delivery.failed_over"
    ANSWERED = "delivery.answered"
    SETTLED = "post.settled"
    REPEATED = "post.repeated"
    CHECKED = "post.checked"
    WARNED = "post.warned"
    CARD_DUE = "post.card_due"
    CLIPS_MOVED = "clips.moved"
    SETTINGS_CHANGED = "desk.settings_changed"
    CONNECTED = "provider.connected"
    CONNECT_REFUSED = "provider.connect_refused"
    TESTED = "provider.tested"
    CONNECTION_RENAMED = "provider.renamed"
    KEY_REPLACED = "provider.key_replaced"
    DISCONNECTED = "provider.disconnected"
    PAUSED = "desk.paused"
    RESUMED = "desk.resumed"
    RETURNED = "desk.returned"
    CLOSED = "desk.closed"
    ACCOUNT_ADDED = "account.added"
    ACCOUNT_LOST = "account.lost"
    ACCOUNT_EXPIRING = "account.expiring"
    ACCOUNT_BACK = "account.back"
    ACCOUNT_JOINED = "account.joined"
    ACCOUNT_RENAMED = "account.renamed"
    KEY_REFUSED = "provider.refused"
    KEY_BACK = "provider.back"
    SERVICE_AWAY = "provider.away"


SPOKEN = frozenset(
    {
        EventKind.SHARED,
        EventKind.REVIEW_ASKED,
        EventKind.REMINDED,
        EventKind.ESCALATED,
        EventKind.CHANGES_ASKED,
        EventKind.REVISED,
        EventKind.HELD,
        EventKind.RELEASED,
        EventKind.REJECTED,
        EventKind.CANCELLED,
        EventKind.EXPIRED,
        EventKind.RESCHEDULED,
        EventKind.SETTLED,
        EventKind.REPEATED,
        EventKind.WARNED,
    }
)
"""Kinds that are told, most in the channel where the post began; all others only change its card."""


FIRST = frozenset({EventKind.REVIEW_ASKED, EventKind.REVISED, EventKind.REPEATED})
"""Kinds with which a post, or a revision of it, is seen for the first time: it gets its card."""


NOTICES = frozenset(
    {
        EventKind.ACCOUNT_LOST,
        EventKind.ACCOUNT_EXPIRING,
        EventKind.ACCOUNT_BACK,
        EventKind.ACCOUNT_JOINED,
        EventKind.KEY_REFUSED,
        EventKind.KEY_BACK,
        EventKind.RETURNED,
        EventKind.CLOSED,
    }
)
"""Kinds that are told of a server as a whole, where they are about no post."""


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
