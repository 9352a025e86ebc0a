"""What is said of an event of a post in a channel or thread."""

from collections.abc import Sequence

import discord

from bot.domain.delivery import Delivery, DeliveryState, summary
from bot.domain.event import Event, EventKind
from bot.domain.post import Post, PostState
from cogs.ui import cards, decided, repeats, warned, words


def embed(event: Event, post: Post, deliveries: Sequence[Delivery]) -> discord.Embed:
    """What is told of an event in the channel where the post began."""
    told = discord.Embed(description=_told(event, post), colour=words.POST_COLOURS[post.state])
    told.set_footer(text=mark(event))
    if event.kind is EventKind.WARNED:
        told.colour = discord.Colour(words.POST_COLOURS[PostState.IN_REVIEW])
    if event.kind is EventKind.SETTLED:
        told.title = words.clip(f"Post {post.id}: {summary(deliveries)}", 256)
        told.colour = discord.Colour(_settled_colour(deliveries))
        words.add_lines(
            told, "Accounts", [cards.delivery_line(delivery) for delivery in deliveries]
        )
    return told


def mark(event: Event) -> str:
    """What an announcement is recognised by when it is looked for."""
    return f"Post {event.post_id} · event {event.id}"


def _told(event: Event, post: Post) -> str:
    text = words.escape(words.clip(post.content.caption.replace("\n", " ") or "no text", 200))
    match event.kind:
        case EventKind.REVIEW_ASKED:
            return _asked(post, text)
        case kind if kind in decided.KINDS:
            return decided.text(event, post, cards.card_link(post), text)
        case EventKind.SHARED:
            return f"<@{event.actor_id}> asks you to write draft {post.id} together."
        case EventKind.CANCELLED:
            end = " It repeats no more." if event.data.get("following") else ""
            return (
                f"<@{event.actor_id}> cancelled post {post.id}: what had not left stays here.{end}"
            )
        case EventKind.RESCHEDULED:
            when = words.moment(post.content.due_at)
            return f"<@{event.actor_id}> moved post {post.id}: it goes out {when}.\n> {text}"
        case EventKind.WARNED:
            return warned.text(event, post)
        case EventKind.REPEATED:
            return repeats.told(event, post, cards.card_link(post), text)
        case _:
            return f"> {text}"


def _asked(post: Post, text: str) -> str:
    if post.state is PostState.APPROVED and post.decided_by is None:
        return (
            f"<@{post.author_id}>'s post {post.id} needs no approval here: "
            f"[its card]({cards.card_link(post)}).\n> {text}"
        )
    return (
        f"<@{post.author_id}>'s post {post.id} waits for approval: [its card]({cards.card_link(post)})"
        f" in <#{post.card_channel_id}>.\n> {text}"
    )


def _settled_colour(deliveries: Sequence[Delivery]) -> int:
    states = {delivery.state for delivery in deliveries}
    if states & {DeliveryState.FAILED, DeliveryState.MISSED}:
        return 0xC0392B
    return 0xE0A526 if DeliveryState.UNKNOWN in states else 0x2E9E5B
