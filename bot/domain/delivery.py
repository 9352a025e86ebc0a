"""A delivery: the machine's work for one target of an approved post."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.post import Target
from bot.domain.times import Timing


class DeliveryState(StrEnum):
    """Where the machine stands with one target."""

    WAITING = "waiting"  # its time has not come, or it is tried again later
    SUBMITTING = "submitting"  # an attempt row is committed; the call may be under way
    SUBMITTED = "submitted"  # the service has it and works on it
    SCHEDULED_AT_PROVIDER = "scheduled_at_provider"  # the service will publish it at its time
    PUBLISHED = "published"  # it is live
    IN_INBOX = "in_inbox"  # a draft in the creator's app, to be finished there
    ACCEPTED_UNVERIFIED = "accepted_unverified"  # accepted by a service that tells no result
    FAILED = "failed"  # definitely refused
    UNKNOWN = "unknown"  # perhaps accepted; people must look
    MISSED = "missed"  # too late by policy
    HELD = "held"  # stopped for now
    CANCELLED = "cancelled"  # stopped for good before it left

    @property
    def words(self) -> str:
        """The state as people read it."""
        return WORDS[self]


_OUTCOMES = frozenset(
    {
        DeliveryState.SUBMITTED,
        DeliveryState.SCHEDULED_AT_PROVIDER,
        DeliveryState.PUBLISHED,
        DeliveryState.IN_INBOX,
        DeliveryState.ACCEPTED_UNVERIFIED,
        DeliveryState.FAILED,
    }
)

DELIVERY_MOVES: Mapping[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.WAITING: frozenset(
        {
            DeliveryState.SUBMITTING,
            DeliveryState.FAILED,
            DeliveryState.HELD,
            DeliveryState.MISSED,
            DeliveryState.CANCELLED,
        }
    ),
    DeliveryState.SUBMITTING: _OUTCOMES | {DeliveryState.WAITING, DeliveryState.UNKNOWN},
    DeliveryState.SUBMITTED: (_OUTCOMES | {DeliveryState.UNKNOWN}) - {DeliveryState.SUBMITTED},
    DeliveryState.SCHEDULED_AT_PROVIDER: (_OUTCOMES | {DeliveryState.UNKNOWN})
    - {DeliveryState.SCHEDULED_AT_PROVIDER}
    | {DeliveryState.CANCELLED, DeliveryState.HELD},
    DeliveryState.PUBLISHED: frozenset(),
    DeliveryState.IN_INBOX: frozenset({DeliveryState.PUBLISHED}),
    DeliveryState.ACCEPTED_UNVERIFIED: frozenset({DeliveryState.PUBLISHED, DeliveryState.FAILED}),
    DeliveryState.FAILED: frozenset({DeliveryState.WAITING}),
    # A slow but living call still records its outcome after its lease was reaped.
    DeliveryState.UNKNOWN: _OUTCOMES | {DeliveryState.WAITING},
    DeliveryState.MISSED: frozenset({DeliveryState.WAITING, DeliveryState.CANCELLED}),
    DeliveryState.HELD: frozenset(
        {DeliveryState.WAITING, DeliveryState.MISSED, DeliveryState.CANCELLED}
    ),
    DeliveryState.CANCELLED: frozenset(),
}

OPEN = frozenset(
    {
        DeliveryState.WAITING,
        DeliveryState.SUBMITTING,
        DeliveryState.SUBMITTED,
        DeliveryState.SCHEDULED_AT_PROVIDER,
        DeliveryState.HELD,
    }
)
"""States in which the machine still has work to do, or may have."""

WORDS: Mapping[DeliveryState, str] = {
    DeliveryState.WAITING: "waiting",
    DeliveryState.SUBMITTING: "being sent",
    DeliveryState.SUBMITTED: "being processed",
    DeliveryState.SCHEDULED_AT_PROVIDER: "scheduled at the service",
    DeliveryState.PUBLISHED: "published",
    DeliveryState.IN_INBOX: "in the creator's inbox",
    DeliveryState.ACCEPTED_UNVERIFIED: "accepted, result not readable",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNKNOWN: "outcome unknown",
    DeliveryState.MISSED: "missed",
    DeliveryState.HELD: "held",
    DeliveryState.CANCELLED: "cancelled",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One target of one approved revision; `due_at` is UTC, `timing` who keeps that time.

    `round` counts how often it was begun anew, `failures` how often in a row its status could not be
    read; `paused` says whether people keep it from going out, `disconnected` whether it waits for
    its account or key to be connected anew. `remote_id` is the service's id of
    the submission, `link` the public address, `reason` why it stands where it stands, `remedy` what
    to do about it, `takeover` why its backup has it.
    """

    id: int
    post_id: int
    server_id: int
    target: Target
    state: DeliveryState
    due_at: datetime
    content_hash: str
    timing: Timing = Timing.HERE
    attempts: int = 0
    round: int = 0
    failures: int = 0
    paused: bool = False
    disconnected: bool = False
    attempt_id: int | None = None
    tried_since: datetime | None = None
    submitted_at: datetime | None = None
    remote_id: str = ""
    link: str = ""
    reason: str = ""
    remedy: str = ""
    takeover: str = ""

    @property
    def is_untouched(self) -> bool:
        """Whether nothing of it can be out: it was never sent, nor begun anew by people, who may be
        wrong that an earlier call published nothing.
        """
        is_kept = self.state in (DeliveryState.WAITING, DeliveryState.HELD)
        return is_kept and not (self.attempts or self.round or self.remote_id)


def summary(deliveries: Sequence[Delivery]) -> str:
    """What the team reads of a post's deliveries, such as "2 of 3 published, 1 failed"."""
    counts = Counter(delivery.state for delivery in deliveries)
    if not counts:
        return "nothing to deliver"
    if len(counts) == 1:
        words = deliveries[0].state.words
        return words if len(deliveries) == 1 else f"all {len(deliveries)} {words}"
    first, *rest = (state for state in _READING_ORDER if counts[state])
    told = [f"{counts[first]} of {len(deliveries)} {first.words}"]
    told += [f"{counts[state]} {state.words}" for state in rest]
    return ", ".join(told)


_READING_ORDER = (
    DeliveryState.PUBLISHED,
    DeliveryState.IN_INBOX,
    DeliveryState.ACCEPTED_UNVERIFIED,
    DeliveryState.FAILED,
    DeliveryState.UNKNOWN,
    DeliveryState.MISSED,
    DeliveryState.HELD,
    DeliveryState.SUBMITTED,
    DeliveryState.SUBMITTING,
    DeliveryState.SCHEDULED_AT_PROVIDER,
    DeliveryState.WAITING,
    DeliveryState.CANCELLED,
)
