"""Connections as people see them: their list, how one answers, and the forms that take keys."""

from collections.abc import Mapping, Sequence

import discord
from discord import ui

from bot.domain.server import Account, Connection, ConnectionHealth
from bot.workflow.disconnect import Waiting
from bot.workflow.replace_key import Replaced
from bot.workflow.services import Services
from bot.workflow.try_out import Tried
from cogs.ui import forms, words

GREEN, BLUE = 0x2E9E5B, 0x2F7FD1

WAITING = {
    Waiting.MOVE: "Move it to the backups of its accounts",
    Waiting.CANCEL: "Cancel those posts, on all their accounts",
}
_POSTS_NAMED = 10

_HEALTH = {
    ConnectionHealth.GOOD: "✅ good",
    ConnectionHealth.AWAY: "⏳ its service could not be read",
    ConnectionHealth.REFUSED: "❌ its key is refused: `/provider replace-key`",
}


def listed(
    services: Services, connections: Sequence[Connection], accounts: Sequence[Account]
) -> discord.Embed:
    """Every connection of a server: its key's end, health, accounts, since when and by whom."""
    embed = discord.Embed(title="Connected services", colour=BLUE)
    lines = [_line(services, item, accounts) for item in connections]
    words.add_lines(embed, "Oldest first", lines or ["None yet: `/provider connect`."])
    return embed


def _line(services: Services, item: Connection, accounts: Sequence[Account]) -> str:
    mine = [account for account in accounts if account.connection_id == item.id]
    broken = sum(not account.usable for account in mine)
    told = f"{len(mine)} account{'s' * (len(mine) != 1)}"
    if broken:
        told += f", {broken} to be reconnected"
    since = discord.utils.format_dt(item.created_at, "D")
    name = words.escape(words.connection(services, item))
    return f"**{name}**\n{_health(item)} · {told} · since {since} by <@{item.created_by}>"


def _health(item: Connection) -> str:
    trouble = words.escape(words.clip(item.trouble.replace("\n", " "), 150))
    return f"{_HEALTH[item.health]}: {trouble}" if trouble else _HEALTH[item.health]


def tried(services: Services, found: Tried) -> discord.Embed:
    """How a connection answered."""
    embed = discord.Embed(title=words.connection(services, found.connection), colour=GREEN)
    embed.add_field(name="Answered after", value=f"{found.milliseconds} ms")
    if found.plan:
        embed.add_field(name="Plan", value=words.escape(found.plan.name) or "not told")
        if found.plan.left:
            embed.add_field(name="Left", value=words.escape("\n".join(found.plan.left)))
    _add_accounts(embed, found.accounts)
    return embed


def connected(services: Services, provider: str, accounts: Sequence[Account]) -> discord.Embed:
    """What a new key has opened."""
    label = services.capabilities(provider).label
    embed = discord.Embed(title=f"{label} is connected", colour=GREEN)
    _add_accounts(embed, accounts)
    return embed


def replaced(name: str, done: Replaced) -> discord.Embed:
    """What another key opens, and what it does not."""
    embed = discord.Embed(title=f"{name} has another key", colour=GREEN)
    _add_accounts(embed, done.accounts)
    if done.lost:
        lines = [f"⚠️ {words.escape(account.label)}" for account in done.lost]
        if done.endangered:
            lines.append(f"These posts wait for them: {posts(done.endangered)}.")
        words.add_lines(embed, "Not behind this key any more", lines)
    return embed


def _add_accounts(embed: discord.Embed, accounts: Sequence[Account]) -> None:
    none = ["None yet. Connect one there, then read them with `/account check`."]
    words.add_lines(embed, "Accounts", [words.account(item) for item in accounts] or none)


def posts(ids: Sequence[int]) -> str:
    """The numbers of posts, some of them where they are many."""
    named = ", ".join(str(post_id) for post_id in ids[:_POSTS_NAMED])
    more = f" and {len(ids) - _POSTS_NAMED} more" if len(ids) > _POSTS_NAMED else ""
    return named + more


def disconnected(name: str, ids: Sequence[int], waiting: Waiting | None) -> str:
    """That a connection is closed, and what became of what waited there."""
    said = (
        f"{words.escape(name)} is disconnected and its key forgotten; what went out stays listed."
    )
    if not ids or waiting is None:
        return said
    done = "moved to other accounts" if waiting is Waiting.MOVE else "cancelled"
    return f"{said} Posts {done}: {posts(ids)}."


def key_form(services: Services, connection: Connection, known: Mapping[str, str]) -> ui.Modal:
    """The form that takes another key; what is no secret stands in it already."""
    capabilities = services.capabilities(connection.provider)
    form = forms.connect_form(f"provider:replace:{connection.id}", capabilities, known=known)
    form.title = words.clip(f"Another key: {words.connection(services, connection)}", 45)
    return form
