"""Queries of the table `posts` about drafts: changed as often as it takes, and told to nobody."""

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.post import Post, PostState, Revision
from db import posts as post_rows
from db import revisions as revision_rows
from db import writers as writer_rows
from db.tables import posts


async def rewrite(connection: AsyncConnection, post: Post, content: Revision, *, by: int) -> bool:
    """Replace the content of a draft, as it was read; False when it is no draft any more, or was
    changed since.
    """
    statement = (
        update(posts)
        .where(posts.c.id == post.id, posts.c.server_id == post.server_id)
        .where(posts.c.state == PostState.DRAFT, posts.c.edits == post.edits)
        .values(
            due_at=content.due_at,
            series_id=post.id if content.repeats else None,
            pattern=content.number if content.repeats else None,
            edits=post.edits + 1,
            edited_by=by,
        )
    )
    is_same = (await connection.execute(statement)).rowcount == 1
    if is_same:
        await revision_rows.rewrite(connection, post_id=post.id, revision=content)
    if is_same and by != post.author_id:
        await writer_rows.note(connection, post, by)
    return is_same


async def lock(connection: AsyncConnection, post: Post) -> Post | None:
    """A draft as it is now, which nobody else changes or shares until the transaction ends; None
    when it is none any more.
    """
    statement = select(posts.c.state).where(
        posts.c.id == post.id, posts.c.server_id == post.server_id
    )
    state = (await connection.execute(statement.with_for_update())).scalar_one_or_none()
    if state != PostState.DRAFT:
        return None
    return await post_rows.get(connection, server_id=post.server_id, post_id=post.id)


async def discard(connection: AsyncConnection, post: Post) -> bool:
    """Delete a draft as it was read, of which nobody was told anything; False when it is none any
    more, or was changed since.
    """
    statement = delete(posts).where(
        posts.c.id == post.id,
        posts.c.server_id == post.server_id,
        posts.c.state == PostState.DRAFT,
        posts.c.edits == post.edits,
    )
    return (await connection.execute(statement)).rowcount == 1


async def find(
    connection: AsyncConnection,
    *,
    server_id: int,
    user_id: int,
    states: Collection[PostState] = (PostState.DRAFT,),
    limit: int,
) -> list[Post]:
    """The drafts in a server that a person writes, or their posts in other states, newest first;
    none of which all has ended.
    """
    return await post_rows.matching(
        connection,
        posts.c.server_id == server_id,
        writer_rows.writes(user_id),
        posts.c.state.in_(states),
        posts.c.settled_at.is_(None),
        limit=limit,
    )


async def change_of(connection: AsyncConnection, post: Post, *, author_id: int) -> Post | None:
    """The draft in which a person is changing a post as it is now, if there is one."""
    found = await post_rows.matching(
        connection,
        posts.c.server_id == post.server_id,
        posts.c.author_id == author_id,
        posts.c.state == PostState.DRAFT,
        posts.c.changes_post == post.id,
        posts.c.changes_revision == post.content.number,
        limit=1,
    )
    return found[0] if found else None
