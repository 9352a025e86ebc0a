"""The pages of `/post history`, turned by their buttons."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.workflow import history
from cogs.ui import answers
from cogs.ui import history as history_ui


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(history_ui.TurnTo)
    await bot.add_cog(HistoryCog(bot))


class HistoryCog(commands.Cog):
    """Shows another page in the place of the one whose button was pressed."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_history(self, interaction: discord.Interaction, post_id: int, number: int) -> None:
        """Read the history anew, so that a page shows what is so now."""
        try:
            found = await history.history(
                self.desk,
                server_id=answers.guild(interaction).id,
                post_id=post_id,
                user_id=interaction.user.id,
            )
            embed, view = history_ui.page(found, number)
            await interaction.response.edit_message(embed=embed, view=view)
        except Exception as error:
            await answers.refuse(interaction, error)
