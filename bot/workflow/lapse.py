"""Calls whose outcome is not known: made again under their key, looked for, or put to people.

A delivery stays `submitting` while the machine can still find out: its lease says when it tries
next. A lease that lapses without that means that the process died during the call.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.attempts
import db.claims
import db.posts
from bot.domain import breaker, pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import PostState
from bot.workflow import claim, record
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.attempts import Ledger
from db.moves import Move
from providers.capabilities import Capabilities, Idempotency

LOOK = "Look at the account: if the post is there, all is well; if it is not, write it anew."
"""What people do about an unknown outcome."""

_STOPPED = "Copydesk stopped during the call: it may have gone out or not."


async def reap(desk: Desk, *, alive: Collection[int] = (), everything: bool = False) -> list[Claim]:
    """Take what lapsed: the calls to make again or to look for; the rest becomes unknown.

    `alive` are the attempts whose calls this process makes now: a clock that was put forward does
    not make them dead, so they are kept. `everything` takes claims whose lease has not lapsed too, where no other process can live, and
    has the questions asked again that a dead process asked.
    """
    now = desk.now()
    async with desk.database.transaction() as transaction:
        if everything:
            await db.claims.release_polls(transaction, now=now)
        lapsed = await db.claims.claim_lapsed(transaction, now=None if everything else now)
        lapsed = await _spare_living(transaction, lapsed, alive, now)
        lapsed = await _spare_broken(transaction, desk, lapsed, now)
        if not lapsed:
            return []
        posts = await db.posts.by_ids(transaction, {item.post_id for item in lapsed})
        ledger = await db.attempts.by_ids(transaction, {item.attempt_id or 0 for item in lapsed})
        given_up: list[Outcome] = []
        again: list[Claim] = []
        looks: list[Claim] = []
        for group in _by_attempt(lapsed):
            post, row = posts[group[0].post_id], ledger.get(group[0].attempt_id or 0)
            capabilities = desk.services.capabilities(group[0].target.provider)
            was_cut_off = row is not None and row.outcome is None
            # What was cut off is looked for at least once, however long ago it was.
            is_findable = was_cut_off and capabilities.reconciles
            is_open = is_findable or can_find_out(capabilities, group[0], now)
            # Other content is another call: it is neither sent under this key nor looked for.
            has_changed = any(item.content_hash != post.content.digest() for item in group)
            if row is None or has_changed or not is_open:
                given_up.append(_give_up(group, row))
                continue
            made = Claim(
                post=post,
                deliveries=group,
                key=row.key,
                attempt_id=row.id,
                is_repeat=True,
            )
            (again if is_repeated(capabilities, made, now) else looks).append(made)
        await record.write(transaction, given_up, now=now)
        held = [item.id for made in again + looks for item in made.deliveries]
        await db.claims.prolong(transaction, held, now + pace.LEASE)
        return await claim.write_attempts(transaction, again, now=now) + looks


def can_find_out(capabilities: Capabilities, delivery: Delivery, now: datetime) -> bool:
    """Whether the machine may still find out by itself what became of a call.

    It tries for as long as a call is retried.
    """
    is_time = now < _until(delivery, now)
    return may_repeat(capabilities, delivery, now) or (capabilities.reconciles and is_time)


def is_repeated(capabilities: Capabilities, claim: Claim, now: datetime) -> bool:
    """Whether a lost call is made again. One of a post that was stopped meanwhile never is: it is
    only looked for, since nobody wants it to go out any more.
    """
    is_wanted = claim.post.state is PostState.APPROVED
    return is_wanted and may_repeat(capabilities, claim.deliveries[0], now)


def may_repeat(capabilities: Capabilities, delivery: Delivery, now: datetime) -> bool:
    """Whether the same call may be made again under its key without publishing twice."""
    if capabilities.idempotency is Idempotency.NONE or now >= _until(delivery, now):
        return False
    window = capabilities.idempotency_window or pace.RETRY_BUDGET
    return now < (delivery.tried_since or now) + window


async def _spare_living(
    transaction: AsyncConnection, lapsed: Sequence[Delivery], alive: Collection[int], now: datetime
) -> list[Delivery]:
    """Keep calls that are being made for another lease; what is left to do."""
    spared = [item.id for item in lapsed if item.attempt_id in alive]
    if spared:
        await db.claims.prolong(transaction, spared, now + pace.LEASE)
    return [item for item in lapsed if item.id not in spared]


async def _spare_broken(
    transaction: AsyncConnection, desk: Desk, lapsed: Sequence[Delivery], now: datetime
) -> list[Delivery]:
    """Leave broken services alone for a while, as long as there is time; what is left to do."""
    resting = desk.breakers.resting()
    spared = [
        item.id
        for item in lapsed
        if item.target.connection_id in resting
        and can_find_out(desk.services.capabilities(item.target.provider), item, now)
    ]
    if spared:
        await db.claims.prolong(transaction, spared, now + breaker.FIRST_REST)
    return [item for item in lapsed if item.id not in spared]


def _until(delivery: Delivery, now: datetime) -> datetime:
    return (delivery.tried_since or now) + pace.RETRY_BUDGET


def _by_attempt(lapsed: Sequence[Delivery]) -> list[list[Delivery]]:
    """The deliveries of each call together, as they were in it."""
    groups: defaultdict[int, list[Delivery]] = defaultdict(list)
    for item in sorted(lapsed, key=lambda item: item.id):
        groups[item.attempt_id or -item.id].append(item)
    return list(groups.values())


def _give_up(group: Sequence[Delivery], row: Ledger | None) -> Outcome:
    """Put a call to people: it may have gone out or not."""
    was_cut_off = row is not None and row.outcome is None
    moves = [
        Move(
            delivery_id=item.id,
            expected=DeliveryState.SUBMITTING,
            to=DeliveryState.UNKNOWN,
            reason=_STOPPED if was_cut_off or not item.reason else item.reason,
            remedy=LOOK,
        )
        for item in group
    ]
    ended = (row.id, "interrupted", "") if row and was_cut_off else None
    return Outcome(deliveries=group, moves=moves, ended=ended)
