"""Who keeps the time of a post: Copydesk, or the service that gets it early."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain import fit
from bot.domain.delivery import Delivery
from bot.domain.post import Revision, Target
from bot.domain.times import Timing
from bot.errors import Problem
from bot.workflow.desk import Desk
from providers.capabilities import Capabilities

_SLACK = timedelta(hours=1)
"""How much within its horizon a service gets a post, so that clocks may differ."""


def early(desk: Desk, content: Revision, now: datetime) -> dict[int, datetime]:
    """When services that keep the time are given the post (UTC), by account id, as `early_at`."""
    return early_at(desk.services.capabilities, content, now)


def early_at(
    capabilities_of: Callable[[str], Capabilities], content: Revision, now: datetime
) -> dict[int, datetime]:
    """When services, whose capabilities are found by name, are given a post whose time they keep
    (UTC), by account id.

    Accounts that are not named have their time kept here: their service takes no times, nobody
    asked for it, or the time is too near for it.
    """
    found: dict[int, datetime] = {}
    for target in content.targets:
        capabilities = capabilities_of(target.provider)
        if content.due_at is None or not is_kept_there(capabilities, content):
            continue
        if capabilities.schedule and content.due_at - now >= capabilities.schedule.lead:
            found[target.account_id] = max(
                now, content.due_at - capabilities.schedule.horizon + _SLACK
            )
    return found


def is_kept_there(capabilities: Capabilities, content: Revision) -> bool:
    """Whether the service keeps the time: by choice, or because its clips do not last."""
    if capabilities.schedule is None or content.due_at is None:
        return False
    return content.timing is Timing.SERVICE or _clip_is_short_lived(capabilities, content)


def problems(desk: Desk, content: Revision, now: datetime) -> list[Problem]:
    """Why the time of a post cannot be kept as it must be."""
    found: list[Problem] = []
    for target in content.targets:
        found += _problems(desk.services.capabilities(target.provider), content, target, now)
    return found


def at(delivery: Delivery, capabilities: Capabilities, now: datetime) -> datetime | None:
    """The time (UTC) a service is told; None publishes at once."""
    if delivery.timing is Timing.HERE or capabilities.schedule is None:
        return None
    return delivery.due_at if delivery.due_at - now >= capabilities.schedule.lead else None


def _problems(
    capabilities: Capabilities, content: Revision, target: Target, now: datetime
) -> list[Problem]:
    if content.due_at is None or not _clip_is_short_lived(capabilities, content):
        return []
    schedule = capabilities.schedule
    if content.repeats:
        return [_does_not_last(capabilities)]
    if schedule is None:
        kept = capabilities.clip_making and capabilities.clip_making.retention
        is_kept = kept is not None and content.due_at - now < kept
        return [] if is_kept else [_gone(capabilities, target)]
    # Below the lead Copydesk itself publishes: the clip lasts until then.
    return fit.window_problems(timedelta(0), schedule.horizon, target.label, content.due_at, now)


def _gone(capabilities: Capabilities, target: Target) -> Problem:
    return Problem(
        field="When",
        message=f"{capabilities.label} will have thrown the clip away by then.",
        remedy=f"Give an earlier time, or leave {target.label} out.",
    )


def _does_not_last(capabilities: Capabilities) -> Problem:
    return Problem(
        field="When",
        message=f"{capabilities.label} throws clips away after a while, so this cannot repeat.",
        remedy="Give one time.",
    )


def _clip_is_short_lived(capabilities: Capabilities, content: Revision) -> bool:
    making = capabilities.clip_making
    return content.clip is not None and making is not None and making.retention is not None
