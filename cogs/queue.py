"""/queue: what goes out when."""

from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.workflow import configure, queue
from cogs.ui import answers
from cogs.ui import calendar as calendars

_TWO_WEEKS = timedelta(weeks=2)
_SLOTS_SHOWN = 10


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(QueueCog(bot))


@app_commands.guild_only()
class QueueCog(commands.GroupCog, group_name="queue", group_description="See what goes out when"):
    """The commands of /queue."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command()
    async def calendar(self, interaction: discord.Interaction) -> None:
        """See what goes out in the coming two weeks"""
        server = await configure.get(self.desk, answers.guild(interaction).id)
        entries = await queue.coming(self.desk, server.server_id, _TWO_WEEKS)
        await answers.reply(interaction, embed=calendars.days(entries, server))

    @app_commands.command()
    async def next(self, interaction: discord.Interaction) -> None:
        """See the next weekly slots and what is in them"""
        server = await configure.get(self.desk, answers.guild(interaction).id)
        coming = await queue.slots(self.desk, server, _SLOTS_SHOWN)
        await answers.reply(interaction, embed=calendars.slots(coming))
