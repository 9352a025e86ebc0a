"""Texts that single accounts go out with: on the card as far as there is room, whole at a button."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.post import Revision
from bot.workflow import browse
from bot.workflow.desk import Desk
from cogs.ui import answers, words


def lines(content: Revision) -> list[str]:
    """Each text of a single account, a line each; long ones are cut by whoever shows them."""
    found: list[str] = []
    for target in content.targets:
        if target.has_own_text:
            caption, title = content.text_of(target)
            named = f" · {title}" if title else ""
            text = " ".join(caption.split()) or "no text"
            found.append(
                f"**{words.escape(target.label)}**{words.escape(named)}: {words.escape(text)}"
            )
    return found


def button(post_id: int) -> "OwnTexts":
    """What shows the texts of single accounts whole."""
    return OwnTexts(post_id)


class OwnTexts(Admitted, ui.DynamicItem[ui.Button[ui.View]], template=r"texts:(?P<post>\d+)"):
    """Shows the texts of single accounts to whoever presses it."""

    def __init__(self, post_id: int) -> None:
        super().__init__(ui.Button(label="Own texts", custom_id=f"texts:{post_id}"))
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["post"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Show each in a message of its own: together they would be too long for one."""
        desk: Desk = interaction.client.desk
        try:
            await answers.defer(interaction)
            server_id = answers.guild(interaction).id
            shown = await browse.show(desk, server_id=server_id, post_id=self.post_id)
            content = shown.post.content
            for target in content.targets:
                if target.has_own_text:
                    await answers.tell(interaction, _whole(target.label, *content.text_of(target)))
        except Exception as error:
            await answers.refuse(interaction, error)


def _whole(label: str, caption: str, title: str) -> discord.Embed:
    embed = discord.Embed(
        title=words.clip(label, 256),
        description=words.verbatim(caption, 4096) or "*no text*",
        colour=0x2F7FD1,
    )
    if title:
        embed.add_field(name="Title", value=words.clip(words.escape(title), 1024))
    return embed
