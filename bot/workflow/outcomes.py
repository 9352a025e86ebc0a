"""What the end of a call means for its deliveries, and for the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.errors import CopydeskError, ProviderError
from bot.workflow.claim import Claim
from bot.workflow.lapse import LOOK
from bot.workflow.record import Outcome
from db.moves import Move
from providers.submission import Receipt


def ended(
    claim: Claim, to: DeliveryState, error: CopydeskError, *, try_at: datetime | None = None
) -> Outcome:
    """Every delivery of the call ends the same way."""
    moves = [
        Move(
            delivery_id=delivery.id,
            expected=DeliveryState.SUBMITTING,
            to=to,
            attempt_id=claim.attempt_id,
            reason=error.message,
            remedy=LOOK if to is DeliveryState.UNKNOWN else error.remedy,
            try_at=try_at,
        )
        for delivery in claim.deliveries
    ]
    return Outcome(deliveries=claim.deliveries, moves=moves, ended=_ledger(claim, str(to), error))


def unsure(claim: Claim, error: CopydeskError, at: datetime) -> Outcome:
    """The call may have been accepted, and the machine finds out at a moment (UTC)."""
    moves = [
        Move(
            delivery_id=delivery.id,
            expected=DeliveryState.SUBMITTING,
            to=DeliveryState.SUBMITTING,
            attempt_id=claim.attempt_id,
            reason=error.message,
            remedy="Copydesk is finding out whether it went out.",
            lease_until=at,
        )
        for delivery in claim.deliveries
    ]
    return Outcome(deliveries=claim.deliveries, moves=moves, ended=_ledger(claim, "unknown", error))


def accepted(claim: Claim, receipts: Sequence[Receipt], now: datetime) -> Outcome:
    """What the service said became of each delivery."""
    moves = [
        replace(
            move(delivery, receipt, now=now),
            expected=DeliveryState.SUBMITTING,
            attempt_id=claim.attempt_id,
        )
        for delivery, receipt in zip(claim.deliveries, receipts, strict=True)
    ]
    return Outcome(
        deliveries=claim.deliveries, moves=moves, ended=(claim.attempt_id, "accepted", "")
    )


def move(delivery: Delivery, receipt: Receipt, *, now: datetime) -> Move:
    """The move a receipt means for a delivery that the service was asked to publish."""
    return Move(
        delivery_id=delivery.id,
        expected=delivery.state,
        to=receipt.state,
        remote_id=receipt.remote_id,
        link=receipt.link,
        reason=receipt.reason,
        remedy=receipt.remedy,
        submitted_at=now,
        poll_at=_first_question(delivery, receipt, now),
    )


def _first_question(delivery: Delivery, receipt: Receipt, now: datetime) -> datetime | None:
    """When there is more to learn: how it ends, or where it is seen."""
    soon = now + pace.poll_interval(timedelta(0))
    if receipt.state is DeliveryState.SCHEDULED_AT_PROVIDER:
        return max(soon, delivery.due_at + pace.AFTER_SLOT)
    awaits_link = receipt.state is DeliveryState.PUBLISHED and not receipt.link
    return soon if awaits_link or receipt.state is DeliveryState.SUBMITTED else None


def _ledger(claim: Claim, outcome: str, error: CopydeskError) -> tuple[int, str, str]:
    detail = error.excerpt if isinstance(error, ProviderError) else ""
    return claim.attempt_id, outcome, detail
