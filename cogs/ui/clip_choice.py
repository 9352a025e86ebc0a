"""Choosing a clip of a project to write a post from: by its button, or from a select."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.clip import Clip, ClipRef, PostClip
from bot.domain.project import Project
from bot.workflow import connect, make_clips
from bot.workflow.desk import Desk
from cogs.ui import answers, clips, forms, order_again, words


def buttons(project: Project, page: int = 0) -> ui.View:
    """What stands under the message of an order: each clip has its button, or what came to nothing
    can be ordered again.
    """
    view = ui.View(timeout=None)
    order_again.add(view, project)
    for clip in clips.on_page(project, page):
        view.add_item(DraftClip(project.id, clip.index))
    return _with_pages(view, project, page)


def select(project: Project, page: int = 0) -> ui.View:
    """What stands under a project that someone looked up: one list of its clips."""
    view = ui.View(timeout=None)
    if on_page := clips.on_page(project, page):
        view.add_item(PickClip(project.id, on_page))
    return _with_pages(view, project, page)


def _with_pages(view: ui.View, project: Project, page: int) -> ui.View:
    first, after = page * clips.ON_A_PAGE, (page + 1) * clips.ON_A_PAGE
    if page:
        view.add_item(ClipPage(project.id, page - 1, f"Clips {first} and before"))
    if clips.on_page(project, page + 1):
        view.add_item(ClipPage(project.id, page + 1, f"Clips {after + 1} and on"))
    return view


async def open_form(interaction: discord.Interaction[Any], project_id: int, index: int) -> None:
    """Open the form of a post made from a clip, with what its service proposes."""
    desk: Desk = interaction.client.desk
    server_id = interaction.guild_id or 0
    try:
        project = await make_clips.get(desk, server_id=server_id, project_id=project_id)
        ref = ClipRef(project_id=project.remote_id, index=index)
        clip = PostClip(connection_id=project.connection_id, ref=ref)
        form = forms.clip_form(
            f"post:clip:{clip.connection_id}:{ref.index}:{ref.project_id}",
            await connect.accounts(desk, server_id),
            clip,
            proposed=next((item for item in project.clips if item.index == index), None),
        )
        await forms.show(interaction, form)
    except Exception as error:
        await answers.refuse(interaction, error)


class DraftClip(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"clip:draft:(?P<project>\d+):(?P<index>\d+)",
):
    """Open the form of a post made from this clip."""

    def __init__(self, project_id: int, index: int) -> None:
        super().__init__(
            ui.Button(
                label=f"{index + 1} · Draft a post",
                style=discord.ButtonStyle.primary,
                custom_id=f"clip:draft:{project_id}:{index}",
            )
        )
        self.project_id = project_id
        self.index = index

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["project"]), int(match["index"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open it."""
        await open_form(interaction, self.project_id, self.index)


class PickClip(
    Admitted, ui.DynamicItem[ui.Select[ui.View]], template=r"clip:pick:(?P<project>\d+)"
):
    """Open the form of a post made from the chosen clip."""

    def __init__(self, project_id: int, offered: Sequence[Clip] = ()) -> None:
        options = [
            discord.SelectOption(
                label=words.clip(f"{clip.index + 1} · {clip.title}", 100),
                value=str(clip.index),
                description=clips.told(clip),
            )
            for clip in offered
        ]
        super().__init__(
            ui.Select(
                custom_id=f"clip:pick:{project_id}",
                placeholder="Draft a post from…",
                options=options,
            )
        )
        self.project_id = project_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["project"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open it."""
        await open_form(interaction, self.project_id, int(self.item.values[0]))


class ClipPage(
    Admitted,
    ui.DynamicItem[ui.Button[ui.View]],
    template=r"clip:page:(?P<project>\d+):(?P<page>\d+)",
):
    """Show other clips of a project."""

    def __init__(self, project_id: int, page: int, label: str = "More") -> None:
        super().__init__(ui.Button(label=label, custom_id=f"clip:page:{project_id}:{page}"))
        self.project_id = project_id
        self.page = page

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the button of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["project"]), int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Turn the page; what nobody else sees was looked up."""
        desk: Desk = interaction.client.desk
        server_id = interaction.guild_id or 0
        message = interaction.message
        choice = select if message and message.flags.ephemeral else buttons
        try:
            project = await make_clips.get(desk, server_id=server_id, project_id=self.project_id)
            service = await clips.service_name(desk, project)
            await interaction.response.edit_message(
                embeds=clips.shown(project, service, self.page), view=choice(project, self.page)
            )
        except Exception as error:
            await answers.refuse(interaction, error)
