"""What people do about deliveries that failed, were missed, or whose outcome nobody knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.connections
import db.deliveries
import db.delivery_changes
import db.events
import db.post_moves
import db.posts
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.links import check_link
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow import calls, outcomes, record
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.moves import Move
from providers.base import ReadsStatus, Reconciles
from providers.submission import Receipt

TROUBLED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.MISSED)
"""Where a delivery waits for people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answerer:
    """The person who answers, in which server, and whether they may decide on posts there."""

    server_id: int
    user_id: int
    may_decide: bool


async def find(desk: Desk, *, server_id: int, delivery_id: int) -> tuple[Post, Delivery]:
    """A delivery that waits for people, and its post. Raises NotFoundError, ConflictError when
    it waits no more.
    """
    async with desk.database.reading() as reading:
        return await _find(reading, server_id, delivery_id)


async def say_live(desk: Desk, by: Answerer, delivery_id: int, link: str) -> None:
    """Take someone's word that a post is out, with its address. Raises as `find`, NotAllowedError,
    and InputError for an address of elsewhere.
    """
    _check_right(by)
    async with desk.database.transaction() as transaction:
        _, delivery = await _find(transaction, by.server_id, delivery_id)
        move = Move(
            delivery_id=delivery.id,
            expected=delivery.state,
            to=DeliveryState.PUBLISHED,
            link=check_link(delivery.target.platform, link),
        )
        outcome = Outcome(deliveries=[delivery], moves=[move])
        await record.write(transaction, [outcome], now=desk.now())
        await _note(transaction, desk, [delivery], by, "it is live")
    desk.nudge()


async def publish_again(
    desk: Desk, by: Answerer, delivery_ids: Sequence[int], *, at: datetime | None = None
) -> None:
    """Begin anew with deliveries that wait for people, now or at a moment (UTC): nothing that went
    out is touched. Raises as `find`, NotAllowedError, ConflictError when the post changed.
    """
    _check_right(by)
    now = desk.now()
    async with desk.database.transaction() as transaction:
        found = [await _find(transaction, by.server_id, item) for item in delivery_ids]
        for post, delivery in found:
            if post.state is not PostState.APPROVED:
                raise ConflictError(f"Post {post.id} is {post.state.words}; nothing is sent.")
            if post.content.digest() != delivery.content_hash:
                raise ConflictError(
                    f"Post {post.id} is not what was approved.", remedy="Have it approved again."
                )
        deliveries = [delivery for _, delivery in found]
        await _check_connected(transaction, by.server_id, deliveries)
        retried = [item.id for item in deliveries if _is_retried(desk, item)]
        begun = await db.delivery_changes.begin_anew(
            transaction, delivery_ids, at=at or now, keeping=retried
        )
        if len(begun) < len(delivery_ids):
            raise ConflictError("Someone else was faster.", remedy="Look at the card.")
        await db.post_moves.reopen(transaction, {post.id for post, _ in found})
        await _note(transaction, desk, deliveries, by, "publish again")
    desk.nudge()


async def _check_connected(
    transaction: AsyncConnection, server_id: int, deliveries: Sequence[Delivery]
) -> None:
    open_ones = await db.connections.find(transaction, server_id=server_id)
    ids = {item.id for item in open_ones}
    closed = [item for item in deliveries if item.target.connection_id not in ids]
    if closed:
        names = ", ".join(item.target.label for item in closed)
        raise ConflictError(
            f"The service behind {names} is disconnected.",
            remedy="Write the post anew for another account.",
        )


async def drop(desk: Desk, by: Answerer, delivery_id: int) -> None:
    """Leave a missed delivery unsent for good. Raises as `find`, NotAllowedError."""
    _check_right(by)
    async with desk.database.transaction() as transaction:
        _, delivery = await _find(transaction, by.server_id, delivery_id)
        if delivery.state is not DeliveryState.MISSED:
            raise ConflictError(f"It is {delivery.state.words}; only what was missed is dropped.")
        move = Move(delivery_id=delivery.id, expected=delivery.state, to=DeliveryState.CANCELLED)
        outcome = Outcome(deliveries=[delivery], moves=[move])
        await record.write(transaction, [outcome], now=desk.now())
        await _note(transaction, desk, [delivery], by, "drop")
    desk.nudge()


async def check_again(desk: Desk, by: Answerer, delivery_id: int) -> Receipt:
    """Read once more what became of a call; nothing is ever sent. Raises as `find`, ConflictError
    where the service cannot be read, and its ProviderError.
    """
    post, delivery = await find(desk, server_id=by.server_id, delivery_id=delivery_id)
    provider = await desk.services.of(by.server_id, delivery.target.connection_id)
    if delivery.remote_id and isinstance(provider, ReadsStatus):
        [receipt] = await provider.status([calls.question(delivery, post)])
    elif provider.capabilities.reconciles and isinstance(provider, Reconciles):
        submission = calls.submission(post, [delivery], key="")
        [receipt] = await provider.reconcile(submission, delivery.tried_since or delivery.due_at)
    else:
        raise ConflictError(
            f"{provider.capabilities.label} keeps no record that can be read.",
            remedy="Look at the account itself.",
        )
    async with desk.database.transaction() as transaction:
        if receipt.state is not DeliveryState.UNKNOWN and receipt.state is not delivery.state:
            moves = [outcomes.move(delivery, receipt, now=desk.now())]
            outcome = Outcome(deliveries=[delivery], moves=moves)
            await record.write(transaction, [outcome], now=desk.now())
        await _note(transaction, desk, [delivery], by, "check again")
    desk.nudge()
    return receipt


def _check_right(by: Answerer) -> None:
    if not by.may_decide:
        raise NotAllowedError(
            "Only approvers and admins decide on what happens with it.", remedy="Ask one of them."
        )


def _is_retried(desk: Desk, delivery: Delivery) -> bool:
    """Whether the service itself publishes again what failed there."""
    capabilities = desk.services.capabilities(delivery.target.provider)
    is_known_there = delivery.state is DeliveryState.FAILED and bool(delivery.remote_id)
    return is_known_there and capabilities.retries


async def _find(
    connection: AsyncConnection, server_id: int, delivery_id: int
) -> tuple[Post, Delivery]:
    delivery = await db.deliveries.get(connection, server_id=server_id, delivery_id=delivery_id)
    if delivery is None:
        raise NotFoundError("There is no such delivery here.", remedy="See /post list.")
    if delivery.state not in TROUBLED:
        raise ConflictError(
            f"{delivery.target.label} is {delivery.state.words}.", remedy="Look at the card."
        )
    posts = await db.posts.by_ids(connection, [delivery.post_id])
    return posts[delivery.post_id], delivery


async def _note(
    transaction: AsyncConnection,
    desk: Desk,
    deliveries: Sequence[Delivery],
    by: Answerer,
    answer: str,
) -> None:
    """What people answered is in the history of the post."""
    happened = [
        db.events.Happened(
            server_id=item.server_id,
            kind=EventKind.ANSWERED,
            post_id=item.post_id,
            actor_id=by.user_id,
            data={"delivery": str(item.id), "account": item.target.label, "answer": answer},
        )
        for item in deliveries
    ]
    await db.events.append(transaction, happened, now=desk.now())
