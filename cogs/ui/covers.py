"""The cover of a video under its draft: frames to choose from, the forms for a moment and a picture."""

import io
from collections.abc import Sequence

import discord
from discord import ui

from bot.domain.cover import EXAMPLE, clock
from bot.domain.post import Post
from bot.workflow.choose_cover import Sheet
from cogs.ui import cover_words, draft_card, draft_items, words

SHEET = "frames.jpg"
"""The name of the picture of the frames."""


def screen(draft: Post, sheet: Sheet | None) -> tuple[discord.Embed, ui.View, list[discord.File]]:
    """The frames of a draft's video and what else can be its cover; without a sheet, no frames."""
    embed = discord.Embed(title=f"Cover of draft {draft.id}", colour=draft_card.READY)
    cover = draft.content.cover
    now = words.escape(cover.words) if cover else "chosen by each platform"
    embed.add_field(name="Now", value=now, inline=False)
    told = cover_words.at if cover else cover_words.could_be
    lines = [
        f"**{words.escape(target.label)}**{told(target, draft.content)}"
        for target in draft.content.targets
    ]
    words.add_lines(embed, "Accounts", lines or ["none yet"])
    view, files = ui.View(timeout=None), list[discord.File]()
    if sheet:
        embed.set_image(url=f"attachment://{SHEET}")
        files.append(discord.File(io.BytesIO(sheet.picture), filename=SHEET))
        options = _options(sheet.moments, cover.at_ms if cover else None)
        view.add_item(draft_items.select("frame", "A frame of the video", draft, options))
        view.add_item(draft_items.button("moment", "Another moment", draft))
    view.add_item(draft_items.button("picture", "A picture", draft))
    if cover:
        view.add_item(draft_items.button("plain", "Let the platform choose", draft))
    view.add_item(draft_items.done(draft))
    return embed, view, files


def moment_form(custom_id: str, draft: Post) -> ui.Modal:
    """The form for an exact moment of the video."""
    form = ui.Modal(title=f"Cover of draft {draft.id}", custom_id=custom_id)
    cover = draft.content.cover
    entry = ui.TextInput[ui.Modal](
        custom_id="moment",
        default=clock(cover.at_ms) if cover and cover.at_ms is not None else None,
        placeholder=EXAMPLE,
        max_length=20,
    )
    told = f"In seconds, or by the clock: {EXAMPLE}"
    form.add_item(ui.Label(text="Moment of the video", description=told, component=entry))
    return form


def picture_form(custom_id: str, draft: Post) -> ui.Modal:
    """The form for a picture from elsewhere."""
    form = ui.Modal(title=f"Cover of draft {draft.id}", custom_id=custom_id)
    entry = ui.FileUpload[ui.Modal](custom_id="picture", required=True, min_values=1, max_values=1)
    told = "JPEG or PNG; for YouTube 1280 by 720 pixels and at most 2 MB."
    form.add_item(ui.Label(text="Picture", description=told, component=entry))
    return form


def _options(moments: Sequence[int], chosen: int | None) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=f"{number} · {clock(at_ms)}", value=str(at_ms), default=at_ms == chosen
        )
        for number, at_ms in enumerate(moments, 1)
    ]
