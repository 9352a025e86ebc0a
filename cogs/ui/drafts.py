"""The button under a refused draft: it opens the form again with all that was typed."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.workflow import compose, connect
from bot.workflow.desk import Desk
from cogs.ui import answers, forms


def refused(post_id: int) -> ui.View:
    """The buttons of a draft that cannot go out as it is."""
    view = ui.View(timeout=None)
    view.add_item(MendDraft(post_id))
    return view


class MendDraft(ui.DynamicItem[ui.Button[ui.View]], template=r"draft:mend:(?P<post>\d+)"):
    """Open the form of a draft; its identity is in its `custom_id`, so it outlives a restart."""

    def __init__(self, post_id: int) -> None:
        super().__init__(
            ui.Button(
                label="Mend it",
                style=discord.ButtonStyle.primary,
                custom_id=f"draft:mend:{post_id}",
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
        """Open the form."""
        desk: Desk = interaction.client.desk
        server_id = interaction.guild_id or 0
        try:
            draft = await compose.get_draft(
                desk, server_id=server_id, post_id=self.post_id, author_id=interaction.user.id
            )
            accounts = await connect.accounts(desk, server_id)
            form = forms.post_form(f"post:mend:{draft.id}", accounts, draft.content)
            await forms.show(interaction, form)
        except Exception as error:
            await answers.refuse(interaction, error)
