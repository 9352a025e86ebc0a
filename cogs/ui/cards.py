"""What a post looks like: its card, its line in a list, and what is told of it. Pure functions."""

from collections.abc import Sequence

import discord

from bot.domain.delivery import OPEN, Delivery, DeliveryState, summary
from bot.domain.event import Event, EventKind
from bot.domain.post import Post, PostState
from bot.domain.server import Server
from cogs.ui import words

ROOM_FOR_FILES = 300
"""Characters of a full card that accounts leave to the names of files."""


def card(post: Post, deliveries: Sequence[Delivery], server: Server) -> discord.Embed:
    """The message that shows a post: text, accounts, time, author and where it stands."""
    content = post.content
    title = f" · {words.escape(content.title)}" if content.title else ""
    embed = discord.Embed(
        title=words.clip(f"Post {post.id}{title}", 256),
        description=words.verbatim(content.caption, 4096) or "*no text*",
        colour=words.POST_COLOURS[post.state],
    ).set_footer(text=card_mark(post))
    embed.add_field(name="Where it stands", value=standing(post, deliveries, server), inline=False)
    embed.add_field(name="When", value=words.moment(content.due_at))
    embed.add_field(name="Author", value=f"<@{post.author_id}>")
    files = [f"{words.code(media.filename)} · {words.size(media.size)}" for media in content.media]
    accounts = [delivery_line(delivery) for delivery in deliveries]
    accounts = accounts or [words.target(target) for target in content.targets]
    words.add_lines(embed, "Accounts", accounts, keep=ROOM_FOR_FILES if files else 0)
    words.add_lines(embed, "Files", files)
    return embed


def card_mark(post: Post) -> str:
    """What a card is recognised by when it is looked for."""
    return f"Post {post.id} · revision {post.content.number}"


def event_mark(event: Event) -> str:
    """What an announcement is recognised by when it is looked for."""
    return f"Post {event.post_id} · event {event.id}"


def standing(post: Post, deliveries: Sequence[Delivery], server: Server) -> str:
    """One sentence on where a post stands and what it waits for."""
    who = f"<@{post.decided_by}>"
    match post.state:
        case PostState.DRAFT:
            return "A draft: nobody was asked yet."
        case PostState.IN_REVIEW:
            return (
                f"Waits for <@&{server.approver_role_id}>: "
                f"{words.APPROVE} approves, {words.REJECT} rejects."
            )
        case PostState.APPROVED:
            return f"Approved by {who} · {summary(deliveries)}."
        case PostState.CANCELLED if any(d.state in OPEN or d.attempts for d in deliveries):
            return f"Cancelled by {who}, in part after it left · {summary(deliveries)}."
        case PostState.EXPIRED:
            return "Expired: its time came before a decision, so it did not go out."
        case _:
            return f"{post.state.words.capitalize()} by {who}."


def delivery_line(delivery: Delivery) -> str:
    """One account of a post: what became of it, with its link or its reason and remedy."""
    mark = words.DELIVERY_MARKS[delivery.state]
    line = f"{mark} {words.target(delivery.target)} · {delivery.state.words}"
    if delivery.link:
        line += f" · [open]({delivery.link})"
    told = " ".join(part for part in (delivery.reason, delivery.remedy) if part)
    return f"{line} · {words.escape(told)}" if told else line


def list_line(post: Post, deliveries: Sequence[Delivery]) -> str:
    """A post in one line."""
    state = summary(deliveries) if deliveries else post.state.words
    text = words.escape(words.clip(post.content.caption.replace("\n", " ") or "no text", 60))
    due = post.content.due_at
    when = f" · {discord.utils.format_dt(due, 'f')}" if due else ""
    return f"**{post.id}** · {state}{when} · {text}"


def announcement(event: Event, post: Post, deliveries: Sequence[Delivery]) -> discord.Embed:
    """What is told of an event in the channel where the post began."""
    embed = discord.Embed(description=_told(event, post), colour=words.POST_COLOURS[post.state])
    embed.set_footer(text=event_mark(event))
    if event.kind is EventKind.SETTLED:
        embed.title = words.clip(f"Post {post.id}: {summary(deliveries)}", 256)
        embed.colour = discord.Colour(_settled_colour(deliveries))
        words.add_lines(embed, "Accounts", [delivery_line(delivery) for delivery in deliveries])
    return embed


def _told(event: Event, post: Post) -> str:
    card_link = f"https://discord.com/channels/{post.server_id}/{post.card_channel_id}/{post.card_message_id}"
    text = words.escape(words.clip(post.content.caption.replace("\n", " ") or "no text", 200))
    match event.kind:
        case EventKind.REVIEW_ASKED:
            return (
                f"<@{post.author_id}>'s post {post.id} waits for approval: [its card]({card_link})"
                f" in <#{post.card_channel_id}>.\n> {text}"
            )
        case EventKind.REJECTED:
            return f"<@{event.actor_id}> rejected post {post.id}. It does not go out.\n> {text}"
        case EventKind.CANCELLED:
            return f"<@{event.actor_id}> cancelled post {post.id}: what had not left stays here."
        case EventKind.EXPIRED:
            return (
                f"Post {post.id} expired: its time came before a decision. It did not go out; "
                f"write it anew with `/post new`.\n> {text}"
            )
        case _:
            return f"> {text}"


def _settled_colour(deliveries: Sequence[Delivery]) -> int:
    states = {delivery.state for delivery in deliveries}
    if states & {DeliveryState.FAILED, DeliveryState.MISSED}:
        return 0xC0392B
    return 0xE0A526 if DeliveryState.UNKNOWN in states else 0x2E9E5B
