"""“Preview”: how a post will look at each of its accounts, shown to whoever asks."""

import io
import re
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.post import Post
from bot.workflow import appearance
from bot.workflow.appearance import Appearance
from bot.workflow.desk import Desk
from cogs.ui import answers, forms, named, words

FILE = "preview.jpg"
_ROUGH = (
    "A sketch of the feed on a phone, or of all its screen. Where a platform cuts differs a little"
    " by app and phone."
)


class Preview(Admitted, ui.DynamicItem[ui.Button[ui.View]], template=r"preview:show:(?P<post>\d+)"):
    """Show how a post will look."""

    def __init__(self, post_id: int) -> None:
        super().__init__(ui.Button(label="Preview", custom_id=f"preview:show:{post_id}"))
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["post"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Draw it for the first account, in a message of its own."""
        desk: Desk = interaction.client.desk
        try:
            await answers.defer(interaction)
            post = await _find(desk, interaction, self.post_id)
            looks = await appearance.of(desk, post, None)
            embed, file = _shown(looks)
            await interaction.followup.send(
                embed=embed, file=file, view=_others(post, looks), ephemeral=True
            )
        except Exception as error:
            await answers.refuse(interaction, error)


class PreviewOf(Admitted, ui.DynamicItem[ui.Select[ui.View]], template=r"preview:of:(?P<post>\d+)"):
    """Show how a post will look at another of its accounts."""

    def __init__(self, post_id: int, options: list[discord.SelectOption] | None = None) -> None:
        super().__init__(
            ui.Select(
                custom_id=f"preview:of:{post_id}",
                placeholder="Another account",
                options=options or [],
            )
        )
        self.post_id = post_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["post"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Draw it in the place of the one before."""
        desk: Desk = interaction.client.desk
        try:
            await answers.defer_update(interaction)
            post = await _find(desk, interaction, self.post_id)
            looks = await appearance.of(desk, post, int(self.item.values[0]))
            embed, file = _shown(looks)
            await interaction.edit_original_response(
                embed=embed, attachments=[file], view=_others(post, looks)
            )
        except Exception as error:
            await answers.refuse(interaction, error)


async def _find(desk: Desk, interaction: discord.Interaction[Any], post_id: int) -> Post:
    return await appearance.find(
        desk,
        server_id=answers.guild(interaction).id,
        post_id=post_id,
        user_id=interaction.user.id,
    )


def _shown(looks: Appearance) -> tuple[discord.Embed, discord.File]:
    embed = discord.Embed(
        title=words.clip(words.escape(looks.target.label), 256),
        description="\n".join(f"• {note}" for note in [*_chosen(looks), *looks.notes])
        or "All of it is seen at once.",
        colour=0x2F7FD1,
    )
    embed.set_image(url=f"attachment://{FILE}").set_footer(text=_ROUGH)
    return embed, discord.File(io.BytesIO(looks.picture), filename=FILE)


def _chosen(looks: Appearance) -> list[str]:
    """Where at the account it goes, such as its board."""
    return [named.behind(looks.target).removeprefix(" · ")] if named.behind(looks.target) else []


def _others(post: Post, looks: Appearance) -> ui.View:
    """The accounts to choose from, where there are several."""
    view = ui.View(timeout=None)
    targets = post.content.targets
    if len(targets) > 1:
        options = [
            discord.SelectOption(
                label=words.clip(target.label, 100),
                value=str(target.account_id),
                default=target.account_id == looks.target.account_id,
            )
            for target in targets[: forms.MOST_OPTIONS]
        ]
        view.add_item(PreviewOf(post.id, options))
    return view
