"""Speaking unasked: the one place that keeps cards true and tells what happened.

Every event of the outbox ends here. A send carries a nonce made from the event, so that Discord
itself swallows a repetition within minutes; whatever was tried before is looked for first, in every
place where it may have been told.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from weakref import WeakValueDictionary

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain import pace
from bot.domain.event import FIRST, SPOKEN, Event, EventKind
from bot.domain.post import Post, PostState
from bot.workflow import announce, put_back
from bot.workflow.announce import Telling
from bot.workflow.in_flight import InFlight
from cogs.ui import answers, attached, cards, channels, places, reactions, reminded, under
from cogs.ui.speaking import Speaker

log = logging.getLogger(__name__)

CHANGED = EventKind.SETTINGS_CHANGED
AT_ONCE = 10
UNLOAD_SECONDS = 1.0
MOST_TAKEN = 40
"""With so many tellings under way no more are taken, so that their leases do not lapse in a queue."""


async def setup(bot: Copydesk) -> None:
    """Load this cog and tick it."""
    announcer = Announcer(bot)
    await bot.add_cog(announcer)
    bot.scheduler.add("announce", announcer.tick)


class Announcer(commands.Cog):
    """Drains the outbox, each post's events in order. A slow channel delays no other."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk
        self._speaker = Speaker(bot)
        self.desk.shown.links = self._links
        self._in_flight = InFlight()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def cog_unload(self) -> None:
        """Let what is being told be told."""
        await self.drain(UNLOAD_SECONDS)

    async def tick(self) -> None:
        """Begin to tell everything that is to be told now."""
        if not self.bot.is_ready() or self._in_flight.count > MOST_TAKEN:
            return
        for telling in await announce.take(self.desk):
            self._in_flight.start(self._tell_in_turn(telling))

    async def drain(self, seconds: float) -> None:
        """Let tellings under way end."""
        await self._in_flight.drain(seconds)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: object, after: discord.abc.GuildChannel
    ) -> None:
        """Try again what could not be told: the channel may be open now."""
        await announce.take_up(self.desk, after.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: object, after: discord.Role) -> None:
        """Try again what could not be told: we may be allowed to now."""
        await announce.take_up(self.desk, after.guild.id)

    async def _tell_in_turn(self, telling: Telling) -> None:
        turn = self._turns.setdefault(telling.post.id, asyncio.Lock())
        async with turn, self._slots:
            if self.desk.now() + pace.TELL_LIMIT <= telling.until:  # else someone else tells it
                await self._tell_or_wait(telling)

    async def _tell_or_wait(self, telling: Telling) -> None:
        try:
            async with asyncio.timeout(pace.TELL_LIMIT.total_seconds()):
                card_trouble = await self._tell(telling)
        except answers.UNREACHABLE as error:
            log.warning("Post %s cannot be told now: %s", telling.post.id, error)
            closed = places.is_closed(error)
            await announce.tell_later(self.desk, telling, trouble=_trouble(error), is_closed=closed)
        except Exception as error:
            log.exception("Post %s cannot be told; it is tried again.", telling.post.id)
            await announce.tell_later(
                self.desk, telling, trouble=type(error).__name__, is_closed=True
            )
        else:
            if card_trouble:
                await announce.card_is_due(self.desk, telling, card_trouble)
            else:
                await announce.told(self.desk, telling)

    async def _tell(self, telling: Telling) -> str:
        """Show the card, then tell the events; what kept the card from being shown, or nothing."""
        is_new = any(event.kind in FIRST for event in telling.events)
        post, card_trouble = telling.post, ""
        if not is_new and post.card_message_id is None:
            await self._speaker.invite(telling)
            return ""  # a draft: nobody but those who write it ever saw it
        try:
            post = await self._show_card(telling, is_new=is_new)
        except discord.HTTPException as error:
            if not places.is_closed(error):
                raise
            await self._note_closed(telling, error)
            if is_new and post.state is PostState.IN_REVIEW:
                raise  # nobody can decide on what nobody sees: it waits until the channel opens
            log.warning("The card of post %s cannot be shown: %s", post.id, error)
            card_trouble = _trouble(error)
        for event in telling.events:
            is_over = event.kind is EventKind.SHARED or reminded.is_over(event, post)
            if event.kind in SPOKEN and not is_over:
                post = await self._speak(telling, post, event)
                if event is not telling.events[-1]:
                    await announce.told(self.desk, telling, event)
        return card_trouble if post.card_message_id is not None else ""

    async def _note_closed(self, telling: Telling, error: discord.HTTPException) -> None:
        """Have admins told that no card can be shown, where Discord does not let us."""
        guild = self.bot.get_guild(telling.post.server_id)
        if guild is None or error.status not in (403, 404):
            return
        found = channels.review_problems(guild, telling.server)
        why = str(found[0]) if found else _trouble(error)
        await put_back.closed(self.desk, guild.id, why)

    async def _show_card(self, telling: Telling, *, is_new: bool) -> Post:
        """Make the card equal to the post, sending it when there is none; the post with it."""
        post = telling.post
        embed = cards.card(post, telling.deliveries, telling.server, telling.ballot)
        view = under.card(post, telling.deliveries, telling.server.reactions)
        if card := self._speaker.card(post):
            try:
                await card.edit(embed=embed, view=view)
            except discord.NotFound:
                log.warning("The card of post %s is gone; it is put back.", post.id)
            else:
                if is_new or any(event.kind is CHANGED for event in telling.events):
                    await self._offer(telling, post)
                return post
        channel = self._speaker.channel(post, telling.server.approvals_channel_id)
        first = telling.events[0]
        found = await self._speaker.find_sent([channel], cards.card_mark(post), telling, first)
        if found is None:
            files = await attached.files(self.bot, post)
            shown = view or discord.utils.MISSING
            found = await channel.send(
                embed=embed, files=files, nonce=f"card-{first.id}", view=shown
            )
        await announce.card_sent(self.desk, post.id, channel_id=channel.id, message_id=found.id)
        post = replace(post, card_channel_id=channel.id, card_message_id=found.id)
        for event in telling.events:
            await self._speaker.retire(post, event)
        await self._offer(telling, post)
        return post

    async def _offer(self, telling: Telling, post: Post) -> None:
        """Offer every vote."""
        card = self._speaker.card(post)
        if card is None or post.state is not PostState.IN_REVIEW:
            return
        await reactions.offer(card, telling.server.reactions)
        self.bot.dispatch("card_offered", post)

    async def _speak(self, telling: Telling, post: Post, event: Event) -> Post:
        """Tell an event in the first of its places that is open."""
        is_first = event.kind in FIRST
        has_more = event.data.get("left_out", "0") != "0"
        if is_first and post.channel_id == post.card_channel_id and not has_more:
            return post  # the card itself is the message, and results reply to it
        if is_first and post.card_message_id is None:
            return post  # it was never put before anyone, and what became of it is told next
        post, sent = await self._speaker.say(telling, post, event)
        await announce.spoken(self.desk, event, channel_id=sent.channel.id, message_id=sent.id)
        return replace(post, origin_message_id=sent.id) if is_first else post

    async def _links(self, post: Post) -> Mapping[str, str]:
        card = self._speaker.card(post)
        return await attached.links(card, post) if card else {}


def _trouble(error: Exception) -> str:
    """Why something could not be told, for people: what Discord said, or that it was not there."""
    return f"Discord: {error}" if isinstance(error, discord.HTTPException) else "Discord is away."
