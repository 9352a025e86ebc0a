"""What a post looks like: its card, and its parts in lists. Pure functions."""

from collections.abc import Sequence

import discord

from bot.domain.approval import Ballot
from bot.domain.delivery import OPEN, Delivery, DeliveryState, summary
from bot.domain.media import Media
from bot.domain.post import Post, PostState, Revision, Source, Target
from bot.domain.server import Server
from bot.workflow import timing
from cogs.ui import ballots, cover_words, named, own_texts, repeats, words
from providers.catalogue import PROVIDERS

NO_VOTES = Ballot()

LEAST_FOR_VOTES, ROOM_FOR_ACCOUNTS = 300, 1400
"""Characters of a full card: the fewest for votes and rules, and those they leave to the rest."""

ROOM_FOR_FILES = 300
"""Characters of a full card that accounts leave to the names of files."""


def card(
    post: Post, deliveries: Sequence[Delivery], server: Server, ballot: Ballot = NO_VOTES
) -> discord.Embed:
    """The message that shows a post: text, accounts, time, author, where it stands, its votes and
    the rules they are counted by.
    """
    content = post.content
    title = f" · {words.escape(content.title)}" if content.title else ""
    embed = discord.Embed(
        title=words.clip(f"Post {post.id}{title}", 256),
        description=words.verbatim(content.caption, 4096) or "*no text*",
        colour=words.POST_COLOURS[post.state],
    ).set_footer(text=card_mark(post))
    stands = words.clip(standing(post, deliveries, server, ballot), 1024)
    embed.add_field(name="Where it stands", value=stands, inline=False)
    embed.add_field(name="When", value=words.moment(content.due_at))
    embed.add_field(name="Author", value=words.clip(ballots.written_by(post), 1024))
    if votes := ballots.lines(post, ballot, server):
        shown = ballots.short(votes, _room_for_votes(embed))
        embed.add_field(name="Approval", value=shown, inline=False)
    if told := repeats.lines(content, goes_on=post.pattern is not None):
        embed.add_field(name="Repeats", value="\n".join(told), inline=False)
    files = [*map(file_line, content.media), *cover_words.lines(content)]
    chosen = {target.account_id: named.behind(target) for target in content.targets}
    accounts = [
        delivery_line(delivery, chosen.get(delivery.target.account_id, ""))
        for delivery in deliveries
    ]
    accounts = accounts or [target_line(target, content) for target in content.targets]
    words.add_lines(embed, "Own texts", own_texts.lines(content), keep=ROOM_FOR_ACCOUNTS)
    words.add_lines(embed, "Accounts", accounts, keep=ROOM_FOR_FILES if files else 0)
    words.add_lines(embed, "Files", files)
    if content.clip:
        embed.add_field(name="Clip", value=words.escape(content.clip.label), inline=False)
    if post.source:
        embed.add_field(name="Begun from", value=source_line(post.source), inline=False)
    return embed


def source_line(source: Source) -> str:
    """What a post was begun from."""
    if source.author_id is None:
        return f"[an earlier post]({source.link})"
    return f"[a message]({source.link}) by <@{source.author_id}>"


def target_line(target: Target, content: Revision) -> str:
    """One account of a post nobody approved yet: what is chosen for it, and who keeps its time."""
    capabilities = PROVIDERS[target.provider].capabilities
    shown = words.target(target) + named.behind(target) + cover_words.at(target, content)
    shown += words.backup(target)
    if not timing.is_kept_there(capabilities, content):
        return shown
    told = f"{shown} · {capabilities.label} gets it early and keeps the time"
    if capabilities.cancels and capabilities.reschedules:
        return told
    missing = [
        done
        for done, can in (("taken back", capabilities.cancels), ("moved", capabilities.reschedules))
        if not can
    ]
    return f"{told}; from then on it cannot be {' or '.join(missing)} from here"


def file_line(media: Media) -> str:
    """One file of a post."""
    return f"{words.code(media.filename)} · {words.size(media.size)}"


def card_mark(post: Post) -> str:
    """What a card is recognised by when it is looked for."""
    return f"Post {post.id} · revision {post.content.number}"


def _room_for_votes(embed: discord.Embed) -> int:
    """Characters for votes and rules: more where the text is short."""
    return max(LEAST_FOR_VOTES, min(1000, 6000 - len(embed) - ROOM_FOR_ACCOUNTS))


def standing(
    post: Post, deliveries: Sequence[Delivery], server: Server, ballot: Ballot = NO_VOTES
) -> str:
    """One sentence on where a post stands and what it waits for."""
    when = f" {discord.utils.format_dt(post.decided_at, 'R')}" if post.decided_at else ""
    who = f"<@{post.decided_by}>{when}"
    match post.state:
        case PostState.DRAFT:
            return "A draft: nobody was asked yet."
        case PostState.IN_REVIEW:
            return ballots.waits_for(post, ballot, server)
        case PostState.APPROVED:
            paused = " · paused" if any(delivery.paused for delivery in deliveries) else ""
            approved = f"No approval was needed{when}"
            if post.decided_by:
                approved = f"Approved by {ballots.approvers(post, ballot, server)}{when}"
            return f"{approved} · {summary(deliveries)}{paused}."
        case PostState.CHANGES_REQUESTED:
            return f"Changes requested by {who}: whoever wrote it makes them with “Change it”."
        case PostState.CANCELLED if any(d.state in OPEN or d.attempts for d in deliveries):
            return f"Cancelled by {who}, in part after it left · {summary(deliveries)}."
        case PostState.EXPIRED:
            return (
                "Expired: its time came before a decision, so it did not go out. An approver can "
                "still let it go out: now, at the next free slot, or at a new time; “Ask again” asks "
                "everyone for a new time."
            )
        case _:
            return f"{post.state.words.capitalize()} by {who}."


def delivery_line(delivery: Delivery, chosen: str = "") -> str:
    """One account of a post with what is `chosen` there, and what became of it, with its link or its
    reason and remedy.
    """
    mark, state = _mark_and_state(delivery)
    line = f"{mark} {words.target(delivery.target)}{chosen} · {state}"
    if delivery.link:
        line += f" · [open]({delivery.link})"
    if delivery.state is DeliveryState.WAITING:
        line += words.backup(delivery.target)
    if delivery.takeover:
        via = words.service(delivery.target)
        line += f" · moved to its backup via {via} because: {words.escape(delivery.takeover)}"
    told = " ".join(part for part in (delivery.reason, delivery.remedy) if part)
    return f"{line} · {words.escape(told)}" if told else line


def _mark_and_state(delivery: Delivery) -> tuple[str, str]:
    if delivery.paused:
        return words.PAUSED, "paused"
    if delivery.disconnected:
        return words.DISCONNECTED, "held until its account is connected again"
    return words.DELIVERY_MARKS[delivery.state], delivery.state.words


def card_link(post: Post) -> str:
    """The address of a post's card."""
    return words.message_link(post.server_id, post.card_channel_id, post.card_message_id)
