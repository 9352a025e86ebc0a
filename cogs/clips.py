"""/clips: having clips cut, and the messages that tell how far that is."""

import asyncio
import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import pace
from bot.domain.project import Project
from bot.errors import InputError
from bot.workflow import clip_news, intake, make_clips, order
from bot.workflow.in_flight import InFlight
from cogs.ui import (
    answers,
    channels,
    choices,
    clips,
    forms,
    order_card,
    own_messages,
    places,
)

log = logging.getLogger(__name__)

MOST_TAKEN = 40
"""With so many tellings under way no more are taken, so that their leases do not lapse in a queue."""


async def setup(bot: Copydesk) -> None:
    """Load this cog and tick it."""
    bot.add_dynamic_items(
        clips.PickClip, clips.ClipPage, order_card.OrderButton, order_card.OrderOptions
    )
    cog = ClipsCog(bot)
    await bot.add_cog(cog)
    bot.scheduler.add("tell clips", cog.tick)


@app_commands.guild_only()
class ClipsCog(commands.GroupCog, group_name="clips", group_description="Have clips cut"):
    """The commands of /clips."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self._in_flight = InFlight()

    async def cog_unload(self) -> None:
        """Let what is being told be told."""
        await self.drain(1.0)

    @app_commands.command()
    @app_commands.describe(
        service="Which connection cuts them",
        link="The address of the video",
        file="The video itself, in the place of a link",
        find="Which moments to look for, such as “the goals”; left out: the best ones",
        name="What to call it here",
    )
    async def make(
        self,
        interaction: discord.Interaction,
        service: int,
        link: str = "",
        file: discord.Attachment | None = None,
        find: str = "",
        name: app_commands.Range[str, 1, 100] = "",
    ) -> None:
        """Have clips cut from a longer video"""
        guild = answers.guild(interaction)
        if problems := channels.origin_problems(interaction):
            raise InputError(problems)
        await answers.defer(interaction)
        media = None
        if file is not None:
            kept, refused = await intake.take_files(self.desk, guild.id, [self.bot.upload(file)])
            if refused:
                raise InputError(refused)
            [media] = kept
        project = await order.begin(
            self.desk,
            server_id=guild.id,
            channel_id=interaction.channel_id or 0,
            user_id=interaction.user.id,
            connection_id=service,
            link=link,
            file=media,
            query=find,
            name=name,
        )
        await order_card.show(self.desk, interaction, project)

    @make.autocomplete("service")
    async def services(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The connections whose services cut clips."""
        found = await make_clips.connections(self.desk, answers.guild(interaction).id)
        return choices.connections(self.desk, found, current)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a form of options that was sent, whichever process opened it."""
        answered = forms.answers(interaction)
        if answered is None or not answered.custom_id.startswith(order_card.FORM):
            return
        try:
            await order_card.take_options(self.desk, interaction, answered)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def tick(self) -> None:
        """Begin to make every message true that is not."""
        if not self.bot.is_ready() or self._in_flight.count > MOST_TAKEN:
            return
        for project in await clip_news.take(self.desk):
            self._in_flight.start(self._tell_or_wait(project))

    async def drain(self, seconds: float) -> None:
        """Let tellings under way end."""
        await self._in_flight.drain(seconds)

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
        embeds, view = clips.shown(project, await clips.service_name(self.desk, project))
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
