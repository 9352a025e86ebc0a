"""What waits in a server: for a vote, for its time, for people, for Discord."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import db.accounts
import db.connections
import db.deliveries
import db.events
import db.overview
import db.pauses
import db.posts
import db.servers
import db.votes
from bot.domain.event import Event
from bot.domain.pause import Pause
from bot.domain.post import PostState
from bot.domain.server import Account, Connection, Server
from bot.workflow.breaker import Broken
from bot.workflow.browse import Shown
from bot.workflow.desk import Desk

AHEAD = timedelta(hours=24)
BACK = timedelta(days=30)
"""How old a trouble may be to be shown."""

MOST = 25
"""Posts of each sort."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """An event that could not be told yet, and why."""

    event: Event
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What waits in a server; posts come in the order in which they want attention."""

    server: Server
    in_review: Sequence[Shown]
    due: Sequence[Shown]
    troubled: Sequence[Shown]
    untold: Sequence[Untold]
    connections: Sequence[Connection]
    broken: Sequence[Broken]
    accounts: Sequence[Account]
    pauses: Sequence[Pause]


async def status(desk: Desk, server_id: int) -> Status:
    """What waits in a server now."""
    now = desk.now()
    async with desk.database.reading() as reading:
        in_review = await db.posts.find(
            reading, server_id=server_id, states=[PostState.IN_REVIEW], limit=MOST
        )
        votes = await db.votes.find(reading, [post.id for post in in_review])
        due = await db.overview.waiting(reading, server_id=server_id, until=now + AHEAD, limit=MOST)
        troubled = await db.overview.troubled(
            reading, server_id=server_id, since=now - BACK, limit=MOST
        )
        untold = await db.events.troubled(reading, server_id=server_id, limit=MOST)
        posts = await db.posts.by_ids(reading, {*due, *troubled})
        deliveries = await db.deliveries.find(reading, posts)
        shown = {
            post_id: Shown(post=post, deliveries=deliveries[post_id])
            for post_id, post in posts.items()
        }
        return Status(
            server=await db.servers.get(reading, server_id),
            in_review=[
                Shown(post=post, deliveries=(), ballot=votes[post.id])
                for post in reversed(in_review)
            ],
            due=[shown[post_id] for post_id in due],
            troubled=[shown[post_id] for post_id in troubled],
            untold=[Untold(event=event, why=why) for event, why in untold],
            connections=await db.connections.find(reading, server_id=server_id),
            broken=desk.breakers.broken(server_id),
            accounts=await db.accounts.find(reading, server_id=server_id),
            pauses=await db.pauses.find(reading, server_id=server_id),
        )
