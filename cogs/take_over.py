"""“Draft a post from this”: a message becomes a draft, with its text, its files and a link back."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.post import Source
from bot.errors import InputError, Problem
from bot.workflow import compose, intake, redraft
from bot.workflow.compose import Typed
from cogs.ui import answers, channels, drafts, taken

MENU = "Draft a post from this"
"""What the menu of a message says."""


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(TakeOverCog(bot))


class TakeOverCog(commands.Cog):
    """The menu of a message. Discord sends the message along, so that no intent is needed."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self._menu = app_commands.ContextMenu(name=MENU, callback=self.draft)
        self._menu.guild_only = True

    async def cog_load(self) -> None:
        """Offer the menu."""
        self.bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu away."""
        self.bot.tree.remove_command(self._menu.name, type=self._menu.type)

    async def draft(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Keep the text first, then its files; then show the draft."""
        await answers.defer(interaction)
        guild = answers.guild(interaction)
        if problems := channels.origin_problems(interaction):
            raise InputError(problems)
        text, files = taken.text(message), taken.files(message)
        if not text and not files:
            raise InputError([EMPTY])
        draft = await compose.write(
            self.desk,
            server_id=guild.id,
            channel_id=interaction.channel_id or 0,
            author_id=interaction.user.id,
            typed=Typed(caption=text, title="", account_ids=(), when_text="now", media=()),
            source=Source(link=message.jump_url, author_id=message.author.id),
        )
        uploads = [self.bot.upload(file) for file in files]
        media, lost = await intake.take_files(self.desk, guild.id, uploads)
        if media:
            draft = await redraft.add_media(self.desk, redraft.hand_of(draft), media)
        await drafts.show(self.desk, interaction, draft, lost)


EMPTY = Problem(
    field="Message",
    message="it has neither text nor files; previews, stickers and polls are not taken over.",
    remedy="Choose a message with text, a picture or a video.",
)
