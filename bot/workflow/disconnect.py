"""Disconnecting a service: nothing that waits there is forgotten, and history stays."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.connections
import db.events
import db.joinings
import db.pauses
import db.posts
import db.waiting
from bot.domain.event import EventKind
from bot.domain.pause import Scope
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.domain.server import Connection
from bot.errors import ConflictError, RefusedError
from bot.workflow import cancel, connect, move_over
from bot.workflow.desk import Desk

NAMED = 10
"""Posts that are named at once."""


class Waiting(StrEnum):
    """What becomes of posts that wait at a connection which is to be closed."""

    MOVE = "move"  # they go on with the backups of their accounts
    CANCEL = "cancel"  # they are cancelled, on all their accounts


async def disconnect(
    desk: Desk,
    *,
    server_id: int,
    connection_id: int,
    user_id: int,
    waiting: Waiting | None = None,
) -> Sequence[int]:
    """Close a connection: its key is forgotten, its accounts are offered no more, and what went out
    through it stays to be read. The ids of the posts that were moved or cancelled for it.

    Raises NotFoundError; ConflictError, naming them, where posts wait and it is not said what
    becomes of them, or where some can be neither moved nor cancelled now; InputError with what is
    in the way of moving them. Then the connection is as it was.
    """
    leaving = await connect.find(desk, server_id=server_id, connection_id=connection_id)
    posts = await _posts(desk, leaving)
    troubles: list[str] = []
    if posts and waiting is Waiting.MOVE:
        await move_over.move_over(desk, leaving, posts, user_id=user_id)
    elif posts and waiting is Waiting.CANCEL:
        troubles = [line for post in posts for line in await _cancel(desk, post, user_id)]
    async with desk.database.transaction() as transaction:
        if left := await _waiting_ids(transaction, leaving):
            raise _still_waiting(left, troubles, is_first=waiting is None)
        await _close(transaction, desk, leaving, user_id)
    desk.services.forget(server_id, connection_id)
    desk.nudge()
    return [post.id for post in posts]


async def _posts(desk: Desk, leaving: Connection) -> list[Post]:
    async with desk.database.reading() as reading:
        ids = await _waiting_ids(reading, leaving)
        found = await db.posts.by_ids(reading, ids)
    return [found[post_id] for post_id in ids if post_id in found]


async def _waiting_ids(connection: AsyncConnection, leaving: Connection) -> list[int]:
    """The posts that wait there for their time, for people, or for the end of a call."""
    approved = await db.waiting.at_connection(
        connection, server_id=leaving.server_id, connection_id=leaving.id
    )
    asked = await db.posts.find(
        connection, server_id=leaving.server_id, states=[PostState.IN_REVIEW], limit=1000
    )
    return sorted({*approved, *(post.id for post in asked if _goes_there(post, leaving))})


def _goes_there(post: Post, leaving: Connection) -> bool:
    clip = post.content.clip
    is_clip = clip is not None and clip.connection_id == leaving.id
    return is_clip or any(target.connection_id == leaving.id for target in post.content.targets)


async def _cancel(desk: Desk, post: Post, user_id: int) -> Sequence[str]:
    """Cancel a post, and all that would follow it; what cannot be cancelled, one sentence each."""
    try:
        return await cancel.cancel(
            desk,
            server_id=post.server_id,
            post_id=post.id,
            user_id=user_id,
            may_cancel_any=True,
            following=post.pattern is not None,
        )
    except RefusedError as error:
        return [str(error)]


def _still_waiting(ids: Sequence[int], troubles: Sequence[str], *, is_first: bool) -> ConflictError:
    named = ", ".join(f"post {post_id}" for post_id in ids[:NAMED])
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    said = [f"Something waits there: {named}{more}.", *troubles]
    remedy = (
        "Say what becomes of it with `waiting:`: it is moved to the backups of its accounts, or "
        "cancelled."
    )
    return ConflictError(
        " ".join(said), remedy=remedy if is_first else "Try again when it has ended; see its card."
    )


async def _close(
    transaction: AsyncConnection, desk: Desk, leaving: Connection, user_id: int
) -> None:
    where = {"server_id": leaving.server_id, "connection_id": leaving.id}
    accounts = await db.accounts.find(transaction, server_id=leaving.server_id)
    if not await db.connections.close(transaction, **where, now=desk.now()):
        raise ConflictError("It is disconnected already.", remedy="See /provider list.")
    for account in accounts:
        if account.connection_id == leaving.id:
            await db.pauses.delete(transaction, Scope.ACCOUNT, account.id, leaving.server_id)
    await db.accounts.close(transaction, **where)
    await db.joinings.end(transaction, **where, platforms=list(Platform))
    await db.pauses.delete(transaction, Scope.CONNECTION, leaving.id, leaving.server_id)
    closed = db.events.Happened(
        server_id=leaving.server_id,
        kind=EventKind.DISCONNECTED,
        actor_id=user_id,
        data={"connection": str(leaving.id), "provider": leaving.provider},
    )
    await db.events.append(transaction, [closed], now=desk.now())
