"""Looking posts up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import db.deliveries
import db.drafts
import db.posts
import db.servers
import db.votes
from bot.domain.approval import NOBODY, Ballot, Roles
from bot.domain.delivery import Delivery
from bot.domain.post import Post, PostState
from bot.errors import NotFoundError
from bot.workflow import revise, voters
from bot.workflow.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A post with its deliveries, none while it is not approved, and its votes."""

    post: Post
    deliveries: Sequence[Delivery]
    ballot: Ballot = field(default_factory=Ballot)


async def show(desk: Desk, *, server_id: int, post_id: int, reader_id: int | None = None) -> Shown:
    """One post of a server; raises NotFoundError, for a `reader_id` also where it is a draft
    that others write.
    """
    async with desk.database.reading() as reading:
        post = await db.posts.get(reading, server_id=server_id, post_id=post_id)
        if post is None or (reader_id is not None and post.is_hidden_from(reader_id)):
            raise NotFoundError(f"There is no post {post_id} here.", remedy="See /post list.")
        deliveries = await db.deliveries.find(reading, [post_id])
        votes = await db.votes.find(reading, [post_id])
    return Shown(post=post, deliveries=deliveries[post_id], ballot=votes[post_id])


async def editable(
    desk: Desk, *, server_id: int, user_id: int, roles: Roles = NOBODY
) -> list[Post]:
    """The newest posts that a person with these roles may still change: first those they write,
    then those they may decide on.
    """
    of = {"server_id": server_id, "limit": 100}
    async with desk.database.reading() as reading:
        states = revise.EDITABLE | {PostState.DRAFT}
        own = await db.drafts.find(reading, **of, user_id=user_id, states=states)
        server = await db.servers.get(reading, server_id)
        asked = await db.posts.find(reading, **of, states=revise.EDITABLE)
    known = {post.id for post in own}
    others = [
        post
        for post in asked
        if post.id not in known and voters.rules_for(desk, server, post).may_vote(user_id, roles)
    ]
    return [*own, *others]


async def recent(
    desk: Desk,
    *,
    server_id: int,
    states: Collection[PostState] = tuple(PostState),
    limit: int = 25,
    reader_id: int | None = None,
) -> list[Shown]:
    """A server's newest posts in these states; for a `reader_id` without drafts that only others
    write.
    """
    async with desk.database.reading() as reading:
        posts = await db.posts.find(
            reading, server_id=server_id, states=states, limit=limit, reader_id=reader_id
        )
        ids = [post.id for post in posts]
        deliveries = await db.deliveries.find(reading, ids)
        votes = await db.votes.find(reading, ids)
    return [
        Shown(post=post, deliveries=deliveries[post.id], ballot=votes[post.id]) for post in posts
    ]
