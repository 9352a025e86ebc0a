"""What goes out when: posts that have a time, those that series will bring, and the weekly slots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import db.deliveries
import db.posts
import db.series
import db.servers
from bot.domain.delivery import Delivery
from bot.domain.post import Post
from bot.domain.rule import rule_of
from bot.domain.server import Server
from bot.domain.weekly import parse_weekly
from bot.domain.when import When, asks_for_slot, read_when
from bot.errors import ConflictError
from bot.workflow.desk import Desk

_LOOK_AHEAD = timedelta(weeks=12)
"""How far ahead it counts which slots series take."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A post at a time (UTC); `is_repeat` stands for one that will repeat it and is not made yet."""

    at: datetime
    post: Post
    deliveries: Sequence[Delivery] = ()
    is_repeat: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A weekly slot at its time (UTC), with what goes out then."""

    at: datetime
    entries: Sequence[Entry]


async def coming(desk: Desk, server_id: int, span: timedelta) -> list[Entry]:
    """What goes out in the time to come, the soonest first."""
    now = desk.now()
    until = now + span
    async with desk.database.reading() as reading:
        due = await db.posts.find_due(reading, server_id=server_id, after=now, until=until)
        moved = await db.deliveries.find_waiting(
            reading, server_id=server_id, after=now, until=until
        )
        posts = await db.posts.by_ids(reading, {item.post_id for item in moved})
        posts |= {post.id: post for post in due}
        deliveries = await db.deliveries.find(reading, posts)
        series = await db.series.find(reading, server_id=server_id)
    times = {(post.content.due_at, post.id) for post in due}
    times |= {(item.due_at, item.post_id) for item in moved}
    entries = [
        Entry(at=at, post=posts[post_id], deliveries=deliveries[post_id])
        for at, post_id in times
        if at is not None
    ]
    entries += [entry for post in series for entry in _repeats(post, now, until)]
    return sorted(entries, key=lambda entry: (entry.at, entry.post.id))


async def slots(desk: Desk, server: Server, count: int) -> list[Slot]:
    """The next weekly slots of a server, free or not."""
    weekly = parse_weekly(server.slots, "Slots")
    found: list[datetime] = []
    after = desk.now()
    while weekly and len(found) < count:
        after = min(item.after(after, server.zone) for item in weekly)
        found.append(after)
    entries = await coming(desk, server.server_id, after - desk.now()) if found else []
    return [Slot(at=at, entries=[entry for entry in entries if entry.at == at]) for at in found]


async def read(desk: Desk, server: Server, text: str) -> When:
    """What is meant by a time as people write it, in a server's zone. Raises InputError."""
    taken = await _taken(desk, server.server_id) if asks_for_slot(text) else set[datetime]()
    weekly = parse_weekly(server.slots, "Slots")
    return read_when(text, server.zone, desk.now(), slots=weekly, taken=taken)


async def new_time(desk: Desk, server_id: int, text: str) -> datetime | None:
    """One time as people write it, in the server's zone; None means now. Raises InputError, and
    ConflictError for a rule.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, server_id)
    when = await read(desk, server, text)
    if when.repeats:
        raise ConflictError(
            "Here one time is asked for, not one for every week.", remedy="Give one time."
        )
    return when.due_at


async def _taken(desk: Desk, server_id: int) -> set[datetime]:
    return {entry.at for entry in await coming(desk, server_id, _LOOK_AHEAD)}


def _repeats(post: Post, now: datetime, until: datetime) -> list[Entry]:
    """What will follow a post, which comes with the content that it copies."""
    rule, due_at = rule_of(post.content), post.content.due_at
    if rule is None or due_at is None:
        return []
    times = rule.between(max(due_at, now), until)
    return [Entry(at=at, post=post, is_repeat=True) for at in times]
