"""Approval by reaction: the reactions on the card of a post, as they come."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import marks
from bot.domain.approval import Verdict
from bot.domain.post import Post
from bot.errors import DatabaseAwayError
from bot.workflow import configure, review
from cogs.ui import answers, members, reactions

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before a reaction that could not be written down is counted again."""


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(ReviewCog(bot))


class ReviewCog(commands.Cog):
    """Counts reactions on cards. Raw events, because cards from before a restart are not cached."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """Count a reaction."""
        await self._until_written(self._added, event)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Take back what a reaction said."""
        await self._until_written(self._removed, event)

    async def _until_written(
        self,
        count: Callable[[discord.RawReactionActionEvent], Awaitable[None]],
        event: discord.RawReactionActionEvent,
    ) -> None:
        """Try again until the database takes it: Discord says nothing twice."""
        wait = FIRST_WAIT
        while not self.bot.is_closed():
            try:
                await count(event)
            except DatabaseAwayError as error:
                log.warning("A reaction is counted later: %s", error)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LONGEST_WAIT)
            else:
                return

    async def _added(self, event: discord.RawReactionActionEvent) -> None:
        if event.member is None or event.member.bot or (found := await self._card(event)) is None:
            return
        guild, post, verdict = found
        message = self.bot.get_partial_messageable(
            event.channel_id, guild_id=guild.id
        ).get_partial_message(event.message_id)
        try:
            if not await self._stands(event):
                return
            await reactions.added(
                self.desk,
                guild,
                message,
                post,
                user_id=event.user_id,
                roles=members.roles_of(event.member),
                verdict=verdict,
            )
        except answers.UNREACHABLE as error:
            self._read_later(post, verdict, error)

    async def _removed(self, event: discord.RawReactionActionEvent) -> None:
        is_ours = self.bot.user is not None and event.user_id == self.bot.user.id
        if is_ours or (found := await self._card(event)) is None:
            return
        guild, post, verdict = found
        try:
            if await self._stands(event):
                return
            await reactions.removed(self.desk, guild, post, user_id=event.user_id, verdict=verdict)
        except answers.UNREACHABLE as error:
            self._read_later(post, verdict, error)

    async def _stands(self, event: discord.RawReactionActionEvent) -> bool:
        """Whether the reaction is on the card now: an event only says where to look, since it may
        come twice, late, or after one that is newer.
        """
        emoji = f"{event.emoji.name}:{event.emoji.id}" if event.emoji.id else event.emoji.name
        found = await self.bot.http.get_reaction_users(
            event.channel_id, event.message_id, emoji, limit=1, after=event.user_id - 1
        )
        return any(int(user["id"]) == event.user_id for user in found)

    async def _card(
        self, event: discord.RawReactionActionEvent
    ) -> tuple[discord.Guild, Post, Verdict] | None:
        """The post that the message shows, and what the reaction says there; None for most messages
        of a server, and for reactions that mean nothing.
        """
        guild = self.bot.get_guild(event.guild_id or 0)
        if guild is None:
            return None
        post = await review.by_card(self.desk, server_id=guild.id, card_message_id=event.message_id)
        if post is None:
            return None
        server = await configure.get(self.desk, guild.id)
        verdict = marks.verdict(server.reactions, str(event.emoji))
        return (guild, post, verdict) if verdict else None

    def _read_later(self, post: Post, verdict: Verdict, error: Exception) -> None:
        """Discord did not tell who may vote: the card is read again until it does."""
        log.warning("A vote (%s) on post %s is counted later: %s", verdict, post.id, error)
        self.bot.dispatch("card_offered", post)
