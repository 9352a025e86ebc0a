"""Where a post is told of, and what Discord says when a place is closed to us."""

from enum import StrEnum

import discord

from bot.domain.event import EventKind
from bot.domain.post import Post
from bot.domain.server import Server
from cogs.ui import words

ARCHIVED_AFTER = 1440
"""Minutes until a silent thread is archived: a server has at most 1,000 that are not. Whoever
writes into an archived thread opens it again.
"""
_HAS_A_THREAD = 160004


class Place(StrEnum):
    """A place where a post is told of."""

    ORIGIN = "origin"  # the channel where it began
    THREAD = "thread"  # its own thread, under its card
    CARD = "card"  # beside its card
    FALLBACK = "fallback"  # where is told what can be told nowhere else


_IN_THREAD = (Place.THREAD, Place.CARD, Place.ORIGIN, Place.FALLBACK)
_TOLD_IN: dict[EventKind, tuple[Place, ...]] = {
    EventKind.SHARED: (Place.ORIGIN, Place.FALLBACK),
    EventKind.REVIEW_ASKED: (Place.ORIGIN, Place.CARD, Place.FALLBACK),
    EventKind.WARNED: _IN_THREAD,
    EventKind.REMINDED: _IN_THREAD,
    EventKind.ESCALATED: _IN_THREAD,
    EventKind.CHANGES_ASKED: _IN_THREAD,
    EventKind.HELD: _IN_THREAD,
    EventKind.RELEASED: _IN_THREAD,
}
_ELSE_TOLD_IN = (Place.ORIGIN, Place.THREAD, Place.CARD, Place.FALLBACK)


def places_for(kind: EventKind, post: Post, server: Server) -> list[Place]:
    """The places where a kind of event is told, the next one where the one before is closed."""
    order = _TOLD_IN.get(kind, _ELSE_TOLD_IN)
    is_there = {
        Place.ORIGIN: True,
        Place.THREAD: post.card_message_id is not None,
        Place.CARD: post.card_channel_id is not None,
        Place.FALLBACK: server.fallback_channel_id is not None,
    }
    return [place for place in order if is_there[place]]


def channel_id(place: Place, post: Post, server: Server) -> int:
    """The channel or thread of a place. A thread made from a message has the message's id."""
    ids = {
        Place.ORIGIN: post.channel_id,
        Place.THREAD: post.thread_id or post.card_message_id,
        Place.CARD: post.card_channel_id,
        Place.FALLBACK: server.fallback_channel_id,
    }
    return ids[place] or 0


def answered(place: Place, post: Post) -> int | None:
    """The message that is replied to there, if there is one."""
    if place is Place.CARD or (
        place is Place.ORIGIN
        and post.channel_id == post.card_channel_id
        and post.origin_message_id is None
    ):
        return post.card_message_id
    return post.origin_message_id if place is Place.ORIGIN else None


async def make_thread(post: Post, card: discord.Message | discord.PartialMessage) -> int:
    """Begin the thread of a post under its card, or find that it was begun; its id."""
    caption = post.content.caption.replace("\n", " ") or post.content.title
    name = words.clip(f"Post {post.id} · {caption}" if caption else f"Post {post.id}", 100)
    try:
        made = await card.create_thread(name=name, auto_archive_duration=ARCHIVED_AFTER)
    except discord.HTTPException as error:
        if error.code != _HAS_A_THREAD:
            raise
        return card.id
    return made.id


def is_closed(error: Exception) -> bool:
    """Whether Discord refused for good: what it would refuse again until someone changes something.

    Rate limits, its own failures and broken connections pass.
    """
    return isinstance(error, discord.HTTPException) and (
        400 <= error.status < 500 and error.status != 429
    )
