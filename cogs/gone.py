"""What is deleted in Discord: cards are put back, and a channel that is gone is told of."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.workflow import configure, put_back
from cogs.ui import channels


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(GoneCog(bot))


class GoneCog(commands.Cog):
    """Hears what was deleted; what goes while nobody listens is found when cards are read."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Put a card back that someone deleted."""
        if event.guild_id is not None:
            await put_back.cards(self.desk, event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Put cards back that were deleted with others."""
        if event.guild_id is not None:
            await put_back.cards(self.desk, event.guild_id, event.message_ids)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: object, after: discord.abc.GuildChannel
    ) -> None:
        """See whether cards can be shown, and whether they can again."""
        await self._look(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: object, after: discord.Role) -> None:
        """See whether cards can be shown, and whether they can again."""
        await self._look(after.guild)

    async def _look(self, guild: discord.Guild) -> None:
        found = channels.review_problems(guild, await configure.get(self.desk, guild.id))
        await put_back.looked(self.desk, guild.id, str(found[0]) if found else "")

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Put the cards of a channel elsewhere, or keep them until there is somewhere."""
        await put_back.channel(self.desk, channel.guild.id, channel.id)
