"""Claiming due deliveries, and ending the claims of processes that died."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.attempts
import db.deliveries
import db.events
import db.posts
from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState
from bot.workflow import record
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.moves import Move

LOOK = "Look at the account: if the post is there, all is well; if it is not, write it anew."
"""What people do about an unknown outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One call about to be made: a post's deliveries at one connection, and its ledger row.

    `key` names what the call means to do, the same for every attempt at it.
    """

    post: Post
    deliveries: Sequence[Delivery]
    key: str
    attempt_id: int = 0

    @property
    def connection_id(self) -> int:
        """The connection the call goes through."""
        return self.deliveries[0].target.connection_id

    @property
    def provider(self) -> str:
        """The service the call goes to."""
        return self.deliveries[0].target.provider


async def take_due(desk: Desk, *, free: Mapping[int, int]) -> list[Claim]:
    """Claim what is due and write its attempts; committed when this returns, so call now.

    `free` says how many calls may start at the connections that are busy or resting.
    """
    now = desk.now()
    async with desk.database.transaction() as transaction:
        due = await db.deliveries.claim_due(
            transaction,
            now=now,
            lease_until=now + pace.LEASE,
            calls_at_once=desk.services.calls_at_once(),
            free=free,
        )
        if not due:
            return []
        posts = await db.posts.by_ids(transaction, {delivery.post_id for delivery in due})
        changed = [item for item in due if not _is_approved(item, posts[item.post_id])]
        if changed:
            moves = [_refuse(item, posts[item.post_id]) for item in changed]
            refused = Outcome(deliveries=changed, moves=moves)
            await record.write(transaction, [refused], now=now)
        approved = [item for item in due if item not in changed]
        grouped = _group(desk, approved, posts)
        return await _write_attempts(transaction, grouped, now=now)


async def reap(desk: Desk, *, everything: bool = False) -> None:
    """Make unknown what a dead process had claimed: it may have made the call or not.

    `everything` takes claims whose lease has not lapsed too, where no other process can live, and
    has the questions asked again that a dead process asked.
    """
    now = desk.now()
    async with desk.database.transaction() as transaction:
        if everything:
            await db.deliveries.release_polls(transaction, now=now)
        lapsed = await db.deliveries.claim_lapsed(transaction, now=None if everything else now)
        if not lapsed:
            return
        outcomes = [
            Outcome(
                deliveries=[delivery],
                moves=[_interrupted(delivery)],
                ended=(delivery.attempt_id, "interrupted", "") if delivery.attempt_id else None,
            )
            for delivery in lapsed
        ]
        await record.write(transaction, outcomes, now=now)


def _is_approved(delivery: Delivery, post: Post) -> bool:
    """Whether what would go out is exactly what was approved."""
    return post.state is PostState.APPROVED and post.content.digest() == delivery.content_hash


def _group(desk: Desk, due: Sequence[Delivery], posts: Mapping[int, Post]) -> list[Claim]:
    """One claim per call: as many accounts of a post together as the service takes."""
    together: defaultdict[tuple[int, int], list[Delivery]] = defaultdict(list)
    for delivery in due:
        together[delivery.post_id, delivery.target.connection_id].append(delivery)
    claims: list[Claim] = []
    for (post_id, _), deliveries in together.items():
        capabilities = desk.services.capabilities(deliveries[0].target.provider)
        size = capabilities.accounts_per_submission
        parts = [deliveries[start : start + size] for start in range(0, len(deliveries), size)]
        claims += [
            Claim(post=posts[post_id], deliveries=part, key=_key(posts[post_id], part))
            for part in parts
        ]
    return claims


def _key(post: Post, deliveries: Sequence[Delivery]) -> str:
    ids = "-".join(str(delivery.id) for delivery in deliveries)
    return f"copydesk-{post.id}-{post.content.number}-{ids}"


async def _write_attempts(
    transaction: AsyncConnection, claims: Sequence[Claim], *, now: datetime
) -> list[Claim]:
    if not claims:
        return []
    rows = [
        db.attempts.Attempt(
            server_id=claim.post.server_id,
            post_id=claim.post.id,
            connection_id=claim.connection_id,
            key=claim.key,
        )
        for claim in claims
    ]
    ids = await db.attempts.insert(transaction, rows, now=now, lease_until=now + pace.LEASE)
    written = [replace(claim, attempt_id=row) for claim, row in zip(claims, ids, strict=True)]
    pairs = [(item.id, claim.attempt_id) for claim in written for item in claim.deliveries]
    await db.deliveries.set_attempts(transaction, pairs)
    posts = {claim.post.id: claim.post.server_id for claim in written}
    leaving = [
        db.events.Happened(server_id=server, kind=EventKind.SUBMITTING, post_id=post)
        for post, server in posts.items()
    ]
    await db.events.append(transaction, leaving, now=now)
    return written


def _refuse(delivery: Delivery, post: Post) -> Move:
    is_approved = post.state is PostState.APPROVED
    found = "not what was approved" if is_approved else post.state.words
    return Move(
        delivery_id=delivery.id,
        expected=DeliveryState.SUBMITTING,
        to=DeliveryState.FAILED,
        reason=f"The post is {found}; nothing was sent.",
        remedy="Write it anew with /post new.",
    )


def _interrupted(delivery: Delivery) -> Move:
    return Move(
        delivery_id=delivery.id,
        expected=DeliveryState.SUBMITTING,
        to=DeliveryState.UNKNOWN,
        reason="Copydesk stopped during the call: it may have gone out or not.",
        remedy=LOOK,
    )
