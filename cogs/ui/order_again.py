"""Ordering clips again, where an order came to nothing or nobody knows what it came to."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.project import Project, ProjectState
from bot.workflow import make_clips, order
from bot.workflow.desk import Desk
from cogs.ui import answers, order_card


def add(view: ui.View, project: Project) -> None:
    """Offer it under the message of an order, where it may be wanted."""
    if project.state in (ProjectState.FAILED, ProjectState.UNKNOWN):
        view.add_item(OrderAgain(project.id))


class OrderAgain(
    Admitted, ui.DynamicItem[ui.Button[ui.View]], template=r"clips:again:(?P<project>\d+)"
):
    """Begin the same order anew: what it costs is shown once more, and a person says so."""

    def __init__(self, project_id: int) -> None:
        super().__init__(ui.Button(label="Order again…", custom_id=f"clips:again:{project_id}"))
        self.project_id = project_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["project"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show what would be ordered, to whoever asks."""
        desk: Desk = interaction.client.desk
        try:
            await answers.defer(interaction)
            server_id = interaction.guild_id or 0
            earlier = await make_clips.get(desk, server_id=server_id, project_id=self.project_id)
            draft = await order.again(
                desk,
                earlier,
                channel_id=interaction.channel_id or 0,
                user_id=interaction.user.id,
            )
            await order_card.show(desk, interaction, draft)
        except Exception as error:
            await answers.refuse(interaction, error)
