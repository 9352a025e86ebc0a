"""Answers to the person who asked, visible to them alone."""

import logging
from collections.abc import Sequence

import discord

from bot.errors import CopydeskError, InputError, Problem
from cogs.ui import words

log = logging.getLogger(__name__)

SHOWN = 15
"""Problems shown at once: an embed holds 6,000 characters."""


def problem_list(problems: Sequence[Problem]) -> discord.Embed:
    """What is wrong, one field for each thing, with the remedy."""
    embed = discord.Embed(title="This cannot go out yet", colour=0xC0392B)
    for problem in problems[:SHOWN]:
        text = f"{problem.message[:1].upper()}{problem.message[1:]}\n→ {problem.remedy}"
        embed.add_field(name=problem.field, value=words.clip(text, 250), inline=False)
    if len(problems) > SHOWN:
        embed.set_footer(text=f"and {len(problems) - SHOWN} more of the kind")
    return embed


async def reply(
    interaction: discord.Interaction,
    text: str = "",
    *,
    embed: discord.Embed = discord.utils.MISSING,
    view: discord.ui.View = discord.utils.MISSING,
) -> None:
    """Answer whether or not the interaction was deferred."""
    if interaction.response.is_done():
        await interaction.followup.send(text, embed=embed, view=view, ephemeral=True)
    else:
        await interaction.response.send_message(text, embed=embed, view=view, ephemeral=True)


async def refuse(interaction: discord.Interaction, error: Exception) -> None:
    """Say what went wrong and what to do; what is not an error of ours is logged whole."""
    if isinstance(error, InputError):
        await reply(interaction, embed=problem_list(error.problems))
    elif isinstance(error, CopydeskError):
        await reply(interaction, f"⚠️ {words.clip(str(error), 1900)}")
    else:
        log.error("An interaction failed.", exc_info=error)
        await reply(
            interaction,
            f"⚠️ Copydesk failed here ({type(error).__name__}). Nothing was sent; try again, and if "
            f"it stays so, show whoever runs it the log of {discord.utils.utcnow():%H:%M:%S} UTC.",
        )
