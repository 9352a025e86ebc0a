"""Choosing a clip of a project: the list, and the select that opens the form of a post."""

import asyncio
import re
from typing import Any, Self

import discord
from discord import ui

from bot.domain.clip import Clip, ClipRef, PostClip
from bot.errors import CopydeskError
from bot.workflow import connect, make_clips
from bot.workflow.desk import Desk
from cogs.ui import answers, forms, words
from providers.clips import ClipJob

PREFILL_SECONDS = 1.5
"""A form must be opened within 3 seconds, so the clip's texts are waited for no longer."""


def choice(connection_id: int, job: ClipJob) -> tuple[discord.Embed, ui.View]:
    """A project's clips, and the select to choose one."""
    embed = discord.Embed(title=words.clip(job.name or job.project_id, 256), colour=0x2F7FD1)
    lines = [
        f"**{clip.index + 1}** · {words.escape(clip.title)} · {told(clip)}" for clip in job.clips
    ]
    words.add_lines(embed, "Clips", lines)
    if thumbnail := next((clip.thumbnail_url for clip in job.clips if clip.thumbnail_url), ""):
        embed.set_thumbnail(url=thumbnail)
    view = ui.View(timeout=None)
    view.add_item(PickClip(connection_id, job.project_id, job))
    return embed, view


def told(clip: Clip) -> str:
    """A clip's length and score."""
    minutes, seconds = divmod(round(clip.seconds), 60)
    score = f" · score {clip.score:.0f}" if clip.score is not None else ""
    return f"{minutes}:{seconds:02}{score}"


class PickClip(
    ui.DynamicItem[ui.Select[ui.View]], template=r"clip:pick:(?P<connection>\d+):(?P<project>.+)"
):
    """Open the form of a post made from the chosen clip."""

    def __init__(self, connection_id: int, project_id: str, job: ClipJob | None = None) -> None:
        options = [
            discord.SelectOption(
                label=words.clip(f"{clip.index + 1} · {clip.title}", 100),
                value=str(clip.index),
                description=told(clip),
            )
            for clip in (job.clips if job else ())[: forms.MOST_OPTIONS]
        ]
        super().__init__(
            ui.Select(
                custom_id=f"clip:pick:{connection_id}:{project_id}",
                placeholder="Write a post from…",
                options=options,
            )
        )
        self.connection_id = connection_id
        self.project_id = project_id

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the select of a message sent earlier, perhaps by an earlier process."""
        return cls(int(match["connection"]), match["project"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Open the form with what the service proposes."""
        desk: Desk = interaction.client.desk
        server_id = interaction.guild_id or 0
        try:
            ref = ClipRef(project_id=self.project_id, index=int(self.item.values[0]))
            clip = PostClip(connection_id=self.connection_id, ref=ref)
            accounts = await connect.accounts(desk, server_id)
            form = forms.clip_form(
                f"post:clip:{self.connection_id}:{ref.index}:{ref.project_id}",
                accounts,
                clip,
                proposed=await _proposed(desk, server_id, clip),
            )
            await forms.show(interaction, form)
        except Exception as error:
            await answers.refuse(interaction, error)


async def _proposed(desk: Desk, server_id: int, clip: PostClip) -> Clip | None:
    """What the service proposes for a clip; None where it does not say in time."""
    try:
        async with asyncio.timeout(PREFILL_SECONDS):
            return await make_clips.find(desk, server_id, clip)
    except (CopydeskError, TimeoutError):
        return None
