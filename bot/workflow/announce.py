"""Telling what happened: the outbox, drained in order per post."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import random

import db.cards
import db.deliveries
import db.events
import db.posts
import db.servers
import db.votes
from bot.domain import pace
from bot.domain.approval import Ballot
from bot.domain.delivery import Delivery
from bot.domain.event import FIRST, Event, EventKind
from bot.domain.post import Post
from bot.domain.server import Server
from bot.workflow.desk import Desk

AT_ONCE = 200
"""How many events one tick takes."""

AWAY, CLOSED = 60.0, 3600.0
"""The longest waits between tries in seconds: Discord does not answer, or does not let us speak."""

_CARD_TRIED_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What is to be told about one post: its events in order, and how things stand now, the
    settings as they hold for it.

    `tries` is 1 when nobody tried before; more means that an earlier try may have been heard.
    After `until` (UTC) someone else may tell it.
    """

    post: Post
    deliveries: Sequence[Delivery]
    server: Server
    ballot: Ballot
    events: Sequence[Event]
    tries: int
    until: datetime


async def take(desk: Desk) -> list[Telling]:
    """Take what is to be told now. Each telling ends with `told` or `tell_later`."""
    now = desk.now()
    until = now + pace.TELL_LEASE
    async with desk.database.transaction() as transaction:
        taken = await db.events.claim_untold(transaction, now=now, lease_until=until, limit=AT_ONCE)
        by_post: defaultdict[int, list[tuple[Event, int]]] = defaultdict(list)
        for event, tries in taken:
            if event.post_id is not None:
                by_post[event.post_id].append((event, tries))
        posts = await db.posts.by_ids(transaction, by_post)
        deliveries = await db.deliveries.find(transaction, by_post)
        ballots = await db.votes.find(transaction, by_post)
        ids = {post.server_id for post in posts.values()}
        servers = await db.servers.by_ids(transaction, ids)
    return [
        Telling(
            post=posts[post_id],
            deliveries=deliveries[post_id],
            server=servers[posts[post_id].server_id].at(posts[post_id].content.due_at, now),
            ballot=ballots[post_id],
            events=[event for event, _ in pairs],
            tries=max(tries for _, tries in pairs),
            until=until,
        )
        for post_id, pairs in by_post.items()
    ]


async def told(desk: Desk, telling: Telling, event: Event | None = None) -> None:
    """The post's events have been told, or those of them up to this one."""
    ids = [item.id for item in telling.events if event is None or item.id <= event.id]
    async with desk.database.transaction() as transaction:
        await db.events.told(transaction, ids)


async def tell_later(
    desk: Desk, telling: Telling, *, trouble: str = "", is_closed: bool = False
) -> None:
    """What was not told yet is tried again later: Discord could not be reached, or it `is_closed`
    to us, so that people have to change something first.
    """
    most = CLOSED if is_closed else AWAY
    wait = pace.backoff(telling.tries, jitter=random(), base=1.0, most=most)  # noqa: S311
    async with desk.database.transaction() as transaction:
        ids = [event.id for event in telling.events]
        await db.events.tell_again(transaction, ids, desk.now() + wait, trouble)


async def card_is_due(desk: Desk, telling: Telling, trouble: str) -> None:
    """The post's events have been told, but its card could not be made to show them: later."""
    kept = [event for event in telling.events if event.kind is EventKind.CARD_DUE]
    now = desk.now()
    async with desk.database.transaction() as transaction:
        await db.events.told(transaction, [item.id for item in telling.events if item not in kept])
        if not kept:
            due = db.events.Happened(
                server_id=telling.post.server_id,
                kind=EventKind.CARD_DUE,
                post_id=telling.post.id,
            )
            at = now + _CARD_TRIED_AGAIN
            await db.events.append(transaction, [due], now=now, tell_at=at, trouble=trouble)
    if kept:
        await tell_later(desk, replace(telling, events=kept), trouble=trouble, is_closed=True)


async def take_up(desk: Desk, server_id: int) -> None:
    """Try at once what could not be told in a server: something was changed there."""
    async with desk.database.transaction() as transaction:
        await db.events.release(transaction, now=desk.now(), server_id=server_id)
    desk.nudge()


async def take_back(desk: Desk) -> None:
    """Take up at once what a process that died was about to tell."""
    async with desk.database.transaction() as transaction:
        await db.events.release(transaction, now=desk.now())


async def card_sent(desk: Desk, post_id: int, *, channel_id: int, message_id: int) -> None:
    """Remember the message that shows the post."""
    async with desk.database.transaction() as transaction:
        await db.cards.remember(transaction, post_id, channel_id=channel_id, message_id=message_id)
        await db.votes.unbind(transaction, [post_id])


async def show_card(desk: Desk, post: Post) -> None:
    """Have the card of a post made true, or put back where it is gone."""
    due = db.events.Happened(server_id=post.server_id, kind=EventKind.CARD_DUE, post_id=post.id)
    async with desk.database.transaction() as transaction:
        await db.events.append(transaction, [due], now=desk.now())
    desk.nudge()


async def thread_made(desk: Desk, post_id: int, thread_id: int) -> None:
    """Remember the thread in which the post is talked about."""
    async with desk.database.transaction() as transaction:
        await db.cards.remember_thread(transaction, post_id, thread_id)


async def spoken(desk: Desk, event: Event, *, channel_id: int, message_id: int) -> None:
    """Remember the message that tells an event; results reply to the first of a post."""
    async with desk.database.transaction() as transaction:
        await db.events.remember_message(
            transaction, event.id, channel_id=channel_id, message_id=message_id
        )
        if event.kind in FIRST and event.post_id is not None:
            await db.cards.remember_origin(transaction, event.post_id, message_id)
