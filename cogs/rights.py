"""Every command, menu and suggestion passes here: who gives it must have the right it asks for."""

import discord

from bot.client import Copydesk
from cogs.ui import answers, rights


async def setup(bot: Copydesk) -> None:
    """Stand at the door of the whole tree of commands."""

    async def admit(interaction: discord.Interaction[Copydesk]) -> bool:
        try:
            await rights.check(interaction, bot.desk, rights.asked(interaction))
        except Exception as error:
            if interaction.type is discord.InteractionType.autocomplete:
                await interaction.response.autocomplete([])
            else:
                await answers.refuse(interaction, error)
            return False
        return True

    bot.admit = admit
