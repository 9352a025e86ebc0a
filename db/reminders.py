"""Queries on when those who are still needed for a post are told (`posts.remind_at`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Post
from db.tables import posts

_IN_REVIEW = text("state = 'in_review'")  # a literal, for the partial index


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A post in review: when the team was asked, and what moment is waited for since (UTC)."""

    post_id: int
    server_id: int
    revision: int
    asked_at: datetime
    due_at: datetime | None
    remind_at: datetime | None


_COLUMNS = (
    posts.c.id.label("post_id"),
    posts.c.server_id,
    posts.c.revision,
    posts.c.asked_at,
    posts.c.due_at,
    posts.c.remind_at,
)


async def begin(
    connection: AsyncConnection, post: Post, *, asked_at: datetime, remind_at: datetime | None
) -> None:
    """Remember when the team was asked about a post, and the first moment that is waited for."""
    await connection.execute(
        update(posts)
        .where(posts.c.id == post.id, posts.c.server_id == post.server_id)
        .values(asked_at=asked_at, remind_at=remind_at)
    )


async def is_any_due(connection: AsyncConnection, *, now: datetime) -> bool:
    """Whether a moment came that a post in review waited for."""
    statement = select(posts.c.id).where(_IN_REVIEW, posts.c.remind_at <= now).limit(1)
    return (await connection.execute(statement)).first() is not None


async def take(connection: AsyncConnection, *, now: datetime, limit: int) -> list[Waiting]:
    """Posts in review whose moment came, nobody else's until the transaction ends. What `put_off`
    then says is what they wait for next.
    """
    statement = (
        select(*_COLUMNS)
        .where(_IN_REVIEW, posts.c.remind_at <= now)
        .order_by(posts.c.remind_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def of_server(connection: AsyncConnection, server_id: int) -> list[Waiting]:
    """A server's posts in review, nobody else's until the transaction ends."""
    statement = (
        select(*_COLUMNS)
        .where(posts.c.server_id == server_id, _IN_REVIEW, posts.c.asked_at.is_not(None))
        .order_by(posts.c.id)
        .with_for_update()
    )
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


async def put_off(connection: AsyncConnection, until: Mapping[int, datetime | None]) -> None:
    """Have posts in review, given by id, wait for these moments; None: for no other."""
    if not until:
        return
    await connection.execute(
        update(posts)
        .where(_IN_REVIEW, posts.c.id == bindparam("of_post"))
        .values(remind_at=bindparam("moment")),
        [{"of_post": post_id, "moment": moment} for post_id, moment in until.items()],
    )


def _from_row(row: RowMapping) -> Waiting:
    return Waiting(**row)
