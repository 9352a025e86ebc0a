"""Finding our own messages again, by the mark at their foot."""

from datetime import datetime, timedelta

import discord

from bot.domain.event import Event, EventKind
from bot.domain.post import Post

CLOCKS_DIFFER = timedelta(hours=1)
"""How far our clock may have been ahead of Discord's when an event was written."""


def since(event: Event, post: Post) -> discord.Object:
    """What every message about an event is younger than: its own time, and the card by which it was
    told before.
    """
    is_first = event.kind is EventKind.REVIEW_ASKED
    after = since_moment(event.at).id
    return discord.Object(max(after, 0 if is_first else post.card_message_id or 0))


def since_moment(at: datetime) -> discord.Object:
    """What every message sent after a moment (UTC) of our clock is younger than."""
    return discord.Object(discord.utils.time_snowflake(at - CLOCKS_DIFFER))


async def find(
    channel: discord.PartialMessageable, user_id: int, mark: str, after: discord.Object
) -> discord.Message | None:
    """Our own message with a mark, however many came since; None if there is none.

    The newest are read first: a try that was heard mostly was a moment ago.
    """
    async for message in channel.history(after=after, limit=None, oldest_first=False):
        is_ours = message.author.id == user_id
        if is_ours and any(embed.footer.text == mark for embed in message.embeds):
            return message
    return None
