"""Queries of the table `posts` about those that repeat: each is followed by one, once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

import db.posts
import db.revisions
import db.writers
from bot.domain.post import Post, PostState, Revision
from db.tables import posts

_FOLLOWED = posts.c.pattern.is_not(None)


async def take(connection: AsyncConnection, ids: Collection[int], state: PostState) -> list[Post]:
    """Those of the posts, in this state, that another one follows, with the content it copies.

    Each is given once, to one transaction: whoever takes it makes the next, or has none follow.
    """
    found = await db.posts.patterns(connection, posts.c.id.in_(ids), posts.c.state == state)
    statement = (
        update(posts)
        .where(posts.c.id.in_(ids), posts.c.state == state, _FOLLOWED)
        .values(pattern=None)
        .returning(posts.c.id)
    )
    taken = set((await connection.execute(statement)).scalars())
    return [post for post in found if post.id in taken]


async def copy_from(connection: AsyncConnection, post: Post, number: int) -> None:
    """Have the next of a post's series copy this revision of it, if any follows."""
    await connection.execute(
        update(posts)
        .where(posts.c.id == post.id, posts.c.server_id == post.server_id, _FOLLOWED)
        .values(pattern=number)
    )


async def insert(
    connection: AsyncConnection, following: Sequence[tuple[Post, Revision]], *, now: datetime
) -> list[Post]:
    """Keep the approved posts that follow others, each given as the earlier one and its content.
    Whoever wrote on that one wrote what they hold.
    """
    statement = posts.insert().returning(posts.c.id, posts.c.series_id)
    rows = await connection.execute(
        statement,
        [
            {
                "server_id": last.server_id,
                "channel_id": last.channel_id,
                "author_id": last.author_id,
                "state": PostState.APPROVED,
                "revision": content.number,
                "due_at": content.due_at,
                "created_at": now,
                "decided_by": last.decided_by,
                "decided_at": last.decided_at,
                "series_id": last.series_id,
                "pattern": content.number,
            }
            for last, content in following
        ],
    )
    # Only the newest of a series is followed, so there are no two of one here.
    ids = {row.series_id: row.id for row in rows}
    made = [
        Post(
            id=ids[last.series_id],
            server_id=last.server_id,
            channel_id=last.channel_id,
            author_id=last.author_id,
            state=PostState.APPROVED,
            content=content,
            created_at=now,
            decided_by=last.decided_by,
            decided_at=last.decided_at,
            series_id=last.series_id,
            pattern=content.number,
            writers=last.writers,
            former=last.former,
        )
        for last, content in following
    ]
    kept = [(post.id, post.content, post.author_id) for post in made]
    await db.revisions.insert_all(connection, kept, now=now)
    for (last, _), post in zip(following, made, strict=True):
        if last.writers or last.former:
            await db.writers.copy(connection, last, post)
    return made


async def newest(connection: AsyncConnection, *, server_id: int, post_id: int) -> int:
    """The post that repeats a post last; the post itself when it does not repeat."""
    series = select(posts.c.series_id).where(posts.c.server_id == server_id, posts.c.id == post_id)
    statement = select(posts.c.id).where(
        posts.c.server_id == server_id,
        posts.c.id >= post_id,
        posts.c.series_id == series.scalar_subquery(),
    )
    found = (await connection.execute(statement.order_by(posts.c.id.desc()).limit(1))).scalar()
    return found or post_id


async def find(connection: AsyncConnection, *, server_id: int) -> list[Post]:
    """A server's posts that others will follow, with the content which those copy; also posts that
    nobody has approved yet.
    """
    states = [PostState.IN_REVIEW, PostState.APPROVED]
    return await db.posts.patterns(
        connection, posts.c.server_id == server_id, _FOLLOWED, posts.c.state.in_(states)
    )
