"""Queries of the table `writers`: who writes on a post beside its author."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    cast,
    delete,
    false,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Post
from db.tables import posts, writers


def writes(user_id: int | None) -> ColumnElement[bool]:
    """The condition, in a statement on `posts`, that a person is its author or may write on it."""
    invited = select(writers.c.post_id).where(writers.c.user_id == user_id, writers.c.may_write)
    return (posts.c.author_id == user_id) | posts.c.id.in_(invited)


@cache
def people(*, may_write: bool) -> ColumnElement[str]:
    """In a statement on `posts`: the ids of those who may write on it, or of those who wrote and
    may not any more, with spaces between them; NULL where there are none.
    """
    named = func.aggregate_strings(cast(writers.c.user_id, String), " ")
    of_post = select(named).where(
        writers.c.post_id == posts.c.id, writers.c.may_write.is_(may_write)
    )
    return of_post.scalar_subquery()


def read(ids: str | None) -> frozenset[int]:
    """The people of such a column."""
    return frozenset(map(int, (ids or "").split()))


async def put(connection: AsyncConnection, post: Post, user_ids: Collection[int]) -> None:
    """Have people write on a post, or go on with it."""
    for user_id in sorted(user_ids):
        row = select(
            posts.c.id,
            literal(user_id, BigInteger),
            true(),
            false(),
        ).where(*_is(post))
        await _insert(connection, row)


async def copy(connection: AsyncConnection, post: Post, to: Post) -> None:
    """Have everyone who writes, or wrote, on a post do the same on another of its server, but for
    the author of that one.
    """
    row = (
        select(literal(to.id, BigInteger), writers.c.user_id, writers.c.may_write, writers.c.wrote)
        .join(posts, posts.c.id == writers.c.post_id)
        .where(*_is(post), writers.c.user_id != to.author_id, _exists(to))
    )
    await _insert(connection, row)


async def take_away(connection: AsyncConnection, post: Post, user_ids: Collection[int]) -> None:
    """Let people write on a post no more; those who have changed it stay known."""
    theirs = (writers.c.post_id == post.id, writers.c.user_id.in_(user_ids), _exists(post))
    await connection.execute(delete(writers).where(*theirs, ~writers.c.wrote))
    await connection.execute(update(writers).where(*theirs).values(may_write=False))


async def note(connection: AsyncConnection, post: Post, user_id: int) -> None:
    """Note that somebody beside its author has changed a post."""
    mine = (writers.c.post_id == post.id, writers.c.user_id == user_id, ~writers.c.wrote)
    await connection.execute(update(writers).where(*mine, _exists(post)).values(wrote=True))


async def _insert(connection: AsyncConnection, rows: Select[Any, Any, Any, Any]) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(writers).from_select(["post_id", "user_id", "may_write", "wrote"], rows)
    more = {name: writers.c[name] | statement.excluded[name] for name in ("may_write", "wrote")}
    key = [writers.c.post_id, writers.c.user_id]
    await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=more))


def _is(post: Post) -> list[ColumnElement[bool]]:
    return [posts.c.id == post.id, posts.c.server_id == post.server_id]


def _exists(post: Post) -> ColumnElement[bool]:
    """The condition that a post is its server's."""
    return select(posts.c.id).where(*_is(post)).exists()
