"""What a draft may not mean: its content again, too much at once, an account about to end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import db.connections
import db.deliveries
import db.posts
from bot.domain import caution, cover
from bot.domain.caution import Sent
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.limits import AccountLimits
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState, Revision, Target
from bot.domain.server import Account, AccountHealth, ConnectionHealth
from bot.errors import Problem
from bot.workflow.desk import Desk

_MOST = 300
"""Posts within two days that are looked at."""
_STAYED = frozenset({DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.CANCELLED})


async def of(
    desk: Desk,
    post: Post,
    content: Revision,
    accounts: Sequence[Account],
    allowed: Mapping[int, AccountLimits | None],
) -> list[Problem]:
    """What to think of before a draft is sent as it is; nothing of it stops it. `allowed` is what
    accounts allow now, by account id, where their service tells.
    """
    at = content.due_at or desk.now()
    found = [problem for target in content.targets for problem in _hidden(target)]
    found += [
        problem for target in content.targets for problem in _cover(desk, content, target, allowed)
    ]
    found += [_expiring(each) for each in accounts if each.health is AccountHealth.EXPIRING]
    refused = await _refused(desk, post.server_id)
    found += [_held(each) for each in accounts if each.connection_id in refused]
    sent = await _sent(desk, post, at)
    files = frozenset(media.sha256 for media in content.media)
    for target in content.targets:
        new = Sent(post_id=post.id, at=at, caption=content.text_of(target)[0], files=files)
        daily = desk.services.capabilities(target.provider).daily.get(target.platform)
        found += caution.cautions(new, sent[target.account_id], target.label, daily)
    return found


def _cover(
    desk: Desk, content: Revision, target: Target, allowed: Mapping[int, AccountLimits | None]
) -> list[Problem]:
    """Why the cover of a video does not count at an account."""
    if content.cover is None:
        return []
    limit = desk.services.capabilities(target.provider).cover_limit(target.platform)
    told = allowed.get(target.account_id)
    found = cover.caution(
        limit,
        target.label,
        content.cover,
        content.kind,
        target.options,
        allowed=told.covers if told else None,
    )
    if found is None and target.platform is Platform.YOUTUBE:
        found = cover.of_short(target.label, content.media)
    return [found] if found else []


async def _sent(desk: Desk, post: Post, at: datetime) -> defaultdict[int, list[Sent]]:
    """What accounts get around a moment from other posts, by account id."""
    async with desk.database.reading() as reading:
        near = await db.posts.find_near(
            reading,
            server_id=post.server_id,
            after=at - caution.SAME_WITHIN,
            until=at + caution.SAME_WITHIN,
            limit=_MOST,
        )
        deliveries = await db.deliveries.find(reading, [each.id for each in near])
    found: defaultdict[int, list[Sent]] = defaultdict(list)
    for each in near:
        if each.id == post.changes_post:
            continue
        for account_id, moment in _times(each, deliveries[each.id], desk.now()):
            found[account_id].append(_one(each, account_id, moment))
    return found


def _times(post: Post, deliveries: Sequence[Delivery], now: datetime) -> list[tuple[int, datetime]]:
    """The accounts (ids) that get a post, each with its time (UTC)."""
    if post.state is PostState.APPROVED:
        left = (each for each in deliveries if each.state not in _STAYED)
        return [(each.target.account_id, each.due_at) for each in left]
    return [(each.account_id, post.content.due_at or now) for each in post.content.targets]


def _one(post: Post, account_id: int, at: datetime) -> Sent:
    return Sent(
        post_id=post.id,
        at=at,
        caption=post.content.text_for(account_id)[0],
        files=frozenset(media.sha256 for media in post.content.media),
    )


def _hidden(target: Target) -> list[Problem]:
    visibility = target.options.get("visibility")
    if "visibility" not in target.assumed or visibility not in caution.HIDING:
        return []
    return [
        Problem(
            field="Who can see it",
            message=f"{target.label} would show it to nobody but itself, which nobody chose.",
            remedy="Choose who can see it among the account's options, also if this is meant.",
        )
    ]


async def _refused(desk: Desk, server_id: int) -> set[int]:
    """The connections whose key is refused, by id."""
    async with desk.database.reading() as reading:
        found = await db.connections.find(reading, server_id=server_id)
    return {item.id for item in found if item.health is ConnectionHealth.REFUSED}


def _held(account: Account) -> Problem:
    return Problem(
        field="Accounts",
        message=f"what goes to {account.label} is held: the key behind it is refused.",
        remedy="An admin gives it another with /provider replace-key.",
    )


def _expiring(account: Account) -> Problem:
    return Problem(
        field="Accounts",
        message=f"{account.label} is about to be disconnected by its platform.",
        remedy="Have it reconnected at its service before the time of the post.",
    )
