"""What an absence came to in a server: votes that were found afterwards, what was late or missed.

Kept as JSON in the one event that tells of it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import Event, EventKind

FOUND = "found"
"""The entry in the data of a vote's event that says that it was found on a card afterwards."""

SILENCE = timedelta(minutes=2)
"""An absence that is shorter is not told."""

_LATE = timedelta(minutes=1)
MOST = 20
"""Lines of each sort that are kept; the others are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What happened in one server: votes as `(post, who, what)`, deliveries as `(post, account,
    minutes late)`, expired posts by id. `what` is empty where a vote was taken back.
    """

    votes: Sequence[tuple[int, int, str]] = ()
    late: Sequence[tuple[int, str, int]] = ()
    missed: Sequence[tuple[int, str]] = ()
    expired: Sequence[int] = ()

    def __bool__(self) -> bool:
        return bool(self.votes or self.late or self.missed or self.expired)


def summary(
    events: Sequence[Event], deliveries: Sequence[Delivery], since: datetime, back: datetime
) -> Summary:
    """What an absence came to, given what happened to a server's posts since it began, and the
    deliveries of these posts: those count whose time was in it.
    """
    due = [item for item in deliveries if since < item.due_at <= back]
    tried = [item for item in due if item.tried_since and item.tried_since - item.due_at > _LATE]
    return Summary(
        votes=[_vote(event) for event in events if FOUND in event.data],
        late=[
            (item.post_id, item.target.label, _minutes(item.tried_since - item.due_at))
            for item in tried
            if item.tried_since and item.state is not DeliveryState.MISSED
        ],
        missed=[
            (item.post_id, item.target.label) for item in due if item.state is DeliveryState.MISSED
        ],
        expired=[event.post_id or 0 for event in events if event.kind is EventKind.EXPIRED],
    )


def to_data(found: Summary, since: datetime, back: datetime) -> dict[str, str]:
    """A summary as the data of an event."""
    parts: dict[str, Sequence[object]] = {
        "votes": found.votes,
        "late": found.late,
        "missed": found.missed,
        "expired": found.expired,
    }
    kept = {name: json.dumps([len(part), list(part)[:MOST]]) for name, part in parts.items()}
    return {"since": since.isoformat(), "back": back.isoformat(), **kept}


def part(data: Mapping[str, str], name: str) -> tuple[int, list[list[object]]]:
    """How many there were of a part of a summary, and those that were kept."""
    count, kept = json.loads(data.get(name, "[0, []]"))
    return count, [item if isinstance(item, list) else [item] for item in kept]


def _vote(event: Event) -> tuple[int, int, str]:
    is_cast = event.kind is EventKind.VOTED
    return event.post_id or 0, event.actor_id or 0, event.data.get("verdict", "") if is_cast else ""


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
