"""Votes made while nobody listened: every open card is read and compared, at each new session."""

import asyncio
import logging
from collections import defaultdict
from datetime import datetime

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import marks
from bot.domain.approval import Verdict
from bot.domain.marks import Marks
from bot.domain.post import Post
from bot.errors import DatabaseAwayError
from bot.turns import Turns
from bot.workflow import announce, catch_up, configure, put_back, review
from bot.workflow.catch_up import Difference
from bot.workflow.presence import Presence
from cogs.ui import members, reactions
from cogs.ui.answers import UNREACHABLE

log = logging.getLogger(__name__)

AT_ONCE = 8
"""Cards that are read together."""

CALLS_A_SECOND = 28
"""Of those that `bot.turns` lets out; the rest is for people."""


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    catch_up_cog = CatchUpCog(bot)
    await bot.add_cog(catch_up_cog)
    bot.scheduler.add("presence", catch_up_cog.presence.tick, nudged=False)


class CatchUpCog(commands.Cog):
    """Reads cards. Discord repeats nothing that was missed."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self.presence = Presence(bot.desk)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._turns = Turns(CALLS_A_SECOND)
        self._reading: defaultdict[int, int] = defaultdict(int)
        self._gone: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Read all open cards: at the start and after every new session, since a resumed one misses
        nothing. Those due first come first. After an absence it is told what came of it.
        """
        since = await self.presence.returned()
        await asyncio.gather(*(self._read_all(guild, since) for guild in self.bot.guilds))
        self.presence.caught_up()

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Discord is away: nobody is there for the team."""
        self.presence.lost()

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Discord is back in the same session, and tells what was missed."""
        self.presence.resumed()

    @commands.Cog.listener()
    async def on_card_offered(self, post: Post) -> None:
        """Read one card: votes may have been given before it was known to be one.

        It is known a moment after it was sent, or only after the next start.
        """
        if guild := self.bot.get_guild(post.server_id):
            await self._read(guild, post)

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """Remember what is taken off a card while it is read."""
        if self._reading.get(event.message_id):
            self._gone[event.message_id].add((event.user_id, str(event.emoji)))

    async def _read_all(self, guild: discord.Guild, since: datetime | None) -> None:
        last: Post | None = None
        while cards := await catch_up.open_cards(
            self.desk, guild.id, after=last, expired_since=since
        ):
            await asyncio.gather(*(self._read(guild, post) for post in cards))
            last = cards[-1]

    async def _read(self, guild: discord.Guild, post: Post) -> None:
        """Count what stands on a card, however often Discord has to be asked for it."""
        delay = 1.0
        while not self.bot.is_closed():
            try:
                async with self._slots:
                    await self._compare(guild, post)
            except discord.NotFound:
                await announce.show_card(self.desk, post)
            except discord.Forbidden as error:
                log.warning("The card of post %s cannot be read: %s", post.id, error)
                await put_back.closed(self.desk, guild.id, f"Cards cannot be read: {error}")
            except (*UNREACHABLE, DatabaseAwayError) as error:
                log.warning("The card of post %s is read again later: %s", post.id, error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 60)
                continue
            return

    async def _compare(self, guild: discord.Guild, shown: Post) -> None:
        message_id = shown.card_message_id or 0
        self._reading[message_id] += 1
        try:
            at = self.desk.now()
            channel = self.bot.get_partial_messageable(
                shown.card_channel_id or 0, guild_id=guild.id
            )
            await self._turns.turn()
            card = await channel.fetch_message(message_id)
            offered = (await configure.get(self.desk, guild.id)).reactions
            seen = await self._seen(card, offered)
            post = await review.by_card(self.desk, server_id=guild.id, card_message_id=message_id)
            if post is None or post.state not in catch_up.READ:
                return
            ballot = await catch_up.ballot(self.desk, post)
            for found in catch_up.differences(post, ballot, seen, at):
                await self._count(guild, card, post, found, offered)
        finally:
            self._reading[message_id] -= 1
            if not self._reading[message_id]:
                del self._reading[message_id]
                self._gone.pop(message_id, None)

    async def _seen(self, card: discord.Message, offered: Marks) -> dict[int, set[Verdict]]:
        """Who has which votes on a card."""
        seen: defaultdict[int, set[Verdict]] = defaultdict(set)
        for reaction in card.reactions:
            verdict = marks.verdict(offered, str(reaction.emoji))
            if verdict is None or reaction.count <= reaction.me:
                continue
            await self._turns.turn()
            async for user in reaction.users():
                if not user.bot:
                    seen[user.id].add(verdict)
        return seen

    async def _count(
        self,
        guild: discord.Guild,
        card: discord.Message,
        post: Post,
        found: Difference,
        offered: Marks,
    ) -> None:
        user_id, verdict = found.user_id, found.verdict
        if found.is_taken_back:
            await reactions.removed(
                self.desk, guild, post, user_id=user_id, verdict=verdict, is_found=True
            )
            return
        await self._turns.turn()
        roles = await members.fetch(guild, user_id)
        gone = {(who, marks.verdict(offered, emoji)) for who, emoji in self._gone[card.id]}
        if roles is None or (user_id, verdict) in gone:
            return
        await reactions.added(
            self.desk,
            guild,
            card,
            post,
            user_id=user_id,
            roles=roles,
            verdict=verdict,
            is_found=True,
        )
