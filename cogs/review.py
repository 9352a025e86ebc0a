"""Approval by reaction: ✅ and ❌ on the card of a post, also those made while nobody listened."""

import asyncio
import logging

import aiohttp
import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.post import Post
from bot.errors import CopydeskError
from bot.workflow import configure, review
from cogs.ui import words

log = logging.getLogger(__name__)

MEANING = {words.APPROVE: True, words.REJECT: False}
TOLD_SECONDS = 60
"""How long a message stays that tells someone why their reaction was taken off."""


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(ReviewCog(bot))


class ReviewCog(commands.Cog):
    """Counts reactions on cards."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Count a reaction; raw, because cards from before a restart are not cached."""
        if event.member is None or event.member.bot or str(event.emoji) not in MEANING:
            return
        message = self.bot.get_partial_messageable(
            event.channel_id, guild_id=event.guild_id
        ).get_partial_message(event.message_id)
        await self._count(message, event.member, str(event.emoji))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Count the reactions made while this process was away: Discord does not replay them.

        Runs at the start and after every new session; a resumed session misses nothing.
        """
        for guild in self.bot.guilds:
            for post in await review.open_cards(self.desk, guild.id):
                await self._catch_up(guild, post)

    @commands.Cog.listener()
    async def on_card_offered(self, post: Post) -> None:
        """Count the reactions made before the message was known to be a card.

        It is known a moment after it was sent, or only after the next start.
        """
        if guild := self.bot.get_guild(post.server_id):
            await self._catch_up(guild, post)

    async def _catch_up(self, guild: discord.Guild, post: Post) -> None:
        """Count what stands on a card, however often Discord has to be asked for it."""
        delay = 1.0
        while not self.bot.is_closed():
            try:
                await self._count_all(guild, post)
            except (discord.NotFound, discord.Forbidden) as error:
                log.warning("The card of post %s cannot be read: %s", post.id, error)
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.warning("The card of post %s is read again later: %s", post.id, error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 60)
                continue
            return

    async def _count_all(self, guild: discord.Guild, post: Post) -> None:
        channel = self.bot.get_partial_messageable(post.card_channel_id or 0, guild_id=guild.id)
        message = await channel.fetch_message(post.card_message_id or 0)
        for reaction in message.reactions:
            if str(reaction.emoji) not in MEANING:
                continue
            async for user in reaction.users():
                if not user.bot and (member := await _member(guild, user)):
                    await self._count(message, member, str(reaction.emoji))

    async def _count(
        self,
        message: discord.Message | discord.PartialMessage,
        member: discord.Member,
        emoji: str,
    ) -> None:
        server = await configure.get(self.desk, member.guild.id)
        try:
            await review.decide(
                self.desk,
                server_id=member.guild.id,
                card_message_id=message.id,
                user_id=member.id,
                is_approver=member.get_role(server.approver_role_id or 0) is not None,
                approves=MEANING[emoji],
            )
        except CopydeskError as error:
            await _take_off(message, member, emoji, str(error))


async def _member(guild: discord.Guild, user: discord.abc.User) -> discord.Member | None:
    """The person with their roles as they are now; None when they left the server."""
    try:
        return await guild.fetch_member(user.id)
    except discord.NotFound:
        return None


async def _take_off(
    message: discord.Message | discord.PartialMessage,
    member: discord.Member,
    emoji: str,
    why: str,
) -> None:
    try:
        await message.remove_reaction(emoji, member)
        await message.reply(
            f"{member.mention} {why}",
            delete_after=TOLD_SECONDS,
            allowed_mentions=discord.AllowedMentions(users=[member], replied_user=False),
        )
    except discord.HTTPException as error:
        log.warning("The reaction of %s cannot be taken off: %s", member.id, error)
