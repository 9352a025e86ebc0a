"""Claiming due deliveries: the attempt is written before the call is made."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.attempts
import db.claims
import db.events
import db.posts
from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.workflow import calls, late, record
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.moves import Move
from providers.capabilities import Capabilities

LONGEST_KEY = 128
"""Characters of a key: Genviral takes no more (seed 003)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One call about to be made: a post's deliveries at one connection, and its ledger row.

    `key` names what the call means to do, the same for every attempt at it. `is_repeat`: an
    earlier call under this key may have been accepted.
    """

    post: Post
    deliveries: Sequence[Delivery]
    key: str
    attempt_id: int = 0
    is_repeat: bool = False

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
        has_missed = await late.miss(transaction, now=now)
        claimed = await _claim(desk, transaction, now=now, free=free)
    if has_missed:
        desk.nudge()
    return claimed


async def _claim(
    desk: Desk, transaction: AsyncConnection, *, now: datetime, free: Mapping[int, int]
) -> list[Claim]:
    due = await db.claims.claim_due(
        transaction,
        now=now,
        lease_until=now + pace.LEASE,
        calls_at_once=desk.services.calls_at_once(),
        shared=desk.services.sharing_calls(),
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
    return await write_attempts(transaction, _group(desk, approved, posts), now=now)


def _is_approved(delivery: Delivery, post: Post) -> bool:
    """Whether what would go out is exactly what was approved."""
    return post.state is PostState.APPROVED and post.content.digest() == delivery.content_hash


def _group(desk: Desk, due: Sequence[Delivery], posts: Mapping[int, Post]) -> list[Claim]:
    """One claim per call: as many accounts of a post together as the service takes."""
    together: defaultdict[tuple[int, int], list[Delivery]] = defaultdict(list)
    for delivery in due:
        together[delivery.post_id, delivery.target.connection_id].append(delivery)
    return [
        Claim(post=posts[post_id], deliveries=part, key=_key(posts[post_id], part))
        for (post_id, _), deliveries in together.items()
        for part in _split(
            desk.services.capabilities(deliveries[0].target.provider),
            posts[post_id].content,
            deliveries,
        )
    ]


def _split(
    capabilities: Capabilities, content: Revision, deliveries: Sequence[Delivery]
) -> list[list[Delivery]]:
    """Deliveries that may share a call, each in the first call that has room for it.

    Accounts with different texts never share one. What is known at the service already is retried
    there, each by itself.
    """
    parts = [[delivery] for delivery in deliveries if delivery.remote_id]
    alone = len(parts)
    for delivery in deliveries:
        if delivery.remote_id:
            continue
        for part in parts[alone:]:
            has_room = len(part) < capabilities.accounts_per_submission
            is_same_text = _text(content, part[0]) == _text(content, delivery)
            if (has_room and is_same_text) and all(
                capabilities.goes_with(calls.recipient(one), calls.recipient(delivery))
                for one in part
            ):
                part.append(delivery)
                break
        else:
            parts.append([delivery])
    return parts


def _text(content: Revision, delivery: Delivery) -> tuple[str, str]:
    return content.text_for(delivery.target.account_id)


def _key(post: Post, deliveries: Sequence[Delivery]) -> str:
    """A name no other installation gives: post numbers begin anew with a new database."""
    ids = "-".join(
        f"{delivery.id}.{delivery.round}" if delivery.round else str(delivery.id)
        for delivery in deliveries
    )
    written = f"{post.created_at.astimezone(UTC):%y%m%d%H%M%S%f}"
    key = f"copydesk-{written}-{post.id}-{post.content.number}-{ids}"
    if len(key) <= LONGEST_KEY:
        return key
    return f"copydesk-{written}-{hashlib.sha256(key.encode()).hexdigest()}"


async def write_attempts(
    transaction: AsyncConnection, claims: Sequence[Claim], *, now: datetime
) -> list[Claim]:
    """Write the ledger rows of calls about to be made; the claims with their ids."""
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
    await db.claims.set_attempts(transaction, pairs)
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
