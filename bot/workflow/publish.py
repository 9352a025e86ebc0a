"""Publishing: due deliveries are claimed, the attempt is written, and only then the call is made.

The law of retries: a call whose outcome is not known is never made again by itself.
"""

import asyncio
import logging
import random
from datetime import datetime, timedelta

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.errors import (
    CopydeskError,
    DatabaseAwayError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    ProviderError,
    TryLaterError,
)
from bot.workflow import ask_service, calls, hand_over, lapse, outcomes, refusals, timing
from bot.workflow import claim as claims
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.hand_over import Handed
from bot.workflow.in_flight import InFlight
from bot.workflow.record import Outcome, Recorder
from providers.base import Provider, Reconciles, Retries
from providers.submission import Receipt

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
        """Claim what is due now and start its calls; ask broken services whether they answer."""
        for server_id, connection_id in self._desk.breakers.to_ask(self._desk.now()):
            self._in_flight.start(ask_service.ask(self._desk, server_id, connection_id))
        for claim in await claims.take_due(self._desk, free=self._free()):
            self._calls[claim.attempt_id] = claim
            self._in_flight.start(self._carry_out(claim))

    async def resolve(self, *, everything: bool = False) -> None:
        """Find out about calls whose outcome is not known; `everything` as `lapse.reap` says."""
        for claim in await lapse.reap(self._desk, alive=self._calls, everything=everything):
            self._calls[claim.attempt_id] = claim
            self._in_flight.start(self._carry_out(claim))

    async def drain(self, seconds: float) -> None:
        """Let calls under way end; one that must be cut off is recorded as unknown."""
        await self._in_flight.drain(seconds)

    async def _carry_out(self, claim: Claim) -> None:
        try:
            await self._recorder.record(await self._outcome(claim))
        finally:
            del self._calls[claim.attempt_id]

    async def _outcome(self, claim: Claim) -> Outcome:
        capabilities = self._desk.services.capabilities(claim.provider)
        if claim.is_repeat and not lapse.is_repeated(capabilities, claim, self._desk.now()):
            return await self._look(claim)
        return await self._call(claim)

    def _free(self) -> dict[int, int]:
        """How many calls may start at the connections that are busy, resting or broken."""
        most = self._desk.services.calls_at_once()
        free: dict[int, int] = {}
        for call in self._calls.values():
            free[call.connection_id] = free.get(call.connection_id, most[call.provider]) - 1
        now = self._desk.now()
        self._resting = {key: until for key, until in self._resting.items() if until > now}
        return free | dict.fromkeys([*self._resting, *self._desk.breakers.resting()], 0)

    def _heard(self, claim: Claim, error: CopydeskError | None = None) -> None:
        """Tell the breaker of the connection how a call ended."""
        server_id, now = claim.post.server_id, self._desk.now()
        self._desk.breakers.heard(server_id, claim.connection_id, error, now)

    async def _call(self, claim: Claim) -> Outcome:
        """Make the call, and sort whatever happens by the law of retries."""
        now = self._desk.now()
        first = claim.deliveries[0]
        capabilities = self._desk.services.capabilities(claim.provider)
        # A repeat is the same call: what was too near by then is not a reason to change it.
        since = first.tried_since if claim.is_repeat else None
        at = timing.at(first, capabilities, since or now)
        if at is None and first.due_at > now and not claim.is_repeat:
            # The service takes no time as near as this, so it is kept here.
            return outcomes.ended(claim, DeliveryState.WAITING, _TOO_NEAR, try_at=first.due_at)
        try:
            provider = await self._desk.services.of(claim.post.server_id, claim.connection_id)
            handed = await hand_over.files(self._desk, claim, provider)
        except CopydeskError as error:
            self._heard(claim, error)
            return await self._not_sent(claim, error)
        except DatabaseAwayError:
            return await self._not_sent(claim, _NOT_NOTED)
        except asyncio.CancelledError:
            return await self._not_sent(claim, _STOPPED_BEFORE)
        try:
            receipts = await _send(provider, claim, handed, at)
        except asyncio.CancelledError:
            return self._unsure(claim, _STOPPED)
        except ProviderError as error:
            self._heard(claim, error)
            return await self._refused(claim, error)
        except Exception:
            log.exception("The call for post %s failed.", claim.post.id)
            return self._unsure(claim, _BROKEN)
        self._heard(claim)
        return outcomes.accepted(claim, receipts, self._desk.now())

    async def _not_sent(self, claim: Claim, error: CopydeskError) -> Outcome:
        """This call published nothing; an earlier one under its key may have."""
        if claim.is_repeat:
            return self._unsure(claim, error)
        if isinstance(error, TryLaterError):
            return self._try_later(claim, error)
        return await refusals.outcome(self._desk, claim, error)

    async def _look(self, claim: Claim) -> Outcome:
        """Look in the service's own records for a call that may have been accepted."""
        try:
            provider = await self._desk.services.of(claim.post.server_id, claim.connection_id)
            if not isinstance(provider, Reconciles):
                return outcomes.ended(claim, DeliveryState.UNKNOWN, _STOPPED)
            submission = calls.submission(claim.post, claim.deliveries, key=claim.key)
            tried_at = claim.deliveries[0].tried_since or self._desk.now()
            receipts = await provider.reconcile(submission, tried_at)
        except CopydeskError as error:
            self._heard(claim, error)
            return self._unsure(claim, error)
        except asyncio.CancelledError:
            return self._unsure(claim, _STOPPED)
        self._heard(claim)
        if all(receipt.state is DeliveryState.UNKNOWN for receipt in receipts):
            return self._unsure(claim, _NOT_SHOWN)
        return outcomes.accepted(claim, receipts, self._desk.now())

    async def _refused(self, claim: Claim, error: ProviderError) -> Outcome:
        if isinstance(error, OutcomeUnknownError | ProtocolBrokenError):
            return self._unsure(claim, error)
        return await self._not_sent(claim, error)

    def _unsure(self, claim: Claim, error: CopydeskError) -> Outcome:
        """The call may have been accepted: find out after a while, or ask people."""
        now = self._desk.now()
        first = claim.deliveries[0]
        capabilities = self._desk.services.capabilities(claim.provider)
        if not lapse.can_find_out(capabilities, first, now):
            return outcomes.ended(claim, DeliveryState.UNKNOWN, error)
        return outcomes.unsure(claim, error, now + self._wait(claim, error))

    def _try_later(self, claim: Claim, error: TryLaterError) -> Outcome:
        """Nothing was sent: wait as long as the service says, within the budget of retries."""
        now = self._desk.now()
        wait = self._wait(claim, error)
        since = claim.deliveries[0].tried_since or now
        # While the breaker was open it could not be tried, so that time does not count.
        rested = self._desk.breakers.rested(claim.connection_id, since, now)
        if now + wait > since + min(pace.RETRY_BUDGET + rested, pace.RETRY_BOUND):
            return outcomes.ended(claim, DeliveryState.FAILED, error)
        return outcomes.ended(claim, DeliveryState.WAITING, error, try_at=now + wait)

    def _wait(self, claim: Claim, error: CopydeskError) -> timedelta:
        """How long to wait; a service that says how long is left alone for that time."""
        tries = claim.deliveries[0].attempts
        wait = pace.backoff(tries, jitter=random.random())  # noqa: S311 - no secret
        if not isinstance(error, TryLaterError) or error.retry_after is None:
            return wait
        rest = timedelta(seconds=error.retry_after)
        self._resting[claim.connection_id] = self._desk.now() + rest
        return max(wait, rest)


_STOPPED = OutcomeUnknownError("Copydesk was stopped while the service had not answered yet.")
_STOPPED_BEFORE = TryLaterError("Copydesk was stopped before anything was sent.")
_NOT_NOTED = TryLaterError("Copydesk could not write anything down, so nothing was sent.")
_TOO_NEAR = TryLaterError("Its time is too near for the service to keep it.")
_BROKEN = OutcomeUnknownError("Copydesk failed while the call was under way; see its log.")
_NOT_SHOWN = OutcomeUnknownError("The service's records do not show the post.")


async def _send(
    provider: Provider, claim: Claim, handed: Handed, at: datetime | None
) -> list[Receipt]:
    """Publish; what failed at a service that knows it already is retried there."""
    first = claim.deliveries[0]
    if first.remote_id and provider.capabilities.retries and isinstance(provider, Retries):
        return [await provider.retry(calls.question(first, claim.post))]
    submission = calls.submission(
        claim.post,
        claim.deliveries,
        key=claim.key,
        media=handed.media,
        cover=handed.cover,
        at=at,
    )
    return await provider.publish(submission)
