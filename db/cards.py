"""Where posts are shown, in the table `posts`: their cards, threads and first messages."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DeliveryState
from bot.domain.post import Post, PostState
from db.posts import matching
from db.tables import deliveries, posts, servers


async def by_message(
    connection: AsyncConnection, *, server_id: int, card_message_id: int
) -> Post | None:
    """The post that a message shows, or None."""
    found = await matching(
        connection, posts.c.server_id == server_id, posts.c.card_message_id == card_message_id
    )
    return found[0] if found else None


async def find_open(
    connection: AsyncConnection,
    *,
    server_id: int,
    limit: int | None = None,
    after: Post | None = None,
    expired_since: datetime | None = None,
) -> list[Post]:
    """A server's posts whose card asks for a decision, or takes a hold since what was approved has
    not left, or that have expired since a moment (UTC): those due first, and those without a time
    after them. With `after` those behind it, whatever became of it and of those before it.
    """
    not_sent = (
        select(deliveries.c.id)
        .where(deliveries.c.post_id == posts.c.id)
        .where(deliveries.c.state.in_([DeliveryState.WAITING, DeliveryState.HELD]))
        .exists()
    )
    is_waiting = (posts.c.state == PostState.APPROVED) & posts.c.settled_at.is_(None) & not_sent
    is_open = (posts.c.state == PostState.IN_REVIEW) | is_waiting
    if expired_since is not None:
        is_open |= (posts.c.state == PostState.EXPIRED) & (posts.c.due_at > expired_since)
    return await matching(
        connection,
        posts.c.server_id == server_id,
        is_open,
        posts.c.card_message_id.is_not(None),
        *([] if after is None else [_is_behind(after)]),
        order=(posts.c.due_at.is_(None), posts.c.due_at, posts.c.id),
        limit=limit,
    )


def _is_behind(last: Post) -> ColumnElement[bool]:
    """Whether a post comes after another in the order of open cards."""
    has_none, due_at = posts.c.due_at.is_(None), last.content.due_at
    if due_at is None:
        return has_none & (posts.c.id > last.id)
    is_next = (posts.c.due_at == due_at) & (posts.c.id > last.id)
    return has_none | (posts.c.due_at > due_at) | is_next


async def open_among(
    connection: AsyncConnection, *, server_id: int, message_ids: Collection[int]
) -> list[Post]:
    """The posts that these messages show, and that are not at their end."""
    is_open = posts.c.state.in_([PostState.IN_REVIEW, PostState.CHANGES_REQUESTED])
    is_under_way = (posts.c.state == PostState.APPROVED) & posts.c.settled_at.is_(None)
    return await matching(
        connection,
        posts.c.server_id == server_id,
        posts.c.card_message_id.in_(message_ids),
        is_open | is_under_way,
    )


async def remember(
    connection: AsyncConnection, post_id: int, *, channel_id: int, message_id: int
) -> None:
    """Remember which message shows the revision of the post that counts now; where admins were told
    that no card can be shown, one could.
    """
    await connection.execute(
        update(posts)
        .where(posts.c.id == post_id)
        .values(card_channel_id=channel_id, card_message_id=message_id)
    )
    its_server = select(posts.c.server_id).where(posts.c.id == post_id).scalar_subquery()
    await connection.execute(
        update(servers)
        .where(servers.c.server_id == its_server, servers.c.closed != "")
        .values(closed="")
    )


async def forget(connection: AsyncConnection, post_id: int) -> None:
    """Forget which message shows the post: the next one shows another revision."""
    await connection.execute(
        update(posts)
        .where(posts.c.id == post_id)
        .values(card_channel_id=None, card_message_id=None)
    )


async def remember_thread(connection: AsyncConnection, post_id: int, thread_id: int) -> None:
    """Remember the thread of a post."""
    await connection.execute(update(posts).where(posts.c.id == post_id).values(thread_id=thread_id))


async def remember_origin(connection: AsyncConnection, post_id: int, message_id: int) -> None:
    """Remember the message, in the channel the post came from, that results reply to."""
    await connection.execute(
        update(posts).where(posts.c.id == post_id).values(origin_message_id=message_id)
    )
