"""Pauses as people choose and read them."""

from collections.abc import Mapping, Sequence

from discord import app_commands

from bot.domain.pause import Pause, Scope
from bot.domain.server import Account, Connection
from bot.workflow.services import Services
from cogs.ui import forms, words

SCOPES = [
    app_commands.Choice(name=scope.value, value=scope.value)
    for scope in (Scope.ACCOUNT, Scope.CONNECTION, Scope.SERVER)
]


def named(
    scope: str, services: Services, accounts: Sequence[Account], connections: Sequence[Connection]
) -> dict[int, str]:
    """What of a scope a server has, by id; 0 stands for the server itself."""
    if scope == Scope.ACCOUNT:
        return {account.id: account.label for account in accounts}
    if scope == Scope.CONNECTION:
        return {item.id: words.connection(services, item) for item in connections}
    return {0: "This server"}


def choices(found: Mapping[int, str], current: str) -> list[app_commands.Choice[int]]:
    """Those whose name has what was typed."""
    offered = [
        app_commands.Choice(name=words.clip(name, 100), value=item_id)
        for item_id, name in found.items()
        if current.lower() in name.lower()
    ]
    return offered[: forms.MOST_OPTIONS]


def left(pauses: Sequence[Pause]) -> str:
    """What is still paused after a pause was ended; nothing when it is nothing."""
    if any(pause.scope is Scope.EVERYTHING for pause in pauses):
        return " Whoever runs Copydesk has paused everything, so nothing goes out yet."
    if any(pause.scope is Scope.SERVER for pause in pauses):
        return " This server is still paused, so nothing goes out yet."
    return f" {len(pauses)} still paused here: see /desk resume." if pauses else ""
