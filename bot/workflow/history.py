"""The chain of one post: what it was, who said what of it, what was called and answered, and told."""

from collections.abc import Sequence
from dataclasses import dataclass

import db.attempts
import db.deliveries
import db.events
import db.posts
import db.revisions
import db.servers
import db.votes
from bot.domain.event import FIRST
from bot.domain.server import Server
from bot.errors import NotFoundError
from bot.workflow.browse import Shown
from bot.workflow.desk import Desk
from db.attempts import Made
from db.events import Noted
from db.revisions import Kept


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A post as it stands now, and all that led to it, each sort oldest first."""

    shown: Shown
    server: Server
    revisions: Sequence[Kept]
    events: Sequence[Noted]
    attempts: Sequence[Made]


async def history(desk: Desk, *, server_id: int, post_id: int, user_id: int) -> History:
    """Everything there is of one post of a server, in seven statements however long it is. Raises
    NotFoundError, also for a draft of others that was never put before anyone.
    """
    of = {"server_id": server_id, "post_id": post_id}
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, **of)
        events = await db.events.chain(reading, **of)
        was_shown = any(noted.event.kind in FIRST for noted in events)
        if post is None or not (was_shown or post.may_be_written_by(user_id)):
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        server = await db.servers.get(reading, server_id)
        deliveries = await db.deliveries.find(reading, [post_id])
        votes = await db.votes.find(reading, [post_id])
        return History(
            shown=Shown(post=post, deliveries=deliveries[post_id], ballot=votes[post_id]),
            server=server.at(post.content.due_at, desk.now()),
            revisions=await db.revisions.find(reading, **of),
            events=events,
            attempts=await db.attempts.find(reading, **of),
        )
