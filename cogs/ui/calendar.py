"""What goes out when, as people read it: day by day, and slot by slot."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import discord

from bot.domain.delivery import summary
from bot.domain.post import PostState
from bot.domain.server import Server
from bot.workflow.queue import Entry, Slot
from cogs.ui import words

_COLOUR = 0x2F7FD1


def days(entries: Sequence[Entry], server: Server) -> discord.Embed:
    """The posts of the coming days, under the days of the server's zone."""
    embed = discord.Embed(
        title="What goes out in the coming two weeks",
        description=f"Days are those of {words.escape(server.zone)}, times are your own.",
        colour=_COLOUR,
    )
    lines: list[str] = []
    day = ""
    for entry in entries:
        name = f"{entry.at.astimezone(ZoneInfo(server.zone)):%a %d %b}"
        if name != day:
            lines.append(f"__{name}__")
            day = name
        lines.append(f"{discord.utils.format_dt(entry.at, 't')} · {_entry(entry)}")
    words.add_lines(embed, "Posts", lines or ["None yet: write one with `/post new`."])
    return embed


def slots(coming: Sequence[Slot]) -> discord.Embed:
    """The coming slots, and what is in them."""
    embed = discord.Embed(title="The next slots", colour=_COLOUR)
    lines = [
        f"{words.moment(slot.at)} · {' · '.join(map(_entry, slot.entries)) or 'free'}"
        for slot in coming
    ]
    none = "This server has none: an admin sets them with `/desk settings`."
    words.add_lines(embed, "Slots", lines or [none])
    return embed


def _entry(entry: Entry) -> str:
    post = entry.post
    text = words.escape(words.clip(post.content.caption.replace("\n", " ") or "no text", 40))
    if entry.is_repeat:
        return f"**{post.id}** repeated · {text}"
    waits = post.state is PostState.IN_REVIEW
    return (
        f"**{post.id}** · {'waits for approval' if waits else summary(entry.deliveries)} · {text}"
    )
