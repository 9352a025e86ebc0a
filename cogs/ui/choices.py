"""What is suggested while someone types the argument of a command."""

from collections.abc import Sequence

from discord import app_commands

from bot.domain.post import Post
from bot.domain.server import Connection
from bot.workflow import backups, browse, connect, sets
from bot.workflow import templates as kept
from bot.workflow.desk import Desk
from cogs.ui import lists, words

MOST = 25
"""Suggestions that Discord shows."""

NEWEST = 100
"""Posts among which is looked."""


async def posts(
    desk: Desk, server_id: int, reader_id: int, typed: str
) -> list[app_commands.Choice[int]]:
    """A server's posts by number or text, newest first, without drafts that only
    others write.
    """
    shown = await browse.recent(desk, server_id=server_id, limit=NEWEST, reader_id=reader_id)
    return of_posts([item.post for item in shown], typed, reader_id)


def of_posts(found: Sequence[Post], typed: str, reader_id: int) -> list[app_commands.Choice[int]]:
    """Those of the posts that fit what was typed."""
    return _fitting([(lists.choice_name(post, reader_id), post.id) for post in found], typed)


def connections(
    desk: Desk, found: Sequence[Connection], typed: str
) -> list[app_commands.Choice[int]]:
    """Those of the connections that fit what was typed."""
    return _fitting([(words.connection(desk.services, item), item.id) for item in found], typed)


async def accounts(desk: Desk, server_id: int, typed: str) -> list[app_commands.Choice[int]]:
    """A server's accounts that fit what was typed."""
    known = await connect.accounts(desk, server_id)
    return _fitting([(item.label, item.id) for item in known], typed)


async def backups_for(
    desk: Desk, server_id: int, account_id: str, typed: str
) -> list[app_commands.Choice[int]]:
    """The accounts that may stand in for another, and fit what was typed."""
    known = await connect.accounts(desk, server_id)
    chosen = next((item for item in known if str(item.id) == account_id), None)
    fit = [item for item in known if chosen and backups.may_stand_in(chosen, item)]
    return _fitting([(item.label, item.id) for item in fit], typed)


def platforms(
    desk: Desk, found: Sequence[Connection], typed: str
) -> list[app_commands.Choice[str]]:
    """The platforms that these connections connect from here, and that fit what was typed."""
    offered = {
        platform
        for item in found
        for platform in desk.services.capabilities(item.provider).connectable
    }
    return [
        app_commands.Choice(name=platform.label, value=platform.value)
        for platform in sorted(offered, key=lambda platform: platform.label)
        if typed.lower() in platform.label.lower()
    ][:MOST]


async def account_sets(desk: Desk, server_id: int, typed: str) -> list[app_commands.Choice[str]]:
    """A server's account sets that fit what was typed."""
    return [
        app_commands.Choice(name=item.name, value=item.name)
        for item in await sets.find(desk, server_id)
        if typed.lower() in item.name.lower()
    ][:MOST]


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
        app_commands.Choice(name=words.clip(name, 100), value=value)
        for name, value in named
        if typed.lower() in name.lower()
    ][:MOST]
