"""When those who are still needed for a post are reminded, and when others may decide too. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.approval import Rules
from bot.domain.event import EventKind

PATIENCE = timedelta(hours=24)
"""After so long without a decision everyone who is needed is reminded."""

Moment = tuple[datetime, EventKind]


def moments(rules: Rules, asked_at: datetime, due_at: datetime | None) -> list[Moment]:
    """What is told when of a post that waits since it was asked about, the soonest first: nothing
    before that, and nothing at its time or later, when it expires.
    """
    found = [(asked_at + PATIENCE, EventKind.REMINDED)]
    if due_at is not None and rules.remind_minutes:
        found.append((due_at - timedelta(minutes=rules.remind_minutes), EventKind.REMINDED))
    if since := rules.escalates_at(due_at):
        found.append((max(since, asked_at), EventKind.ESCALATED))
    return sorted(
        (at, kind)
        for at, kind in found
        if at >= asked_at and (due_at is None or at < due_at)
        if kind is EventKind.ESCALATED or at > asked_at
    )


def first(found: Sequence[Moment], *, after: datetime | None = None) -> datetime | None:
    """The first moment, or the first after another."""
    return next((at for at, _ in found if after is None or at > after), None)


def due(found: Sequence[Moment], since: datetime, now: datetime) -> EventKind | None:
    """What is told now of the moments that came since the one that was waited for; those that came
    while nobody looked are told as one.
    """
    came = {kind for at, kind in found if since <= at <= now}
    if EventKind.ESCALATED in came:
        return EventKind.ESCALATED
    return EventKind.REMINDED if came else None


def anew(
    before: Rules, after: Rules, asked_at: datetime, due_at: datetime | None, now: datetime
) -> datetime | None:
    """What is waited for when the rules change: no reminder of the past is told again, but that
    others may decide too, where it was not so before.
    """
    found = moments(after, asked_at, due_at)
    is_new = after.at(due_at, now).stages != after.stages and (
        before.escalate_role != after.escalate_role or before.at(due_at, now) == before
    )
    escalated = [at for at, kind in found if is_new and kind is EventKind.ESCALATED]
    return escalated[0] if escalated else first(found, after=now)
