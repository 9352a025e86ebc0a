"""Submissions whose status cannot be read: asked again ever more seldom, and in the end people are."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.errors import CopydeskError, TryLaterError
from bot.workflow.lapse import LOOK
from db.moves import Follow, Move


def count(step: Follow, error: CopydeskError, now: datetime) -> Move | Follow:
    """Count one more failure in a row: what is asked again waits, and what could not be read too
    often ends. A service that only wants to be left alone is, and nothing is counted.
    """
    if isinstance(error, TryLaterError) and error.retry_after is not None:
        rest = now + timedelta(seconds=error.retry_after)
        kept = replace(step, failures=step.delivery.failures)
        return replace(kept, poll_at=max(step.poll_at, rest)) if step.poll_at else kept
    failures = step.delivery.failures + 1
    if failures >= pace.STATUS_FAILURES:
        return _give_up(step, failures)
    wait = pace.backoff(failures, jitter=random.random())  # noqa: S311 - no secret
    at = max(step.poll_at, now + wait) if step.poll_at else None
    return replace(step, failures=failures, poll_at=at)


def _give_up(step: Follow, failures: int) -> Move | Follow:
    """Ask people; what is known to be out stays so, and only its address is missing."""
    delivery = step.delivery
    if delivery.state is DeliveryState.PUBLISHED:
        return replace(step, failures=failures, poll_at=None)
    return Move(
        delivery_id=delivery.id,
        expected=delivery.state,
        to=DeliveryState.UNKNOWN,
        reason=f"Its status could not be read {failures} times in a row. {step.reason}".strip(),
        remedy=LOOK,
    )
