"""Buttons and selects about accounts and connections.

Everything is in the `custom_id`s, so that it outlives a restart:
`account:<what>:<id>[:<platform>]`, the id of a connection, a page, or 0.
"""

import re
from collections.abc import Mapping
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from cogs.ui import words

MOST_OPTIONS = 25  # of a select: Discord's limit

_LABELS = {
    "connect": "Reconnect",
    "key": "Replace the key",
    "read": "Check again",
    "refresh": "Read anew",
    "page": "More",
    "link": "Get a link",
    "code": "Show the code",
}
_LEADING = frozenset({"connect", "key", "link", "code"})


class AccountButton(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=rf"account:(?P<what>{'|'.join(_LABELS)}):(?P<id>\d+)(?::(?P<platform>\w*))?",
):
    """Do something about a connection or its accounts."""

    def __init__(self, what: str, item_id: int, platform: str = "", label: str = "") -> None:
        leads = what in _LEADING
        super().__init__(
            ui.Button(
                label=label or _LABELS[what],
                style=discord.ButtonStyle.primary if leads else discord.ButtonStyle.secondary,
                custom_id=f"account:{what}:{item_id}" + (f":{platform}" if platform else ""),
            )
        )
        self.what = what
        self.item_id = item_id
        self.platform = platform

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(match["what"], int(match["id"]), match["platform"] or "")

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("account", interaction, self.what, self.item_id, self.platform)


class AccountSelect(
    Admitted,
    ui.DynamicItem[ui.Select[ui.View]],
    template=r"account:choose:(?P<what>connection|platform):(?P<id>\d+)",
):
    """Choose the connection, or the platform behind one (by its id), of an account to connect."""

    def __init__(self, what: str, item_id: int, options: Mapping[str, str] | None = None) -> None:
        super().__init__(
            ui.Select(
                custom_id=f"account:choose:{what}:{item_id}",
                placeholder=f"Which {what}?",
                options=[
                    discord.SelectOption(label=words.clip(label, 100), value=value)
                    for value, label in list((options or {}).items())[:MOST_OPTIONS]
                ],
            )
        )
        self.what = what
        self.item_id = item_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier."""
        return cls(match["what"], int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        chosen = self.item.values[0]
        if self.what == "connection":
            interaction.client.dispatch("account", interaction, "connect", int(chosen), "")
        else:
            interaction.client.dispatch("account", interaction, "connect", self.item_id, chosen)


def view(*items: AccountButton | AccountSelect) -> ui.View:
    """These items under a message, for as long as it stands."""
    made = ui.View(timeout=None)
    for item in items:
        made.add_item(item)
    return made
