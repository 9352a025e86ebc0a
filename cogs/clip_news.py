"""Telling how far clips are: each order has one message, which is kept true."""

import asyncio
import logging
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import pace
from bot.domain.project import Project
from bot.workflow import clip_news
from bot.workflow.in_flight import InFlight
from cogs.ui import answers, clip_choice, clips, own_messages, places

log = logging.getLogger(__name__)

MOST_TAKEN = 40
"""With so many tellings under way no more are taken, so that their leases do not lapse in a queue."""


async def setup(bot: Copydesk) -> None:
    """Load this cog and tick it."""
    cog = ClipNews(bot)
    await bot.add_cog(cog)
    bot.scheduler.add("tell clips", cog.tick)


class ClipNews(commands.Cog):
    """Makes the messages of orders true, those of one order one after the other."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self._in_flight = InFlight()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def cog_unload(self) -> None:
        """Let what is being told be told."""
        await self.drain(1.0)

    async def tick(self) -> None:
        """Begin to make every message true that is not."""
        if not self.bot.is_ready() or self._in_flight.count > MOST_TAKEN:
            return
        for project in await clip_news.take(self.desk):
            self._in_flight.start(self._tell_in_turn(project))

    async def drain(self, seconds: float) -> None:
        """Let tellings under way end."""
        await self._in_flight.drain(seconds)

    async def _tell_in_turn(self, project: Project) -> None:
        """Tell of a project once what was told of it before is done: the last message is right."""
        turn = self._turns.setdefault(project.id, asyncio.Lock())
        async with turn:
            until = project.tell_at
            if until and self.desk.now() + pace.TELL_LIMIT <= until:  # else someone else tells it
                await self._tell_or_wait(project)

    async def _tell_or_wait(self, project: Project) -> None:
        try:
            async with asyncio.timeout(pace.TELL_LIMIT.total_seconds()):
                message_id = await self._tell(project)
        except answers.UNREACHABLE as error:
            log.warning("The clips of project %s cannot be told now: %s", project.id, error)
            is_closed = places.is_closed(error)
            await clip_news.tell_later(self.desk, project, is_closed=is_closed)
        else:
            await clip_news.told(self.desk, project, message_id)

    async def _tell(self, project: Project) -> int:
        """Make the message of a project true, sending it when there is none; its id."""
        embeds = clips.shown(project, await clips.service_name(self.desk, project))
        view = clip_choice.buttons(project)
        channel = self.bot.get_partial_messageable(project.channel_id, guild_id=project.server_id)
        if project.message_id is not None:
            try:
                message = channel.get_partial_message(project.message_id)
                return (await message.edit(embeds=embeds, view=view)).id
            except discord.NotFound:
                log.warning("The message of project %s is gone; it is sent anew.", project.id)
        elif found := await self._sent_before(project, channel):
            return (await found.edit(embeds=embeds, view=view)).id
        sent = await channel.send(embeds=embeds, view=view, nonce=f"clips-{project.id}")
        return sent.id

    async def _sent_before(
        self, project: Project, channel: discord.PartialMessageable
    ) -> discord.Message | None:
        """The message of an earlier try, if there was one and it was heard."""
        if project.tell_tries <= 1 or self.bot.user is None:
            return None
        after = own_messages.since_moment(project.created_at)
        return await own_messages.find(channel, self.bot.user.id, clips.mark(project), after)
