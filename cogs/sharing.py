"""Writing a draft together: its author chooses people, and those open it where they are told."""

from collections.abc import Sequence

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.post import Post
from bot.workflow import share
from bot.workflow.share import Guest
from cogs.ui import answers, drafts, sharing


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(sharing.WritersButton, sharing.WritersPick)
    await bot.add_cog(SharingCog(bot))


class SharingCog(commands.Cog):
    """Does what is pressed and chosen there."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_writers(
        self, interaction: discord.Interaction, what: str, post_id: int, guests: Sequence[Guest]
    ) -> None:
        """Act."""
        of = {"post_id": post_id, "user_id": interaction.user.id}
        try:
            of["server_id"] = answers.guild(interaction).id
            if what == "open":
                await answers.defer(interaction)
                await drafts.show(self.desk, interaction, await share.opened(self.desk, **of))
                return
            await answers.defer_update(interaction)
            await self._show(interaction, await share.own(self.desk, **of))
            if what == "pick":
                await self._show(interaction, await share.share(self.desk, **of, guests=guests))
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _show(self, interaction: discord.Interaction, draft: Post) -> None:
        embed, view = sharing.screen(draft)
        await answers.update(interaction, embed=embed, view=view)
