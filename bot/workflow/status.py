"""What waits in a server: for a vote, for its time, for people, for Discord."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import db.accounts
import db.connections
import db.deliveries
import db.events
import db.overview
import db.pauses
import db.posts
import db.servers
import db.votes
from bot.domain.approval import Roles
from bot.domain.errand import Errand, errand
from bot.domain.event import Event
from bot.domain.pause import Pause
from bot.domain.server import Account, Connection, Server
from bot.workflow.breaker import Broken
from bot.workflow.browse import Shown
from bot.workflow.desk import Desk

AHEAD = timedelta(hours=24)
BACK = timedelta(days=30)
"""How old a trouble may be to be shown."""

MOST, MOST_ASKED = 25, 200
"""Posts of each sort, and of those that ask for a decision."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """An event that could not be told yet, and why."""

    event: Event
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """The person who asks, with their roles now."""

    user_id: int
    roles: Roles


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What waits in a server; posts come in the order in which they want attention. `mine` is what
    waits for the person who asks.
    """

    now: datetime
    server: Server
    mine: Sequence[tuple[Errand, Shown]]
    in_review: Sequence[Shown]
    due: Sequence[Shown]
    troubled: Sequence[Shown]
    untold: Sequence[Untold]
    connections: Sequence[Connection]
    broken: Sequence[Broken]
    accounts: Sequence[Account]
    pauses: Sequence[Pause]


async def status(desk: Desk, server_id: int, asker: Asker) -> Status:
    """What waits in a server now, and what of it for the person who asks."""
    now = desk.now()
    of = {"server_id": server_id, "limit": MOST}
    async with desk.database.reading() as reading:
        in_review = await db.overview.in_review(reading, server_id=server_id, limit=MOST_ASKED)
        own = await db.overview.of_person(reading, user_id=asker.user_id, **of)
        due = await db.overview.waiting(reading, until=now + AHEAD, **of)
        troubled = await db.overview.troubled(reading, since=now - BACK, **of)
        failed = await db.overview.troubled(reading, since=now - BACK, user_id=asker.user_id, **of)
        untold = await db.events.troubled(reading, **of)
        posts = {post.id: post for post in [*in_review, *own]}
        posts |= await db.posts.by_ids(reading, {*due, *troubled, *failed})
        votes = await db.votes.find(reading, posts)
        deliveries = await db.deliveries.find(reading, posts)
        shown = {
            post_id: Shown(post=post, deliveries=deliveries[post_id], ballot=votes[post_id])
            for post_id, post in posts.items()
        }
        server = await db.servers.get(reading, server_id)
        asked = [shown[post.id] for post in in_review]
        return Status(
            now=now,
            server=server,
            mine=[
                *((Errand.TROUBLE, shown[post_id]) for post_id in failed),
                *_errands(server, [*asked, *(shown[post.id] for post in own)], asker, now),
            ],
            in_review=asked,
            due=[shown[post_id] for post_id in due],
            troubled=[shown[post_id] for post_id in troubled],
            untold=[Untold(event=event, why=why) for event, why in untold],
            connections=await db.connections.find(reading, server_id=server_id),
            broken=desk.breakers.broken(server_id),
            accounts=await db.accounts.find(reading, server_id=server_id),
            pauses=await db.pauses.find(reading, server_id=server_id),
        )


def _errands(
    server: Server, posts: Sequence[Shown], asker: Asker, now: datetime
) -> list[tuple[Errand, Shown]]:
    """What waits for a person of these posts, each sort in the order in which they come."""
    found = [
        (kind, item)
        for item in posts
        if (kind := errand(server.rules, item.post, item.ballot, asker.user_id, asker.roles, now))
    ]
    return sorted(found, key=lambda pair: list(Errand).index(pair[0]))
