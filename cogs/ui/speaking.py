"""Saying what happened to a post, once, in the first of its places that is open."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord

from bot.client import Copydesk
from bot.domain.event import FIRST, Event, EventKind
from bot.domain.post import Post, PostState
from bot.workflow import announce
from bot.workflow.announce import Telling
from cogs.ui import (
    announcement,
    ballots,
    cards,
    decided,
    own_messages,
    places,
    reminded,
    sharing,
    trouble,
    voting,
)
from cogs.ui.places import Place

log = logging.getLogger(__name__)


class Speaker:
    """Sends the messages of events, and finds those that were sent."""

    def __init__(self, bot: Copydesk) -> None:
        self._bot = bot

    async def say(self, telling: Telling, post: Post, event: Event) -> tuple[Post, discord.Message]:
        """Send the message of an event, or find it sent, and give the post with its thread.

        Raises what the last place said when every place is closed.
        """
        open_to = places.places_for(event.kind, post, telling.server)
        channels = [self._place(place, telling, post) for place in open_to]
        found = await self.find_sent(channels, announcement.mark(event), telling, event)
        if found is not None:
            return post, found
        for place in open_to:
            try:
                if place is Place.THREAD and post.thread_id is None:
                    post = await self._with_thread(post)
                return post, await self._send(telling, post, event, place)
            except discord.HTTPException as error:
                if not places.is_closed(error) or place is open_to[-1]:
                    raise
                log.warning("Post %s cannot be told in its %s: %s", post.id, place, error)
        raise AssertionError("every event has a place")

    async def invite(self, telling: Telling) -> None:
        """Tell those with whom a draft was shared, while it is one."""
        for event in telling.events:
            if event.kind is EventKind.SHARED and telling.post.state is PostState.DRAFT:
                await self.say(telling, telling.post, event)
                await announce.told(self._bot.desk, telling, event)

    async def find_sent(
        self,
        channels: Sequence[discord.PartialMessageable],
        mark: str,
        telling: Telling,
        event: Event,
    ) -> discord.Message | None:
        """Our own message from an earlier try, if there was one and it was heard."""
        if telling.tries <= 1 or self._bot.user is None:
            return None
        after = own_messages.since(event, telling.post)
        for channel in channels:
            try:
                found = await own_messages.find(channel, self._bot.user.id, mark, after)
            except discord.HTTPException as error:
                if not places.is_closed(error):
                    raise
                continue
            if found is not None:
                return found
        return None

    async def retire(self, post: Post, event: Event) -> None:
        """Say on the card that a post had before it was changed that it counts no more."""
        if "old_card" not in event.data:
            return
        channel_id, message_id = (int(part) for part in event.data["old_card"].split("/"))
        card = self.channel(post, channel_id).get_partial_message(message_id)
        try:
            await card.edit(embed=decided.replaced(post, cards.card_link(post)), view=None)
        except discord.HTTPException as error:
            if not places.is_closed(error):
                raise
            log.warning("The old card of post %s stays: %s", post.id, error)

    def card(self, post: Post) -> discord.PartialMessage | None:
        """The card of a post, if it has one."""
        if post.card_message_id is None:
            return None
        return self.channel(post, post.card_channel_id).get_partial_message(post.card_message_id)

    def channel(self, post: Post, channel_id: int | None) -> discord.PartialMessageable:
        """A channel of the post's server."""
        return self._bot.get_partial_messageable(channel_id or 0, guild_id=post.server_id)

    def _place(self, place: Place, telling: Telling, post: Post) -> discord.PartialMessageable:
        return self.channel(post, places.channel_id(place, post, telling.server))

    async def _with_thread(self, post: Post) -> Post:
        """The post with its thread, which is begun when something is first said in it."""
        card = self.card(post)
        if card is None:
            return post
        thread_id = await places.make_thread(post, card)
        await announce.thread_made(self._bot.desk, post.id, thread_id)
        return replace(post, thread_id=thread_id)

    async def _send(
        self, telling: Telling, post: Post, event: Event, place: Place
    ) -> discord.Message:
        channel = self._place(place, telling, post)
        message: dict[str, Any] = {"nonce": f"event-{event.id}"}
        if event.kind in reminded.KINDS:
            needed = reminded.needed(ballots.where(post, telling.ballot, telling.server))
            embed = reminded.embed(event, telling, post, cards.card_link(post))
            message["embed"] = embed.set_footer(text=announcement.mark(event))
            message |= {"content": needed.mentions, "allowed_mentions": needed.pinged}
        else:
            message["embed"] = announcement.embed(event, post, telling.deliveries)
        if event.kind is EventKind.SETTLED and (
            view := trouble.button(post.id, telling.deliveries)
        ):
            message["view"] = view
        if event.kind is EventKind.EXPIRED and post.state is PostState.EXPIRED:
            message["view"] = voting.buttons(("again",), post.id, post.content.number)
        if event.kind is EventKind.SHARED:
            content, pinged, view = sharing.invitation(event)
            message |= {"content": content, "allowed_mentions": pinged, "view": view}
        elif event.kind not in FIRST | reminded.KINDS:
            author = discord.Object(post.author_id)
            message["content"] = f"<@{post.author_id}>"
            message["allowed_mentions"] = discord.AllowedMentions(
                users=[author], replied_user=False
            )
        if replied_to := places.answered(place, post):
            message["reference"] = discord.MessageReference(
                message_id=replied_to, channel_id=channel.id, fail_if_not_exists=False
            )
        return await channel.send(**message)
