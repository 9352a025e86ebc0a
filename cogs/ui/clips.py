"""What a project looks like: how far it is, its clips, and what begins a post from one of them."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import Admitted
from bot.domain.clip import Clip, ClipRef, PostClip
from bot.domain.project import Project, ProjectState
from bot.workflow import connect, make_clips
from bot.workflow.desk import Desk
from cogs.ui import answers, forms, words

ON_A_PAGE = 9
"""Clips shown together: a message holds ten embeds, and the first tells of the project."""

COLOURS = {
    ProjectState.READY: 0x2E9E5B,
    ProjectState.FAILED: 0xC0392B,
    ProjectState.UNKNOWN: 0xE0A526,
}
STANDS = {
    ProjectState.DRAFT: "Not ordered yet.",
    ProjectState.WAITING: "🕓 Waits to be ordered.",
    ProjectState.PREPARING: "📤 The video is handed over.",
    ProjectState.ORDERING: "📤 Being ordered.",
    ProjectState.WORKING: "✂️ The service cuts. This message tells when the clips are ready.",
    ProjectState.READY: "✅ Ready: choose a clip to write a post from.",
    ProjectState.FAILED: "❌ Failed.",
    ProjectState.UNKNOWN: "❓ Nobody knows whether the service took the order.",
}


def mark(project: Project) -> str:
    """What the message of a project is recognised by when it is looked for."""
    return f"Clips {project.id}"


def shown(project: Project, service: str, page: int = 0) -> tuple[list[discord.Embed], ui.View]:
    """A project at a service, with one page of its clips and what can be done with them."""
    embeds = [_head(project, service)]
    view = ui.View(timeout=None)
    clips = project.clips[page * ON_A_PAGE :][:ON_A_PAGE]
    if project.state is not ProjectState.READY or not clips:
        return embeds, view
    embeds += [_clip(clip) for clip in clips]
    view.add_item(PickClip(project.id, clips))
    last = (len(project.clips) - 1) // ON_A_PAGE
    if page:
        view.add_item(ClipPage(project.id, page - 1, f"Clips {page * ON_A_PAGE} and before"))
    if page < last:
        view.add_item(ClipPage(project.id, page + 1, f"Clips {(page + 1) * ON_A_PAGE + 1} and on"))
    return embeds, view


def choice_name(project: Project) -> str:
    """A project in a list to choose from, in at most 100 characters."""
    count = len(project.clips)
    how_far = f"{count} clip{'s' * (count != 1)}" if count else project.state.value
    return words.clip(f"{words.clip(project.label, 60)} · {how_far} · {project.remote_id}", 100)


def _head(project: Project, service: str) -> discord.Embed:
    embed = discord.Embed(
        title=words.clip(f"Clips of {words.escape(project.label)}", 256),
        description=STANDS[project.state],
        colour=COLOURS.get(project.state, 0x2F7FD1),
    ).set_footer(text=mark(project))
    if project.state not in (ProjectState.READY, ProjectState.FAILED) and project.progress:
        embed.add_field(name="How far", value=_text(project.progress), inline=False)
    if project.reason:
        told = f"{project.reason}\n→ {project.remedy}" if project.remedy else project.reason
        embed.add_field(name="Why", value=_text(told), inline=False)
    embed.add_field(name="Service", value=service)
    embed.add_field(name="Asked by", value=f"<@{project.user_id}>")
    if project.remote_id:
        embed.add_field(name="Project", value=words.code(words.clip(project.remote_id, 100)))
    if project.query:
        embed.add_field(name="Moments", value=_text(project.query), inline=False)
    if project.expires_at and project.clips:
        until = discord.utils.format_dt(project.expires_at, "f")
        embed.add_field(name="Can be published until", value=until)
    return embed


def _text(text: str) -> str:
    return words.clip(words.escape(words.clip(text, 700)), 1000)


def _clip(clip: Clip) -> discord.Embed:
    text = words.escape(words.clip(clip.caption.replace("\n", " "), 150))
    embed = discord.Embed(
        title=words.clip(f"{clip.index + 1} · {words.escape(clip.title)}", 150),
        description=f"{told(clip)}\n{text}".strip(),
        colour=0x2F7FD1,
    )
    return embed.set_thumbnail(url=clip.thumbnail_url) if clip.thumbnail_url else embed


def told(clip: Clip) -> str:
    """A clip's length and score."""
    minutes, seconds = divmod(round(clip.seconds), 60)
    score = f" · score {clip.score:.0f}" if clip.score is not None else ""
    return f"{minutes}:{seconds:02}{score}"


async def service_name(desk: Desk, project: Project) -> str:
    """The service of a project, as people tell it from others."""
    known = await connect.connections(desk, project.server_id)
    found = next((item for item in known if item.id == project.connection_id), None)
    return words.connection(desk.services, found) if found else "a service that is gone"


class PickClip(
    Admitted, ui.DynamicItem[ui.Select[ui.View]], template=r"clip:pick:(?P<project>\d+)"
):
    """Open the form of a post made from the chosen clip."""

    def __init__(self, project_id: int, clips: Sequence[Clip] = ()) -> None:
        options = [
            discord.SelectOption(
                label=words.clip(f"{clip.index + 1} · {clip.title}", 100),
                value=str(clip.index),
                description=told(clip),
            )
            for clip in clips
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
        """Open the form with what the service proposes."""
        desk: Desk = interaction.client.desk
        server_id = interaction.guild_id or 0
        try:
            project = await make_clips.get(desk, server_id=server_id, project_id=self.project_id)
            ref = ClipRef(project_id=project.remote_id, index=int(self.item.values[0]))
            clip = PostClip(connection_id=project.connection_id, ref=ref)
            accounts = await connect.accounts(desk, server_id)
            form = forms.clip_form(
                f"post:clip:{clip.connection_id}:{ref.index}:{ref.project_id}",
                accounts,
                clip,
                proposed=next((item for item in project.clips if item.index == ref.index), None),
            )
            await forms.show(interaction, form)
        except Exception as error:
            await answers.refuse(interaction, error)


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
        """Turn the page."""
        desk: Desk = interaction.client.desk
        server_id = interaction.guild_id or 0
        try:
            project = await make_clips.get(desk, server_id=server_id, project_id=self.project_id)
            service = await service_name(desk, project)
            embeds, view = shown(project, service, self.page)
            await interaction.response.edit_message(embeds=embeds, view=view)
        except Exception as error:
            await answers.refuse(interaction, error)
