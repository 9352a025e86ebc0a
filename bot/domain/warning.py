"""When a post is checked ahead of its time. Pure; the clock is given."""

from datetime import datetime, timedelta

from bot.domain.post import Post

A_DAY, AN_HOUR = timedelta(hours=24), timedelta(hours=1)
"""How long before its time a post is checked."""


def mark_of(post: Post, now: datetime) -> int:
    """What a check made now stands for in `posts.warned`: 1 for that of a day before, 2 for that of
    an hour before, which makes up for both.
    """
    due_at = post.content.due_at
    return 2 if due_at is not None and due_at - now <= AN_HOUR else 1


def was_checked_then(post: Post, now: datetime) -> bool:
    """Whether a post was written after the moment of its check: all was well then, as it was taken."""
    due_at = post.content.due_at
    ahead = AN_HOUR if mark_of(post, now) == 2 else A_DAY
    return due_at is not None and post.created_at > due_at - ahead
