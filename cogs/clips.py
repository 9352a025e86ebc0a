"""/clips: having clips cut from a longer video."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.errors import InputError
from bot.workflow import intake, make_clips, order
from cogs.ui import (
    answers,
    channels,
    choices,
    clip_choice,
    order_again,
    order_card,
    sent_form,
)


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(
        clip_choice.DraftClip,
        clip_choice.PickClip,
        clip_choice.ClipPage,
        order_again.OrderAgain,
        order_card.OrderButton,
        order_card.OrderOptions,
    )
    await bot.add_cog(ClipsCog(bot))


@app_commands.guild_only()
class ClipsCog(commands.GroupCog, group_name="clips", group_description="Have clips cut"):
    """The commands of /clips."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

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
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith(order_card.FORM):
            return
        try:
            await order_card.take_options(self.desk, interaction, answered)
        except Exception as error:
            await answers.refuse(interaction, error)
