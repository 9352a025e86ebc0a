"""Posts that repeat: the next one is made in the transaction that ends the last one."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

import db.deliveries
import db.events
import db.series
import db.servers
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision
from bot.domain.rule import rule_of
from bot.domain.server import Server
from bot.workflow import timing
from providers.capabilities import Capabilities
from providers.catalogue import PROVIDERS


async def go_on(
    transaction: AsyncConnection, ids: Collection[int], *, state: PostState, now: datetime
) -> None:
    """Have those of the posts that repeat, and are in this state, followed by the next: approved
    by the same person, since the rule was part of what was approved.
    """
    ended = await db.series.take(transaction, ids, state)
    if not ended:
        return
    servers = await db.servers.by_ids(transaction, {post.server_id for post in ended})
    pairs = [(post, _following(post, servers[post.server_id], now)) for post in ended]
    made = await db.series.insert(transaction, pairs, now=now)
    approved = [
        (post, post.content.due_at or now, timing.early_at(_capabilities, post.content, now))
        for post in made
    ]
    await db.deliveries.insert_all(transaction, approved)
    happened = [_repeated(last, post) for last, post in zip(ended, made, strict=True)]
    await db.events.append(transaction, happened, now=now)


async def end(transaction: AsyncConnection, post: Post, *, state: PostState) -> None:
    """Have none follow a post, which is in this state."""
    await db.series.take(transaction, [post.id], state)


def _following(post: Post, server: Server, now: datetime) -> Revision:
    """The content of the next post: as approved, at the next time of the rule."""
    rule = rule_of(post.content)
    if rule is None or post.content.due_at is None:
        raise ValueError(f"post {post.id} does not repeat")
    late = timedelta(minutes=server.late_minutes)
    due_at = rule.following(post.content.due_at, now, late)
    return replace(post.content, number=1, due_at=due_at)


def _repeated(last: Post, post: Post) -> db.events.Happened:
    rule, before, due_at = rule_of(post.content), last.content.due_at, post.content.due_at
    left_out = rule.between(before, due_at)[:-1] if rule and before and due_at else []
    return db.events.Happened(
        server_id=post.server_id,
        kind=EventKind.REPEATED,
        post_id=post.id,
        data={"follows": str(last.id), "left_out": str(len(left_out))},
    )


def _capabilities(provider: str) -> Capabilities:
    return PROVIDERS[provider].capabilities
