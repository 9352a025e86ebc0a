"""The list of accounts, and the form of a set: pure functions."""

from collections.abc import Container, Mapping, Sequence

import discord
from discord import ui

from bot.domain.server import Account, AccountHealth, AccountSet
from bot.errors import Problem
from bot.workflow.accounts import Listed
from bot.workflow.services import Services
from cogs.ui import account_items, sent_form, words
from cogs.ui.account_items import MOST_OPTIONS, AccountButton

PER_PAGE = 8
"""Accounts of one message: each is an embed of its own, with its picture; Discord shows ten."""

SELECTS = 5
"""Selects of a form."""

_COLOURS = {
    AccountHealth.GOOD: 0x2E9E5B,
    AccountHealth.EXPIRING: 0xE0A526,
    AccountHealth.EXPIRED: 0xC0392B,
    AccountHealth.GONE: 0x5D6470,
}


def pages(count: int) -> int:
    """How many pages so many accounts take."""
    return max(1, -(-count // PER_PAGE))


def page(
    listed: Sequence[Listed], number: int, services: Services, problems: Sequence[Problem] = ()
) -> tuple[list[discord.Embed], ui.View]:
    """One page of the list, counted from 0, and its buttons; `problems` came up while reading."""
    last = pages(len(listed)) - 1
    number = min(max(number, 0), last)
    names = {item.account.id: _via(item, services) for item in listed}
    shown = listed[number * PER_PAGE : (number + 1) * PER_PAGE]
    head = _head(listed, number, last, problems)
    embeds = [head, *(_entry(item, services, names) for item in shown)]
    buttons = [AccountButton("refresh", number)]
    if number > 0:
        buttons.append(AccountButton("page", number - 1, label="Back"))
    if number < last:
        buttons.append(AccountButton("page", number + 1, label="More"))
    return embeds, account_items.view(*buttons)


def _head(
    listed: Sequence[Listed], number: int, last: int, problems: Sequence[Problem]
) -> discord.Embed:
    broken = sum(not item.account.health.is_usable for item in listed)
    said = f"{len(listed)} connected" if listed else "None is connected: see /account connect."
    said += f", {broken} of them to be connected again" if broken else ""
    embed = discord.Embed(title="Accounts", description=said, colour=0x2F7FD1)
    for problem in problems[:4]:
        told = words.clip(f"{problem.message} {problem.remedy}", 200)
        embed.add_field(
            name=f"⚠️ {problem.field} could not be read",
            value=words.clip(words.escape(told), 220),
            inline=False,
        )
    if last:
        embed.set_footer(text=f"Page {number + 1} of {last + 1}")
    return embed


def _entry(item: Listed, services: Services, names: Mapping[int, str]) -> discord.Embed:
    account = item.account
    text = words.clip(_text(item, services, names), 480)  # eight of them stay within 6,000
    embed = discord.Embed(description=text, colour=_COLOURS[account.health])
    picture = account.avatar_url if account.avatar_url.startswith("https://") else None
    return embed.set_author(name=words.clip(account.label, 80), icon_url=picture)


def _text(item: Listed, services: Services, names: Mapping[int, str]) -> str:
    account = item.account
    mark, trouble = words.HEALTHS[account.health]
    first = [f"{mark} {trouble or 'good'}", f"@{words.escape(words.clip(account.username, 60))}"]
    if account.followers is not None:
        first.append(f"{account.followers:,} followers")
    kinds = ", ".join(kind.value for kind in item.kinds) or "nothing from here"
    via = words.escape(words.clip(words.connection(services, item.connection), 80))
    lines = [" · ".join(first), f"Takes {kinds} · via {via}"]
    if use := item.next_use:
        when = discord.utils.format_dt(use.due_at, "R")
        held = "" if account.health.is_usable else ", held until it is connected again"
        lines.append(f"Next: post {use.post_id} {when}{held}")
    if account.backup_id is not None and account.backup_id in names:
        lines.append(f"Backup: {words.escape(words.clip(names[account.backup_id], 100))}")
    return "\n".join(lines)


def _via(item: Listed, services: Services) -> str:
    return f"{item.account.unmarked.label} via {words.connection(services, item.connection)}"


def set_form(
    custom_id: str, name: str, accounts: Sequence[Account], kept: AccountSet | None
) -> ui.Modal:
    """The form of a set: its accounts, those in it first; as many as a form can offer."""
    form = ui.Modal(title=words.clip(name, 45), custom_id=custom_id)
    inside = set(kept.account_ids) if kept else set[int]()
    ordered = sorted(accounts, key=lambda account: (account.id not in inside, account.id))
    for part in range(min(SELECTS, -(-len(ordered) // MOST_OPTIONS))):
        offered = ordered[part * MOST_OPTIONS : (part + 1) * MOST_OPTIONS]
        label = "More accounts" if part else "Accounts"
        form.add_item(ui.Label(text=label, component=_select(part, offered, inside)))
    return form


def _select(part: int, offered: Sequence[Account], inside: Container[int]) -> ui.Select[ui.Modal]:
    options = [
        discord.SelectOption(
            label=words.clip(account.label, 100),
            value=str(account.id),
            default=account.id in inside,
        )
        for account in offered
    ]
    return ui.Select(
        custom_id=f"accounts-{part}",
        options=options,
        min_values=0,
        max_values=len(options),
        required=False,
    )


def chosen(answered: sent_form.Answers) -> list[int]:
    """The accounts that were chosen in the form of a set."""
    parts = [values for name, values in sorted(answered.choices.items()) if "accounts-" in name]
    return [int(value) for values in parts for value in values]


def kept(item: AccountSet) -> str:
    """That a set is kept."""
    count = f"{len(item.account_ids)} account{'s' * (len(item.account_ids) != 1)}"
    return f"The set {words.escape(item.name)} has {count}: choose it for a post."


def backed(main: Account, spare: Account | None, services: Services, *, failover: bool) -> str:
    """Who takes over from an account, and whether that is turned on here."""
    if spare is None:
        return f"{words.escape(main.label)} has no backup now."
    service = services.capabilities(spare.provider).label
    name = words.escape(spare.unmarked.label)
    said = f"The backup of {words.escape(main.label)} is {name} via {service}."
    on = " Failover is off here: turn it on with `/desk settings failover:on`."
    return said if failover else said + on
