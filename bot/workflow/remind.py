"""Deadlines: whoever is still needed for a post is told, and others may decide when it is late."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.events
import db.reminders
import db.servers
from bot.domain import deadline
from bot.domain.approval import Rules
from bot.domain.post import Post
from bot.workflow.desk import Desk
from db.reminders import Waiting

AT_ONCE = 200
"""How many posts one transaction reminds of."""


async def begin(transaction: AsyncConnection, post: Post, rules: Rules, now: datetime) -> None:
    """Begin to wait for a decision on a post that was just put before the team."""
    found = deadline.moments(rules, now, post.content.due_at)
    await db.reminders.begin(transaction, post, asked_at=now, remind_at=deadline.first(found))


async def remind(desk: Desk) -> None:
    """Have told, once each, that a decision is waited for, in the transaction that notes it."""
    now = desk.now()
    async with desk.database.reading() as reading:
        if not await db.reminders.is_any_due(reading, now=now):
            return
    async with desk.database.transaction() as transaction:
        waiting = await db.reminders.take(transaction, now=now, limit=AT_ONCE)
        servers = await db.servers.by_ids(transaction, {item.server_id for item in waiting})
        moments = {
            item.post_id: deadline.moments(
                servers[item.server_id].rules, item.asked_at, item.due_at
            )
            for item in waiting
        }
        happened = [_happened(item, moments[item.post_id], now) for item in waiting]
        await db.events.append(transaction, [event for event in happened if event], now=now)
        await db.reminders.put_off(
            transaction,
            {post_id: deadline.first(found, after=now) for post_id, found in moments.items()},
        )
    desk.nudge()


async def change(
    transaction: AsyncConnection, server_id: int, before: Rules, after: Rules, now: datetime
) -> None:
    """Have what a server waits for follow its new rules."""
    waiting = await db.reminders.of_server(transaction, server_id)
    await db.reminders.put_off(
        transaction,
        {
            item.post_id: deadline.anew(before, after, item.asked_at, item.due_at, now)
            for item in waiting
        },
    )


def _happened(
    item: Waiting, found: Sequence[deadline.Moment], now: datetime
) -> db.events.Happened | None:
    kind = deadline.due(found, item.remind_at or now, now)
    if kind is None:
        return None
    return db.events.Happened(
        server_id=item.server_id,
        kind=kind,
        post_id=item.post_id,
        data={"revision": str(item.revision)},
    )
