"""Telling of a server as a whole, such as of an account that must be connected again.

Like the events of posts, notices wait in the outbox; what was tried before is looked for first.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import pace
from bot.domain.event import Event, EventKind
from bot.workflow import endangered, notices
from bot.workflow.in_flight import InFlight
from bot.workflow.notices import Notice
from cogs.ui import admins, answers, channels, own_messages, places, returned
from cogs.ui import notices as shown

log = logging.getLogger(__name__)

UNLOAD_SECONDS = 1.0


async def setup(bot: Copydesk) -> None:
    """Load this cog and tick it."""
    cog = NoticeCog(bot)
    await bot.add_cog(cog)
    bot.scheduler.add("notices", cog.tick)


class NoticeCog(commands.Cog):
    """Drains the notices of the outbox."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self._in_flight = InFlight()

    async def cog_unload(self) -> None:
        """Let what is being told be told."""
        await self.drain(UNLOAD_SECONDS)

    async def tick(self) -> None:
        """Begin to tell everything that is to be told now."""
        if not self.bot.is_ready() or self._in_flight.count:
            return
        for notice in await notices.take(self.desk):
            self._in_flight.start(self._tell_or_wait(notice))

    async def drain(self, seconds: float) -> None:
        """Let tellings under way end."""
        await self._in_flight.drain(seconds)

    async def _tell_or_wait(self, notice: Notice) -> None:
        try:
            async with asyncio.timeout(pace.TELL_LIMIT.total_seconds()):
                trouble = await self._tell(notice)
        except answers.UNREACHABLE as error:
            log.warning("Notice %s cannot be told now: %s", notice.event.id, error)
            await notices.tell_later(self.desk, notice, trouble=str(error), is_closed=False)
        except Exception as error:
            log.exception("Notice %s cannot be told; it is tried again.", notice.event.id)
            await notices.tell_later(
                self.desk, notice, trouble=type(error).__name__, is_closed=True
            )
        else:
            if trouble:
                await notices.tell_later(self.desk, notice, trouble=trouble, is_closed=True)
            else:
                await notices.told(self.desk, notice)

    async def _tell(self, notice: Notice) -> str:
        """Tell it in the first of its channels that is open; why none is, or nothing."""
        if self._is_over(notice) or await self._was_sent(notice):
            return ""
        message = await self._message(notice)
        trouble = "No approvals channel is set."
        for channel in await self._channels(notice):
            try:
                await channel.send(**message)
            except discord.HTTPException as error:
                if not places.is_closed(error):
                    raise
                trouble = f"Discord: {error}"
            else:
                return ""
        return trouble

    def _is_over(self, notice: Notice) -> bool:
        """Whether a channel that was closed to us is open again."""
        guild = self.bot.get_guild(notice.event.server_id)
        if notice.event.kind is not EventKind.CLOSED or guild is None:
            return False
        return not channels.review_problems(guild, notice.server)

    async def _channels(self, notice: Notice) -> Sequence[discord.abc.Messageable]:
        """Where it is told, the next where the one before is closed: that the channels themselves
        are closed is told to admins wherever they are.
        """
        found: list[discord.abc.Messageable] = [
            self._channel(notice, channel_id) for channel_id in notice.channels
        ]
        guild = self.bot.get_guild(notice.event.server_id)
        if notice.event.kind is EventKind.CLOSED and guild is not None:
            found += await admins.places(self.bot, guild)
        return found

    async def _was_sent(self, notice: Notice) -> bool:
        """Whether an earlier try was heard."""
        if notice.tries <= 1 or self.bot.user is None:
            return False
        sought, after = shown.mark(notice.event), own_messages.since_moment(notice.event.at)
        for channel_id in notice.channels:
            channel = self._channel(notice, channel_id)
            try:
                if await own_messages.find(channel, self.bot.user.id, sought, after):
                    return True
            except discord.HTTPException as error:
                if not places.is_closed(error):
                    raise
        return False

    async def _message(self, notice: Notice) -> dict[str, Any]:
        event = notice.event
        embed, view = await self._shown(event)
        embed.set_footer(text=shown.mark(event))
        message: dict[str, Any] = {"embed": embed, "nonce": f"notice-{event.id}"}
        if view:
            message["view"] = view
        guild = self.bot.get_guild(event.server_id)
        if event.kind is EventKind.CLOSED and guild is not None:
            message["content"], message["allowed_mentions"] = admins.pinged(guild)
        if event.actor_id:
            message["content"] = f"<@{event.actor_id}>"
            person = discord.Object(event.actor_id)
            message["allowed_mentions"] = discord.AllowedMentions(users=[person])
        return message

    async def _shown(self, event: Event) -> tuple[discord.Embed, ui.View | None]:
        match event.kind:
            case EventKind.RETURNED:
                return returned.embed(event), None
            case EventKind.CLOSED:
                return shown.closed(event), None
            case _:
                found = await endangered.by(self.desk, event)
                return shown.of_connection(event, found, self.desk.services)

    def _channel(self, notice: Notice, channel_id: int) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(channel_id, guild_id=notice.event.server_id)
