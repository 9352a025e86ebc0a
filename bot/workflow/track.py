"""Following submissions to their end: reading their status, never writing anything to a service."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import db.deliveries
import db.posts
from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Post
from bot.errors import CopydeskError
from bot.workflow import record
from bot.workflow.claim import LOOK
from bot.workflow.desk import Desk
from bot.workflow.in_flight import InFlight
from bot.workflow.record import Outcome
from db.deliveries import Move
from providers.base import Receipt, Submitted

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
            due = await db.deliveries.claim_polls(
                transaction, now=now, lease_until=now + pace.READ_LEASE, limit=AT_ONCE
            )
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
        try:
            receipts = await self._ask(batch, posts)
        except CopydeskError as error:
            receipts = [Receipt(state=DeliveryState.SUBMITTED, reason=error.message)] * len(batch)
        await self._write(list(zip(batch, receipts, strict=True)))
        self._desk.nudge()

    async def _ask(self, batch: Sequence[Delivery], posts: Mapping[int, Post]) -> list[Receipt]:
        first = batch[0]
        provider = await self._desk.services.of(first.server_id, first.target.connection_id)
        questions = [
            Submitted(
                account_remote_id=delivery.target.remote_id,
                remote_id=delivery.remote_id,
                platform=delivery.target.platform,
                kind=posts[delivery.post_id].content.kind,
            )
            for delivery in batch
        ]
        return await provider.status(questions)

    async def _write(self, answers: Sequence[tuple[Delivery, Receipt]]) -> None:
        now = self._desk.now()
        moves: list[Move] = []
        polls: list[tuple[int, datetime, str]] = []
        for delivery, receipt in answers:
            age = now - (delivery.submitted_at or now)
            if receipt.state is not DeliveryState.SUBMITTED:
                moves.append(_end(delivery, receipt))
            elif age > pace.FOLLOW_BOUND:
                moves.append(_give_up(delivery, receipt))
            else:
                wait = pace.poll_interval(age) * (0.9 + 0.2 * random.random())  # noqa: S311
                polls.append((delivery.id, now + wait, receipt.reason))
        async with self._desk.database.transaction() as transaction:
            if polls:
                await db.deliveries.poll_again(transaction, polls)
            deliveries = [delivery for delivery, _ in answers]
            outcome = Outcome(deliveries=deliveries, moves=moves)
            await record.write(transaction, [outcome], now=now)


def _end(delivery: Delivery, receipt: Receipt) -> Move:
    return Move(
        delivery_id=delivery.id,
        expected=DeliveryState.SUBMITTED,
        to=receipt.state,
        link=receipt.link,
        reason=receipt.reason,
        remedy=receipt.remedy,
    )


def _give_up(delivery: Delivery, receipt: Receipt) -> Move:
    hours = int(pace.FOLLOW_BOUND.total_seconds() // 3600)
    return Move(
        delivery_id=delivery.id,
        expected=DeliveryState.SUBMITTED,
        to=DeliveryState.UNKNOWN,
        reason=f"The service told no end within {hours} hours. {receipt.reason}".strip(),
        remedy=LOOK,
    )
