"""A discord.py bot with one command that does nothing: what Copydesk's are compared with.

It imports nothing of Copydesk, whose modules would be counted as its memory.
"""

import os

import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Post(commands.GroupCog, group_name="post"):
    """/post show, as Copydesk has it."""

    @app_commands.command()
    async def show(self, interaction: discord.Interaction, post: int) -> None:
        """Answer"""
        await interaction.response.send_message(f"Post {post}", ephemeral=True)


class Bare(commands.Bot):
    """The bot."""

    def __init__(self) -> None:
        super().__init__(command_prefix=commands.when_mentioned, intents=discord.Intents.default())

    async def setup_hook(self) -> None:
        """Offer the command."""
        await self.add_cog(Post())
        await self.tree.sync()


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["DISCORD_GATEWAY_URL"])
    Bare().run(os.environ["DISCORD_TOKEN"], log_handler=None)
