"""Posts and templates in one line each, as they are listed and chosen from."""

from collections.abc import Sequence

import discord

from bot.domain.delivery import Delivery, summary
from bot.domain.post import Post, PostState
from bot.domain.template import Template
from cogs.ui import words


def choice_name(post: Post, reader_id: int | None = None) -> str:
    """A post in a list to choose from, in at most 100 characters; a draft that is another's than
    the reader's says that it is shared.
    """
    text = post.content.caption.replace("\n", " ") or post.content.title or "no text"
    whose = " shared with you" if _is_shared(post, reader_id) else ""
    return words.clip(f"{post.id} · {post.state.words}{whose} · {text}", 100)


def list_line(post: Post, deliveries: Sequence[Delivery], reader_id: int | None = None) -> str:
    """A post in one line; a draft that is another's than the reader's says whose it is."""
    state = summary(deliveries) if deliveries else post.state.words
    text = words.escape(words.clip(post.content.caption.replace("\n", " ") or "no text", 60))
    due = post.content.due_at
    when = f" · {discord.utils.format_dt(due, 'f')}" if due else ""
    whose = f" · shared by <@{post.author_id}>" if _is_shared(post, reader_id) else ""
    return f"**{post.id}** · {state}{whose}{when} · {text}"


def template_line(template: Template) -> str:
    """A template in one line."""
    content = template.content
    text = content.caption.replace("\n", " ") or content.title or "no text"
    accounts = ", ".join(target.label for target in content.targets) or "no account"
    files = f" · {len(content.media)} files" if content.media else ""
    told = f"{words.clip(text, 60)} · {words.clip(accounts, 100)}{files}"
    return f"**{words.escape(template.name)}** · {words.escape(told)}"


def _is_shared(post: Post, reader_id: int | None) -> bool:
    """Whether a draft is another's, who shared it."""
    return post.state is PostState.DRAFT and reader_id not in (None, post.author_id)
