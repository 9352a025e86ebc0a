"""Every command, suggestion, button, menu and form passes here: whoever uses it must have the right
it asks for, at that time.
"""

import discord

from bot.client import Copydesk
from bot.domain.rights import Right
from cogs.ui import answers, rights, sent_form, words


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
                await _give_back(interaction)
            return False
        return True

    bot.admit = admit


async def _give_back(interaction: discord.Interaction) -> None:
    """Show what stands in a form that is not taken, so that it is not lost; never keys."""
    answered = sent_form.answers(interaction)
    if answered is None or rights.asked(interaction) is Right.MANAGE:
        return
    typed = "\n".join(filter(None, answered.texts.values()))
    if typed:
        embed = discord.Embed(title="You wrote", description=words.verbatim(typed, 4096))
        await answers.reply(interaction, embed=embed)
