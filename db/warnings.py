"""Queries on which posts were checked ahead of their time (`posts.warned`)."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Select, select, text, tuple_, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Post
from bot.domain.warning import A_DAY, AN_HOUR
from db.tables import posts

_AHEAD = text("state IN ('in_review', 'approved')")  # a literal, for the partial index


async def due(
    connection: AsyncConnection, *, now: datetime, limit: int, besides: Collection[int] = ()
) -> list[int]:
    """The ids of posts to be checked now, the soonest first, but for those under way."""
    window = now + A_DAY
    asked = union_all(_within(0, now, window), _within(1, now, now + AN_HOUR))
    statement = asked.order_by("due_at").limit(limit + len(besides))
    found = [row.id for row in await connection.execute(statement)]
    return [post_id for post_id in found if post_id not in besides][:limit]


def _within(warned: int, now: datetime, until: datetime) -> Select[int, datetime]:
    """Posts up to a moment whose earlier check was made."""
    return select(posts.c.id, posts.c.due_at).where(
        _AHEAD, posts.c.warned == warned, posts.c.due_at > now, posts.c.due_at <= until
    )


async def note(connection: AsyncConnection, marks: Mapping[int, Collection[Post]]) -> set[int]:
    """Note which check was made of posts, given by what it stands for; the ids of those that had
    not been noted, and have not changed since they were read.
    """
    noted: set[int] = set()
    for mark, checked in marks.items():
        read = [(post.id, post.content.number) for post in checked]
        statement = (
            update(posts)
            .where(_AHEAD, posts.c.warned < mark)
            .where(tuple_(posts.c.id, posts.c.revision).in_(read))
            .values(warned=mark)
            .returning(posts.c.id)
        )
        noted |= set((await connection.execute(statement)).scalars())
    return noted
