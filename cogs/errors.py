"""Every error of a command ends here and becomes a sentence for the person who gave it."""

import discord
from discord import app_commands

from bot.client import Copydesk
from bot.errors import NotAllowedError
from cogs.ui import answers


async def setup(bot: Copydesk) -> None:
    """Answer for the whole tree of commands."""
    bot.tree.error(_refuse)


async def _refuse(
    interaction: discord.Interaction[Copydesk], error: app_commands.AppCommandError
) -> None:
    cause: Exception = error
    if isinstance(error, app_commands.CommandInvokeError):
        cause = error.original
    elif isinstance(error, app_commands.MissingPermissions):
        needed = ", ".join(name.replace("_", " ") for name in error.missing_permissions)
        cause = NotAllowedError(f"This needs the permission: {needed}.", remedy="Ask an admin.")
    await answers.refuse(interaction, cause)
