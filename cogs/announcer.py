"""Speaking unasked: the one place that keeps cards true and tells what happened.

Every event of the outbox ends here. A send carries a nonce made from the event, so that Discord
itself swallows a repetition within minutes; whatever was tried before is looked for first.
"""

import asyncio
import io
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from typing import Any

import aiohttp
import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.event import SPOKEN, Event, EventKind
from bot.domain.media import Media
from bot.domain.post import Post
from bot.workflow import announce
from bot.workflow.announce import Telling
from cogs.ui import cards, words

log = logging.getLogger(__name__)

AT_ONCE = 10
LOOK_BACK = 200
"""Messages read when one of our own is looked for."""


async def setup(bot: Copydesk) -> None:
    """Load this cog and tick it."""
    announcer = Announcer(bot)
    await bot.add_cog(announcer)
    bot.scheduler.add("announce", announcer.tick)


class Announcer(commands.Cog):
    """Drains the outbox, each post's events in order."""

    def __init__(self, bot: Copydesk) -> None:
        self.bot = bot
        self.desk = bot.desk

    async def tick(self) -> None:
        """Tell everything that is to be told now."""
        if not self.bot.is_ready():
            return
        slots = asyncio.Semaphore(AT_ONCE)

        async def within_slots(telling: Telling) -> None:
            async with slots:
                await self._tell_or_wait(telling)

        tellings = await announce.take(self.desk)
        await asyncio.gather(*(within_slots(telling) for telling in tellings))

    async def _tell_or_wait(self, telling: Telling) -> None:
        try:
            await self._tell(telling)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.warning("Post %s cannot be told now: %s", telling.post.id, error)
            await announce.tell_later(self.desk, telling)
        except Exception:
            log.exception("Post %s cannot be told; it is tried again.", telling.post.id)
            await announce.tell_later(self.desk, telling)
        else:
            await announce.told(self.desk, telling)

    async def _tell(self, telling: Telling) -> None:
        is_new = any(event.kind is EventKind.REVIEW_ASKED for event in telling.events)
        post = telling.post
        if not is_new and post.card_message_id is None:
            return  # a draft that was discarded: nobody else ever saw it
        try:
            post = await self._show_card(telling)
        except (discord.NotFound, discord.Forbidden) as error:
            if is_new:
                raise  # nobody can decide on what nobody sees: it waits until the channel opens
            log.warning("The card of post %s cannot be shown: %s", post.id, error)
        if is_new:
            await self._add_reactions(post)
            self.bot.dispatch("card_offered", post)
        for event in telling.events:
            if event.kind in SPOKEN:
                post = await self._speak(telling, post, event)

    async def _show_card(self, telling: Telling) -> Post:
        """Make the card equal to the post, sending it when there is none; the post with it."""
        post = telling.post
        embed = cards.card(post, telling.deliveries, telling.server)
        if card := self._card(post):
            try:
                await card.edit(embed=embed)
            except discord.NotFound:
                log.warning("The card of post %s is gone; it is put back.", post.id)
            else:
                return post
        channel = self._channel(post, telling.server.approvals_channel_id)
        first = telling.events[0]
        sent = await self._find_sent(channel, cards.card_mark(post), first, telling.tries)
        if sent is None:
            files = await self._files(post)
            sent = await channel.send(embed=embed, files=files, nonce=f"card-{first.id}")
        await announce.card_sent(self.desk, post.id, channel_id=channel.id, message_id=sent.id)
        return replace(post, card_channel_id=channel.id, card_message_id=sent.id)

    async def _add_reactions(self, post: Post) -> None:
        """Offer both decisions; adding what is there already changes nothing."""
        if card := self._card(post):
            for emoji in (words.APPROVE, words.REJECT):
                await card.add_reaction(emoji)

    async def _speak(self, telling: Telling, post: Post, event: Event) -> Post:
        """Tell an event in the channel where the post began, or beside its card if that is gone."""
        if event.kind is EventKind.REVIEW_ASKED and post.channel_id == post.card_channel_id:
            return post  # the card itself is the message, and results reply to it
        embed = cards.announcement(event, post, telling.deliveries)
        try:
            sent = await self._say(telling, post, event, embed)
        except (discord.NotFound, discord.Forbidden) as error:
            log.warning("Post %s cannot be told where it began: %s", post.id, error)
            sent = await self._say(telling, _begun_at_card(post), event, embed)
        if event.kind is not EventKind.REVIEW_ASKED:
            return post
        await announce.origin_sent(self.desk, post.id, sent.id)
        return replace(post, origin_message_id=sent.id)

    async def _say(
        self, telling: Telling, post: Post, event: Event, embed: discord.Embed
    ) -> discord.Message:
        channel = self._channel(post, post.channel_id)
        sent = await self._find_sent(channel, cards.event_mark(event), event, telling.tries)
        if sent is not None:
            return sent
        answered = post.origin_message_id or (
            post.card_message_id if post.channel_id == post.card_channel_id else None
        )
        message: dict[str, Any] = {"embed": embed, "nonce": f"event-{event.id}"}
        if event.kind is not EventKind.REVIEW_ASKED:
            author = discord.Object(post.author_id)
            message["content"] = f"<@{post.author_id}>"
            message["allowed_mentions"] = discord.AllowedMentions(
                users=[author], replied_user=False
            )
        if answered is not None:
            message["reference"] = discord.MessageReference(
                message_id=answered, channel_id=channel.id, fail_if_not_exists=False
            )
        return await channel.send(**message)

    async def _find_sent(
        self, channel: discord.PartialMessageable, mark: str, event: Event, tries: int
    ) -> discord.Message | None:
        """Our own message from an earlier try, if there was one and it was heard."""
        if tries <= 1:
            return None
        since = event.at - timedelta(seconds=30)
        async for message in channel.history(after=since, limit=LOOK_BACK, oldest_first=True):
            is_ours = self.bot.user is not None and message.author.id == self.bot.user.id
            if is_ours and any(embed.footer.text == mark for embed in message.embeds):
                return message
        return None

    async def _files(self, post: Post) -> list[discord.File]:
        """The files of a post that fit into one message; the card names them all."""
        guild = self.bot.get_guild(post.server_id)
        room = guild.filesize_limit if guild else discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES
        files: list[discord.File] = []
        for media in post.content.media:
            room -= media.size
            if room < 0:
                break
            try:
                data = await self.desk.storage.read(post.server_id, media)
            except FileNotFoundError:
                log.error("The file %s of post %s is gone.", media.sha256, post.id)  # noqa: TRY400
                continue
            files.append(discord.File(io.BytesIO(data), filename=_file_name(media)))
        return files

    def _card(self, post: Post) -> discord.PartialMessage | None:
        if post.card_message_id is None:
            return None
        channel = self._channel(post, post.card_channel_id)
        return channel.get_partial_message(post.card_message_id)

    def _channel(self, post: Post, channel_id: int | None) -> discord.PartialMessageable:
        return self.bot.get_partial_messageable(channel_id or 0, guild_id=post.server_id)


def _begun_at_card(post: Post) -> Post:
    """The post as if it had begun where its card is."""
    return replace(post, channel_id=post.card_channel_id or 0, origin_message_id=None)


def _file_name(media: Media) -> str:
    """A name whose ending fits the content, so that Discord shows pictures and plays videos."""
    return f"{PurePath(media.filename).stem or 'file'}.{media.extension}"
