"""Reasons by a reply: to a card, to what was asked beside it, or to what was asked in its thread."""

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.post import Post
from bot.workflow import review
from cogs.ui import members, reactions

UNREADABLE = (
    "Discord shows Copydesk a reply only when it pings it. Reply again with the @ switched on, or "
    "press the button under the question."
)


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(RepliesCog(bot))


class RepliesCog(commands.Cog):
    """Reads replies to Copydesk itself; of all else that people write it is not shown the text."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Take a reply as the reason of somebody's vote that lacks one."""
        member, answered = message.author, message.reference and message.reference.resolved
        if not isinstance(member, discord.Member) or not isinstance(answered, discord.Message):
            return
        if member.bot or answered.author != self.bot.user:
            return
        if (post := await self._post(member.guild, answered)) is None:
            return
        voter = members.voter(member.guild, member.id, members.roles_of(member))
        asked = await review.asked_why(self.desk, voter, post)
        if asked is None:
            return
        if not message.content.strip():
            await reactions.say(message, member.id, UNREADABLE, reactions.TOLD_SECONDS)
            return
        await review.cast(
            self.desk,
            voter,
            post,
            asked.verdict,
            reason=message.content,
            by_reaction=asked.by_reaction,
        )

    async def _post(self, guild: discord.Guild, answered: discord.Message) -> Post | None:
        """The post on whose card, under whose card or in whose thread Copydesk was answered: a
        thread has the id of the card it hangs on.
        """
        above = answered.reference.message_id if answered.reference else None
        for message_id in (answered.id, above, answered.channel.id):
            post = message_id and await review.by_card(
                self.desk, server_id=guild.id, card_message_id=message_id
            )
            if post:
                return post
        return None
