"""/post template: a part of the group that `cogs/post.py` registers."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.template import LONGEST_NAME
from bot.workflow import templates
from cogs.ui import answers, choices, lists, words


class Templates(commands.GroupCog):
    """What posts are begun with again and again."""

    bot: Copydesk

    template = app_commands.Group(name="template", description="What posts begin with")

    @template.command()
    @app_commands.describe(post="Whose text, files and accounts", name="What to call it")
    async def save(
        self,
        interaction: discord.Interaction,
        post: int,
        name: app_commands.Range[str, 1, LONGEST_NAME],
    ) -> None:
        """Keep what a post holds, to begin others with"""
        await answers.defer(interaction)
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        kept = await templates.save(
            self.bot.desk, server_id=server_id, user_id=user_id, post_id=post, name=name
        )
        told = f"Template **{words.escape(kept)}** is kept: `/post new` begins with it."
        await answers.reply(interaction, told)

    @template.command()
    @app_commands.describe(name="Which template")
    async def delete(self, interaction: discord.Interaction, name: str) -> None:
        """Delete a template; posts that began with it stay"""
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        await templates.remove(self.bot.desk, server_id=server_id, user_id=user_id, name=name)
        await answers.reply(interaction, "The template is deleted.")

    @template.command(name="list")
    async def list_templates(self, interaction: discord.Interaction) -> None:
        """List the templates of this server"""
        found = await templates.find(self.bot.desk, answers.guild(interaction).id)
        embed = discord.Embed(title="Templates", colour=0x2F7FD1)
        lines = [lists.template_line(each) for each in found]
        none = "None yet: keep one with `/post template save`."
        words.add_lines(embed, "By name", lines or [none])
        await answers.reply(interaction, embed=embed)

    @save.autocomplete("post")
    async def kept_from(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """Posts by number or text, newest first."""
        server_id = answers.guild(interaction).id
        return await choices.posts(self.bot.desk, server_id, interaction.user.id, current)

    @delete.autocomplete("name")
    async def named_so(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The templates of this server."""
        return await choices.templates(self.bot.desk, answers.guild(interaction).id, current)
