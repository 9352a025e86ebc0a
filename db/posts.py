"""Queries of the table `posts`, each with the revision that counts now."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Post, PostState, Revision, Source
from db import revisions as revision_rows
from db import writers as writer_rows
from db.tables import posts, revisions

_WITH_REVISIONS = select(
    posts,
    revisions.c.number,
    revisions.c.caption,
    revisions.c.title,
    revisions.c.media,
    revisions.c.clip,
    revisions.c.targets,
    revisions.c.due_at.label("promised_at"),
    revisions.c.when_text,
    revisions.c.zone,
    revisions.c.timing,
    revisions.c.repeats,
    revisions.c.cover,
    writer_rows.people(may_write=True).label("writers"),
    writer_rows.people(may_write=False).label("former"),
).join(revisions, revisions.c.post_id == posts.c.id)

# A literal, so that PostgreSQL's generic plans can use the partial index.


async def insert(
    connection: AsyncConnection,
    *,
    server_id: int,
    channel_id: int,
    author_id: int,
    content: Revision,
    now: datetime,
    source: Source | None = None,
    changing: Post | None = None,
) -> Post:
    """Keep a new draft with its first revision, and what it was begun from; it may be a change of
    a post as that one is now.
    """
    statement = posts.insert().values(
        server_id=server_id,
        channel_id=channel_id,
        author_id=author_id,
        state=PostState.DRAFT,
        revision=content.number,
        due_at=content.due_at,
        created_at=now,
        source_link=source.link if source else "",
        source_author_id=source and source.author_id,
        changes_post=changing and changing.id,
        changes_revision=changing and changing.content.number,
    )
    post_id = (await connection.execute(statement.returning(posts.c.id))).scalar_one()
    await revision_rows.insert(
        connection, post_id=post_id, revision=content, created_by=author_id, now=now
    )
    return Post(
        id=post_id,
        server_id=server_id,
        channel_id=channel_id,
        author_id=author_id,
        state=PostState.DRAFT,
        content=content,
        created_at=now,
        source=source,
        changes_post=changing and changing.id,
        changes_revision=changing and changing.content.number,
    )


async def revise(
    connection: AsyncConnection, post: Post, content: Revision, *, by: int, now: datetime
) -> bool:
    """Put a new revision in the place of the one a post was read with; False when it has changed
    since. The next of its series copies it only where it changes the rule.
    """
    values: dict[str, Any] = {"revision": content.number, "due_at": content.due_at, "warned": 0}
    rule, before = ((item.repeats, item.repeats and item.zone) for item in (content, post.content))
    if rule != before:
        values["series_id"] = post.series_id or post.id
        values["pattern"] = content.number if content.repeats else None
    statement = (
        update(posts)
        .where(posts.c.id == post.id, posts.c.server_id == post.server_id)
        .where(posts.c.state == post.state, posts.c.revision == post.content.number)
        .values(**values)
    )
    if (await connection.execute(statement)).rowcount != 1:
        return False
    await revision_rows.insert(
        connection, post_id=post.id, revision=content, created_by=by, now=now
    )
    return True


async def get(connection: AsyncConnection, *, server_id: int, post_id: int) -> Post | None:
    """One post of a server, or None."""
    found = await matching(connection, posts.c.server_id == server_id, posts.c.id == post_id)
    return found[0] if found else None


async def by_ids(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Post]:
    """Posts of any server by id: for the machine, which works for all of them."""
    return {post.id: post for post in await matching(connection, posts.c.id.in_(ids))}


async def find(
    connection: AsyncConnection,
    *,
    server_id: int,
    states: Collection[PostState] = tuple(PostState),
    limit: int = 25,
    reader_id: int | None = None,
) -> list[Post]:
    """A server's posts in these states, newest first; with a `reader_id` without drafts on which
    that person does not write.
    """
    is_shown = (posts.c.state != PostState.DRAFT) | writer_rows.writes(reader_id)
    return await matching(
        connection,
        posts.c.server_id == server_id,
        posts.c.state.in_(states),
        *([] if reader_id is None else [is_shown]),
        limit=limit,
    )


async def patterns(connection: AsyncConnection, *where: ColumnElement[bool]) -> list[Post]:
    """Posts that another of their series follows, each with the content which that one copies."""
    return await matching(connection, *where, revision=posts.c.pattern)


async def find_due(
    connection: AsyncConnection, *, server_id: int, after: datetime, until: datetime
) -> list[Post]:
    """A server's posts that people wait for or approved, and whose time is after one moment, and
    not after another.
    """
    return await matching(
        connection,
        posts.c.server_id == server_id,
        posts.c.due_at > after,
        posts.c.due_at <= until,
        posts.c.state.in_([PostState.IN_REVIEW, PostState.APPROVED]),
    )


async def find_near(
    connection: AsyncConnection, *, server_id: int, after: datetime, until: datetime, limit: int
) -> list[Post]:
    """A server's newest posts that people wait for or approved between two moments: by their time,
    or by when they were written where they have none.
    """
    is_near = posts.c.due_at.between(after, until)
    is_written_near = posts.c.due_at.is_(None) & posts.c.created_at.between(after, until)
    return await matching(
        connection,
        posts.c.server_id == server_id,
        is_near | is_written_near,
        posts.c.state.in_([PostState.IN_REVIEW, PostState.APPROVED]),
        limit=limit,
    )


async def matching(
    connection: AsyncConnection,
    *where: ColumnElement[bool],
    limit: int | None = None,
    offset: int = 0,
    revision: ColumnElement[int] = posts.c.revision,
    order: Sequence[ColumnElement[Any]] = (posts.c.id.desc(),),
) -> list[Post]:
    """The posts that fit these conditions, each with the given `revision`, newest first."""
    statement = (
        _WITH_REVISIONS.where(revisions.c.number == revision, *where)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [_from_row(row) for row in (await connection.execute(statement)).mappings()]


def _from_row(row: RowMapping) -> Post:
    return Post(
        id=row["id"],
        server_id=row["server_id"],
        channel_id=row["channel_id"],
        author_id=row["author_id"],
        state=PostState(row["state"]),
        content=revision_rows.from_row(row),
        created_at=row["created_at"],
        card_channel_id=row["card_channel_id"],
        card_message_id=row["card_message_id"],
        origin_message_id=row["origin_message_id"],
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        thread_id=row["thread_id"],
        series_id=row["series_id"],
        pattern=row["pattern"],
        edits=row["edits"],
        edited_by=row["edited_by"],
        changes_post=row["changes_post"],
        changes_revision=row["changes_revision"],
        source=_source(row),
        writers=writer_rows.read(row["writers"]),
        former=writer_rows.read(row["former"]),
    )


def _source(row: RowMapping) -> Source | None:
    link = row["source_link"]
    return Source(link=link, author_id=row["source_author_id"]) if link else None
