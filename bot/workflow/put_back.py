"""Cards that were deleted are put back; where they cannot be, admins are told, and posts wait."""

from collections.abc import Collection

import db.cards
import db.events
import db.servers
from bot.domain.event import EventKind
from bot.domain.post import Post
from bot.workflow.desk import Desk


async def cards(desk: Desk, server_id: int, message_ids: Collection[int]) -> None:
    """Put back the cards among deleted messages that people still have to see."""
    async with desk.database.reading() as reading:
        found = await db.cards.open_among(reading, server_id=server_id, message_ids=message_ids)
    await _put_back(desk, found)


async def channel(desk: Desk, server_id: int, channel_id: int) -> None:
    """Put back the cards of a channel that was deleted, and have told if cards belong there."""
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, server_id)
        open_cards = await db.cards.find_open(reading, server_id=server_id)
    await _put_back(desk, [post for post in open_cards if post.card_channel_id == channel_id])
    if server.approvals_channel_id == channel_id:
        await closed(desk, server_id, "The channel where posts are approved was deleted.")


async def closed(desk: Desk, server_id: int, why: str) -> None:
    """Have a server's admins told why no card can be shown, once until one can."""
    async with desk.database.transaction() as transaction:
        if not await db.servers.close(transaction, server_id, why):
            return
        happened = db.events.Happened(server_id=server_id, kind=EventKind.CLOSED, data={"why": why})
        await db.events.append(transaction, [happened], now=desk.now())
    desk.nudge()


async def looked(desk: Desk, server_id: int, trouble: str) -> None:
    """Note what somebody saw who looked whether cards can be shown: a trouble concerns admins while
    posts wait, and that there is none means that they are told of the next one.
    """
    if not trouble:
        async with desk.database.transaction() as transaction:
            await db.servers.reopen(transaction, server_id)
        return
    async with desk.database.reading() as reading:
        waiting = await db.cards.find_open(reading, server_id=server_id, limit=1)
    if waiting:
        await closed(desk, server_id, trouble)


async def _put_back(desk: Desk, found: Collection[Post]) -> None:
    due = [
        db.events.Happened(server_id=post.server_id, kind=EventKind.CARD_DUE, post_id=post.id)
        for post in found
    ]
    if not due:
        return
    async with desk.database.transaction() as transaction:
        await db.events.append(transaction, due, now=desk.now())
    desk.nudge()
