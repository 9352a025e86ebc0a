"""What a notice about a connection is told with: its accounts, and the posts that wait for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import db.accounts
import db.connections
import db.health
import db.posts
from bot.domain.event import Event
from bot.domain.post import Post, PostState
from bot.domain.server import Account, Connection
from bot.workflow.desk import Desk

MOST = 50
"""Posts of each sort that are looked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Endangered:
    """A connection, the accounts of it that an event is about, and the posts for them, soonest
    first: those approved that wait, and those nobody approved yet.
    """

    connection: Connection | None
    accounts: Sequence[Account]
    waiting: Sequence[Post]
    in_review: Sequence[Post]


async def by(desk: Desk, event: Event) -> Endangered:
    """What an event about a connection endangers, or sets free, as it is now."""
    server_id, connection_id = event.server_id, int(event.data["connection"])
    async with desk.database.reading() as reading:
        connection = await db.connections.get(
            reading, server_id=server_id, connection_id=connection_id
        )
        known = await db.accounts.find(reading, server_id=server_id)
        accounts = [item for item in known if item.connection_id == connection_id]
        if "accounts" in event.data:
            named = {int(part) for part in event.data["accounts"].split(",")}
            accounts = [item for item in accounts if item.id in named]
        ids = {item.id for item in accounts}
        waiting = await db.health.waiting_posts(
            reading, server_id=server_id, account_ids=ids, limit=MOST
        )
        posts = await db.posts.by_ids(reading, waiting)
        asked = await db.posts.find(
            reading, server_id=server_id, states=[PostState.IN_REVIEW], limit=MOST
        )
    return Endangered(
        connection=connection,
        accounts=accounts,
        waiting=[posts[post_id] for post_id in waiting],
        in_review=[
            post for post in asked if ids & {target.account_id for target in post.content.targets}
        ],
    )
