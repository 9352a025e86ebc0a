"""Following submissions to their end: reading their status, never writing anything to a service."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import db.claims
import db.events
import db.moves
import db.posts
from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post
from bot.domain.times import Timing
from bot.errors import CopydeskError
from bot.workflow import calls, record, unread
from bot.workflow.desk import Desk
from bot.workflow.in_flight import InFlight
from bot.workflow.lapse import LOOK
from bot.workflow.record import Outcome
from db.moves import Follow, Move
from providers.base import ReadsStatus
from providers.submission import Receipt

_UNDER_WAY = (DeliveryState.SUBMITTED, DeliveryState.SCHEDULED_AT_PROVIDER)
AT_ONCE = 500
"""How many submissions one tick asks about."""


class Tracker:
    """Asks each connection in batches how far its submissions are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_flight = InFlight()

    async def tick(self) -> None:
        """Ask about every submission whose time to be asked has come."""
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            due = await db.claims.claim_polls(
                transaction,
                now=now,
                lease_until=now + pace.READ_LEASE,
                limit=AT_ONCE,
                resting=self._desk.breakers.resting(),
            )
            if not due:
                return
            posts = await db.posts.by_ids(transaction, {item.post_id for item in due})
        for batch in self._batches(due):
            self._in_flight.start(self._follow(batch, posts))

    async def drain(self, seconds: float) -> None:
        """Let questions under way be answered."""
        await self._in_flight.drain(seconds)

    def _batches(self, due: Sequence[Delivery]) -> list[list[Delivery]]:
        """What one status call each asks about: one connection, as many as the service takes."""
        together: defaultdict[int, list[Delivery]] = defaultdict(list)
        for delivery in due:
            together[delivery.target.connection_id].append(delivery)
        batches: list[list[Delivery]] = []
        for deliveries in together.values():
            size = self._desk.services.capabilities(deliveries[0].target.provider).status_batch
            batches += [deliveries[at : at + size] for at in range(0, len(deliveries), size)]
        return batches

    async def _follow(self, batch: Sequence[Delivery], posts: Mapping[int, Post]) -> None:
        first, failed = batch[0], None
        try:
            receipts = await self._ask(batch, posts)
        except CopydeskError as error:
            failed = error
            receipts = [Receipt(state=item.state, reason=error.message) for item in batch]
        self._desk.breakers.heard(
            first.server_id, first.target.connection_id, failed, self._desk.now()
        )
        await self._write(list(zip(batch, receipts, strict=True)), failed)
        self._desk.nudge()

    async def _ask(self, batch: Sequence[Delivery], posts: Mapping[int, Post]) -> list[Receipt]:
        first = batch[0]
        provider = await self._desk.services.of(first.server_id, first.target.connection_id)
        questions = [calls.question(item, posts[item.post_id]) for item in batch]
        if not isinstance(provider, ReadsStatus):
            return [Receipt(state=DeliveryState.ACCEPTED_UNVERIFIED) for _ in batch]
        return await provider.status(questions)

    async def _write(
        self, answers: Sequence[tuple[Delivery, Receipt]], failed: CopydeskError | None
    ) -> None:
        """Write what was answered, or that it `failed`."""
        now = self._desk.now()
        moves: list[Move] = []
        follows: list[Follow] = []
        for delivery, receipt in answers:
            step = _step(delivery, receipt, now)
            if failed and isinstance(step, Follow):
                step = unread.count(step, failed, now)
            if isinstance(step, Move):
                moves.append(step)
            else:
                follows.append(step)
        async with self._desk.database.transaction() as transaction:
            if follows:
                await db.moves.follow(transaction, follows)
                await db.events.append(transaction, _links_found(follows), now=now)
            deliveries = [delivery for delivery, _ in answers]
            await record.write(transaction, [Outcome(deliveries=deliveries, moves=moves)], now=now)


def _step(delivery: Delivery, receipt: Receipt, now: datetime) -> Move | Follow:
    """What an answer means for a delivery: it ends, or it is asked about again."""
    age = now - _began(delivery, now)
    ended = receipt.state not in _UNDER_WAY
    awaits_link = receipt.state is DeliveryState.PUBLISHED and not receipt.link
    if delivery.state in _UNDER_WAY:
        if ended and not (awaits_link and age < pace.LINK_GRACE):
            return _end(delivery, receipt, _next_poll(now, age) if awaits_link else None)
        if age > pace.FOLLOW_BOUND:
            return _give_up(delivery, receipt)
        if not ended and receipt.state is not delivery.state:
            return _end(delivery, receipt, _next_poll(now, age))
    done = receipt.link or age > pace.FOLLOW_BOUND
    return Follow(
        delivery=delivery,
        poll_at=None if done else _next_poll(now, age),
        link=receipt.link,
        reason=delivery.reason if delivery.state is DeliveryState.PUBLISHED else receipt.reason,
    )


def _began(delivery: Delivery, now: datetime) -> datetime:
    """When the service began: for a time that it keeps, that time."""
    accepted = delivery.submitted_at or now
    return max(accepted, delivery.due_at) if delivery.timing is Timing.SERVICE else accepted


def _next_poll(now: datetime, age: timedelta) -> datetime:
    spread = 0.9 + 0.2 * random.random()  # noqa: S311 - no secret
    return now + pace.poll_interval(age) * spread


def _links_found(follows: Sequence[Follow]) -> list[db.events.Happened]:
    """An address that came after the announcement still goes onto the card."""
    return [
        db.events.Happened(
            server_id=step.delivery.server_id,
            kind=EventKind.PROGRESSED,
            post_id=step.delivery.post_id,
            data={"delivery": str(step.delivery.id), "link": step.link},
        )
        for step in follows
        if step.link
    ]


def _end(delivery: Delivery, receipt: Receipt, poll_at: datetime | None) -> Move:
    return Move(
        delivery_id=delivery.id,
        expected=delivery.state,
        to=receipt.state,
        link=receipt.link,
        reason=receipt.reason,
        remedy=receipt.remedy,
        poll_at=poll_at,
    )


def _give_up(delivery: Delivery, receipt: Receipt) -> Move:
    hours = int(pace.FOLLOW_BOUND.total_seconds() // 3600)
    return Move(
        delivery_id=delivery.id,
        expected=delivery.state,
        to=DeliveryState.UNKNOWN,
        reason=f"The service told no end within {hours} hours. {receipt.reason}".strip(),
        remedy=LOOK,
    )
