"""Beginning a post: by whom and where, and whether it can be decided on and told there."""

from collections.abc import Sequence

import discord

from bot.errors import InputError, Problem
from bot.workflow import configure
from bot.workflow.desk import Desk
from bot.workflow.reuse import Author
from cogs.ui import answers, channels


def author(interaction: discord.Interaction) -> Author:
    """Whoever begins a post, and where."""
    return Author(
        server_id=answers.guild(interaction).id,
        channel_id=interaction.channel_id or 0,
        user_id=interaction.user.id,
    )


async def check_channels(
    desk: Desk, interaction: discord.Interaction, missing: Sequence[Problem] = ()
) -> None:
    """Raise InputError where a post that is begun here could not be decided on or told, or where
    something else is `missing` for it.
    """
    guild = answers.guild(interaction)
    server = await configure.get(desk, guild.id)
    problems = channels.review_problems(guild, server) + channels.origin_problems(interaction)
    problems += missing
    if problems:
        raise InputError(problems)
