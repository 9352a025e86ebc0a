"""Selects and buttons of the first run; all that they mean is in their `custom_id`s.

`setup:<what>` or `setup:<what>:<step>`: they outlive a restart, and whoever set what meanwhile.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.first_run import Step
from cogs.ui import words

MOST_OPTIONS = 25  # of a select: Discord's limit


class StepButton(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"setup:(?P<what>show|zone|account|read|rehearse|approve):(?P<step>\w+)",
):
    """Go to a step, or do something in it."""

    def __init__(self, what: str, step: Step, label: str = "", *, leads: bool = False) -> None:
        super().__init__(
            ui.Button(
                label=label or what,
                style=discord.ButtonStyle.primary if leads else discord.ButtonStyle.secondary,
                custom_id=f"setup:{what}:{step}",
            )
        )
        self.what = what
        self.step = step

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(match["what"], Step(match["step"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("first_run", interaction, self.what, [self.step.value])


class Pick(
    Admitted, ui.DynamicItem[ui.Select[ui.View]], template=r"setup:(?P<what>zone|rule|service)"
):
    """Choose one of a few."""

    def __init__(
        self,
        what: str,
        placeholder: str = "",
        options: Mapping[str, str] | None = None,
        chosen: str = "",
    ) -> None:
        super().__init__(
            ui.Select(
                custom_id=f"setup:{what}",
                placeholder=placeholder or None,
                options=[
                    discord.SelectOption(
                        label=words.clip(label, 100), value=value, default=value == chosen
                    )
                    for value, label in list((options or {}).items())[:MOST_OPTIONS]
                ],
            )
        )
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier."""
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("first_run", interaction, self.what, _values(interaction))


class ChannelPick(
    Admitted,
    ui.DynamicItem[ui.ChannelSelect[ui.View]],
    template=r"setup:(?P<what>approvals|fallback)",
):
    """Choose a text channel."""

    def __init__(self, what: str, placeholder: str = "", chosen: int | None = None) -> None:
        super().__init__(
            ui.ChannelSelect(
                custom_id=f"setup:{what}",
                placeholder=placeholder or None,
                channel_types=[discord.ChannelType.text],
                default_values=[discord.Object(chosen)] if chosen else [],
            )
        )
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier."""
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("first_run", interaction, self.what, _values(interaction))


class RolePick(
    Admitted, ui.DynamicItem[ui.RoleSelect[ui.View]], template=r"setup:(?P<what>approver|authors)"
):
    """Choose roles."""

    def __init__(
        self,
        what: str,
        placeholder: str = "",
        chosen: Sequence[int] = (),
        *,
        most: int = MOST_OPTIONS,
    ) -> None:
        super().__init__(
            ui.RoleSelect(
                custom_id=f"setup:{what}",
                placeholder=placeholder or None,
                min_values=0 if most > 1 else 1,
                max_values=most,
                default_values=[discord.Object(role) for role in chosen[:most]],
            )
        )
        self.what = what

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier."""
        return cls(match["what"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("first_run", interaction, self.what, _values(interaction))


def _values(interaction: discord.Interaction[Any]) -> list[str]:
    """What was chosen, as Discord sends it: names, or ids of channels and roles."""
    found: Any = (interaction.data or {}).get("values", [])
    return [str(value) for value in found]
