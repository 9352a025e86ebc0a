"""What is suggested while someone types the argument of a command."""

from collections.abc import Sequence

from discord import app_commands

from bot.domain.post import Post
from bot.domain.server import Connection
from bot.workflow import browse
from bot.workflow import templates as kept
from bot.workflow.desk import Desk
from cogs.ui import cards, words

MOST = 25
"""Suggestions that Discord shows."""

NEWEST = 100
"""Posts among which is looked."""


async def posts(desk: Desk, server_id: int, typed: str) -> list[app_commands.Choice[int]]:
    """A server's posts by number or text, newest first."""
    shown = await browse.recent(desk, server_id=server_id, limit=NEWEST)
    return of_posts([item.post for item in shown], typed)


def of_posts(found: Sequence[Post], typed: str) -> list[app_commands.Choice[int]]:
    """Those of the posts that fit what was typed."""
    return _fitting([(cards.choice_name(post), post.id) for post in found], typed)


def connections(
    desk: Desk, found: Sequence[Connection], typed: str
) -> list[app_commands.Choice[int]]:
    """Those of the connections that fit what was typed."""
    return _fitting([(words.connection(desk.services, item), item.id) for item in found], typed)


async def templates(desk: Desk, server_id: int, typed: str) -> list[app_commands.Choice[str]]:
    """A server's templates that fit what was typed."""
    names = [each.name for each in await kept.find(desk, server_id)]
    return [
        app_commands.Choice(name=name, value=name)
        for name in names
        if typed.lower() in name.lower()
    ][:MOST]


def _fitting(named: Sequence[tuple[str, int]], typed: str) -> list[app_commands.Choice[int]]:
    return [
        app_commands.Choice(name=name, value=value)
        for name, value in named
        if typed.lower() in name.lower()
    ][:MOST]
