"""What is told of a post whose time is near and in whose way something is."""

import discord

from bot.domain.event import Event
from bot.domain.post import Post
from cogs.ui import words

MOST = 3000


def text(event: Event, post: Post) -> str:
    """What is in the way, one line each, with what to do about it."""
    due_at = post.content.due_at
    when = f" is to go out {discord.utils.format_dt(due_at, 'R')}" if due_at else ""
    found = [f"⚠️ {words.escape(line)}" for line in event.data.get("problems", "").splitlines()]
    return words.clip("\n".join([f"Post {post.id}{when}, and this is in the way:", *found]), MOST)
