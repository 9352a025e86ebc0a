"""Telling what happened: the outbox, drained in order per post."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import random

import db.deliveries
import db.events
import db.posts
import db.servers
from bot.domain import pace
from bot.domain.delivery import Delivery
from bot.domain.event import Event
from bot.domain.post import Post
from bot.domain.server import Server
from bot.workflow.desk import Desk

AT_ONCE = 200
"""How many events one tick takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What is to be told about one post: its events in order, and how things stand now.

    `tries` is 1 when nobody tried before; more means that an earlier try may have been heard.
    """

    post: Post
    deliveries: Sequence[Delivery]
    server: Server
    events: Sequence[Event]
    tries: int


async def take(desk: Desk) -> list[Telling]:
    """Take what is to be told now. Each telling ends with `told` or `tell_later`."""
    now = desk.now()
    async with desk.database.transaction() as transaction:
        taken = await db.events.claim_untold(
            transaction, now=now, lease_until=now + pace.TELL_LEASE, limit=AT_ONCE
        )
        by_post: defaultdict[int, list[tuple[Event, int]]] = defaultdict(list)
        for event, tries in taken:
            if event.post_id is not None:
                by_post[event.post_id].append((event, tries))
        posts = await db.posts.by_ids(transaction, by_post)
        deliveries = await db.deliveries.find(transaction, by_post)
        ids = {post.server_id for post in posts.values()}
        servers = await db.servers.by_ids(transaction, ids)
    return [
        Telling(
            post=posts[post_id],
            deliveries=deliveries[post_id],
            server=servers[posts[post_id].server_id],
            events=[event for event, _ in pairs],
            tries=max(tries for _, tries in pairs),
        )
        for post_id, pairs in by_post.items()
    ]


async def told(desk: Desk, telling: Telling) -> None:
    """The post's events have been told."""
    async with desk.database.transaction() as transaction:
        await db.events.told(transaction, _ids(telling))


async def tell_later(desk: Desk, telling: Telling) -> None:
    """Discord could not be reached, or the channel is closed to us: try again later."""
    wait = pace.backoff(telling.tries, jitter=random(), base=1.0)  # noqa: S311
    async with desk.database.transaction() as transaction:
        await db.events.tell_again(transaction, _ids(telling), desk.now() + wait)


async def take_back(desk: Desk) -> None:
    """Take up at once what a process that died was about to tell."""
    async with desk.database.transaction() as transaction:
        await db.events.release(transaction, now=desk.now())


async def card_sent(desk: Desk, post_id: int, *, channel_id: int, message_id: int) -> None:
    """Remember the message that shows the post."""
    async with desk.database.transaction() as transaction:
        await db.posts.set_card(transaction, post_id, channel_id=channel_id, message_id=message_id)


async def origin_sent(desk: Desk, post_id: int, message_id: int) -> None:
    """Remember the message in the channel of origin that results reply to."""
    async with desk.database.transaction() as transaction:
        await db.posts.set_origin_message(transaction, post_id, message_id)


def _ids(telling: Telling) -> Collection[int]:
    return [event.id for event in telling.events]
