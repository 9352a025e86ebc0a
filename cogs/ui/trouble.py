"""What to do about deliveries that failed, were missed or are unknown: buttons, forms and lists.

Everything is in the `custom_id`s, so that it outlives a restart: `trouble:<what>:<delivery>`.
"""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.times import EXAMPLES
from bot.workflow.recover import TROUBLED
from cogs.ui import cards, forms, words

_ACTIONS: dict[DeliveryState, tuple[tuple[str, str], ...]] = {
    DeliveryState.UNKNOWN: (
        ("live", "It is live"),
        ("again", "It is not: publish again"),
        ("check", "Check again"),
    ),
    DeliveryState.FAILED: (("again", "Publish again"), ("time", "At another time")),
    DeliveryState.MISSED: (
        ("again", "Now"),
        ("slot", "Next free slot"),
        ("time", "New time"),
        ("drop", "Drop it"),
    ),
}
FORMS = frozenset({"live", "time"})
"""Actions that ask for something first."""


def troubled(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The deliveries that wait for people."""
    return [item for item in deliveries if item.state in TROUBLED]


def button(post_id: int, deliveries: Sequence[Delivery]) -> ui.View | None:
    """The button under a card or an announcement, where something waits for people."""
    if not troubled(deliveries):
        return None
    view = ui.View(timeout=None)
    view.add_item(WhatToDo(post_id))
    return view


def panel(
    deliveries: Sequence[Delivery], chosen: int | None = None
) -> tuple[discord.Embed, ui.View]:
    """What waits for people, and what they can do about the chosen delivery, or the only one."""
    embed = discord.Embed(title="What to do about it", colour=0xE0A526)
    words.add_lines(embed, "Accounts", [cards.delivery_line(item) for item in deliveries])
    view = ui.View(timeout=None)
    if len(deliveries) == 1:
        chosen = deliveries[0].id
    else:
        view.add_item(ChooseDelivery(deliveries, chosen))
    failed = [item for item in deliveries if item.state is DeliveryState.FAILED]
    if len(failed) > 1:
        view.add_item(Act("all", failed[0].post_id, "Publish all that failed again"))
    for item in deliveries:
        if item.id == chosen:
            for action, label in _ACTIONS[item.state]:
                view.add_item(Act(action, item.id, label))
    return embed, view


def form(action: str, delivery: Delivery) -> ui.Modal:
    """The form of an action that asks for something."""
    custom_id = f"trouble:{action}:{delivery.id}"
    title = words.clip(delivery.target.label, 45)
    if action == "live":
        return forms.question(
            custom_id, title, "Link", "The address of the post on the platform", "https://…"
        )
    return forms.question(custom_id, title, "When", EXAMPLES, EXAMPLES)


class WhatToDo(
    Admitted, ui.DynamicItem[ui.Button[ui.View]], template=r"trouble:open:(?P<post>\d+)"
):
    """Show what waits for people in a post."""

    def __init__(self, post_id: int) -> None:
        super().__init__(
            ui.Button(
                label="What to do",
                style=discord.ButtonStyle.primary,
                custom_id=f"trouble:open:{post_id}",
            )
        )
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["post"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("trouble", interaction, "open", self.post_id)


class ChooseDelivery(
    Admitted, ui.DynamicItem[ui.Select[ui.View]], template=r"trouble:pick:(?P<post>\d+)"
):
    """Choose one of several deliveries that wait for people."""

    def __init__(self, deliveries: Sequence[Delivery], chosen: int | None = None) -> None:
        post_id = deliveries[0].post_id if deliveries else 0
        super().__init__(
            ui.Select(
                custom_id=f"trouble:pick:{post_id}",
                placeholder="Which account?",
                options=[
                    discord.SelectOption(
                        label=words.clip(item.target.label, 100),
                        value=str(item.id),
                        description=item.state.words,
                        default=item.id == chosen,
                    )
                    for item in deliveries[: forms.MOST_OPTIONS]
                ],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], _match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier."""
        return cls([])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("trouble", interaction, "pick", int(self.item.values[0]))


class Act(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"trouble:(?P<action>live|again|check|slot|time|drop|all):(?P<id>\d+)",
):
    """Do something about one delivery, or about all of a post that failed."""

    def __init__(self, action: str, item_id: int, label: str = "") -> None:
        super().__init__(ui.Button(label=label or action, custom_id=f"trouble:{action}:{item_id}"))
        self.action = action
        self.item_id = item_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(match["action"], int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Leave it to the cog that knows the workflow."""
        interaction.client.dispatch("trouble", interaction, self.action, self.item_id)
