"""/account: the social accounts behind the connected services."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.workflow import connect
from cogs.ui import answers, words


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(AccountCog(bot))


@app_commands.guild_only()
class AccountCog(
    commands.GroupCog, group_name="account", group_description="See the connected accounts"
):
    """The commands of /account."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command()
    async def check(self, interaction: discord.Interaction) -> None:
        """Read the accounts of every connected service anew"""
        await answers.defer(interaction)
        accounts = await connect.refresh(self.desk, interaction.guild_id or 0)
        embed = discord.Embed(title="Accounts", colour=0x2F7FD1)
        words.add_lines(embed, "Read just now", [words.account(account) for account in accounts])
        await answers.reply(interaction, embed=embed)
