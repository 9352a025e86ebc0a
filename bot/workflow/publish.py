"""Publishing: due deliveries are claimed, the attempt is written, and only then the call is made.

The law of retries: a call whose outcome is not known is never made again by itself.
"""

import asyncio
import logging
import random
from datetime import datetime, timedelta

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.media import kind_of
from bot.errors import (
    CopydeskError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    ProviderError,
    TryLaterError,
)
from bot.workflow import claim as claims
from bot.workflow.claim import LOOK, Claim
from bot.workflow.desk import Desk
from bot.workflow.in_flight import InFlight
from bot.workflow.record import Outcome, Recorder
from db.moves import Move
from providers.base import Receipt, Recipient, Submission

log = logging.getLogger(__name__)


class Publisher:
    """Publishes what is due, each connection within its own number of calls at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._recorder = Recorder(desk)
        self._in_flight = InFlight()
        self._calls: dict[int, Claim] = {}  # by attempt
        self._resting: dict[int, datetime] = {}

    async def tick(self) -> None:
        """Claim what is due now and start its calls."""
        for claim in await claims.take_due(self._desk, free=self._free()):
            self._calls[claim.attempt_id] = claim
            self._in_flight.start(self._carry_out(claim))

    async def drain(self, seconds: float) -> None:
        """Let calls under way end; one that must be cut off is recorded as unknown."""
        await self._in_flight.drain(seconds)

    async def _carry_out(self, claim: Claim) -> None:
        try:
            await self._recorder.record(await self._call(claim))
        finally:
            del self._calls[claim.attempt_id]

    def _free(self) -> dict[int, int]:
        """How many calls may start at the connections that are busy or resting."""
        most = self._desk.services.calls_at_once()
        free: dict[int, int] = {}
        for call in self._calls.values():
            free[call.connection_id] = free.get(call.connection_id, most[call.provider]) - 1
        now = self._desk.now()
        self._resting = {key: until for key, until in self._resting.items() if until > now}
        return free | dict.fromkeys(self._resting, 0)

    async def _call(self, claim: Claim) -> Outcome:
        """Make the call, and sort whatever happens by the law of retries."""
        try:
            provider = await self._desk.services.of(claim.post.server_id, claim.connection_id)
            submission = _submission(self._desk, claim)
        except CopydeskError as error:
            return _ended(claim, DeliveryState.FAILED, error)  # nothing was sent
        try:
            receipts = await provider.publish(submission)
            return _accepted(claim, receipts, self._desk.now())
        except TryLaterError as error:
            return self._try_later(claim, error)
        except (OutcomeUnknownError, ProtocolBrokenError) as error:
            return _ended(claim, DeliveryState.UNKNOWN, error)
        except ProviderError as error:
            return _ended(claim, DeliveryState.FAILED, error)
        except asyncio.CancelledError:
            return _ended(claim, DeliveryState.UNKNOWN, _STOPPED)
        except Exception:
            log.exception("The call for post %s failed.", claim.post.id)
            return _ended(claim, DeliveryState.UNKNOWN, _BROKEN)

    def _try_later(self, claim: Claim, error: TryLaterError) -> Outcome:
        """Nothing was sent: wait as long as the service says, within the budget of retries."""
        now = self._desk.now()
        first = claim.deliveries[0]
        wait = pace.backoff(first.attempts, jitter=random.random())  # noqa: S311 - no secret
        if error.retry_after is not None:
            wait = max(wait, timedelta(seconds=error.retry_after))
            self._resting[claim.connection_id] = now + timedelta(seconds=error.retry_after)
        if now + wait > (first.tried_since or now) + pace.RETRY_BUDGET:
            return _ended(claim, DeliveryState.FAILED, error)
        return _ended(claim, DeliveryState.WAITING, error, try_at=now + wait)


_STOPPED = OutcomeUnknownError("Copydesk was stopped while the service had not answered yet.")
_BROKEN = OutcomeUnknownError("Copydesk failed while the call was under way; see its log.")


def _submission(desk: Desk, claim: Claim) -> Submission:
    content = claim.post.content
    now = desk.now()
    return Submission(
        key=claim.key,
        caption=content.caption,
        title=content.title,
        kind=kind_of(content.media),
        media=tuple(desk.links.make(claim.post.server_id, media, now) for media in content.media),
        recipients=tuple(
            Recipient(
                remote_id=delivery.target.remote_id,
                platform=delivery.target.platform,
                options=delivery.target.options,
            )
            for delivery in claim.deliveries
        ),
    )


def _ended(
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
    detail = error.excerpt if isinstance(error, ProviderError) else ""
    return Outcome(
        deliveries=claim.deliveries, moves=moves, ended=(claim.attempt_id, str(to), detail)
    )


def _accepted(claim: Claim, receipts: list[Receipt], now: datetime) -> Outcome:
    moves = [
        Move(
            delivery_id=delivery.id,
            expected=DeliveryState.SUBMITTING,
            to=receipt.state,
            attempt_id=claim.attempt_id,
            remote_id=receipt.remote_id,
            link=receipt.link,
            reason=receipt.reason,
            remedy=receipt.remedy,
            submitted_at=now,
            poll_at=now + pace.poll_interval(timedelta(0)) if _is_followed(receipt) else None,
        )
        for delivery, receipt in zip(claim.deliveries, receipts, strict=True)
    ]
    return Outcome(
        deliveries=claim.deliveries, moves=moves, ended=(claim.attempt_id, "accepted", "")
    )


def _is_followed(receipt: Receipt) -> bool:
    """Whether there is more to learn: how it ends, or where it is seen."""
    awaits_link = receipt.state is DeliveryState.PUBLISHED and not receipt.link
    return awaits_link or receipt.state is DeliveryState.SUBMITTED
