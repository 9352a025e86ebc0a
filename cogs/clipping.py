"""/post clip: a part of the group that `cogs/post.py` registers."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.workflow import make_clips
from cogs.ui import answers, begin, choices, clip_choice, clips, forms


class Clipping(commands.GroupCog):
    """Posts of clips that a service has cut."""

    bot: Copydesk

    @app_commands.command()
    @app_commands.describe(
        service="Which connection has the clip",
        project="The project or job: one of the recent ones, or its id",
    )
    async def clip(self, interaction: discord.Interaction, service: int, project: str) -> None:
        """Write a post from a clip that a service has cut"""
        await answers.defer(interaction)
        await begin.check_channels(self.bot.desk, interaction)
        by = begin.author(interaction)
        found = await make_clips.ready(
            self.bot.desk,
            server_id=by.server_id,
            connection_id=service,
            remote_id=project.strip(),
            user_id=by.user_id,
            channel_id=by.channel_id,
        )
        name = await clips.service_name(self.bot.desk, found)
        embeds, view = clips.shown(found, name), clip_choice.select(found)
        await interaction.followup.send(embeds=embeds, view=view, ephemeral=True)

    @clip.autocomplete("service")
    async def clip_services(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The connections whose services cut clips."""
        found = await make_clips.connections(self.bot.desk, answers.guild(interaction).id)
        return choices.connections(self.bot.desk, found, current)

    @clip.autocomplete("project")
    async def projects(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The newest projects, of the connection that is chosen already."""
        service = getattr(interaction.namespace, "service", None)
        found = await make_clips.recent(
            self.bot.desk,
            answers.guild(interaction).id,
            service if isinstance(service, int) else None,
        )
        named_projects = [(each, clips.choice_name(each)) for each in found]
        return [
            app_commands.Choice(name=name, value=each.remote_id)
            for each, name in named_projects
            if current.lower() in f"{name} {each.remote_id}".lower()
        ][: forms.MOST_OPTIONS]
