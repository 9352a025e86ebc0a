"""Showing drafts: the card of one, and the list of a person's own."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.domain import editing
from bot.domain.post import Post
from bot.errors import ConflictError, Problem, RefusedError
from bot.workflow import choose_cover, configure, examine, redraft, share
from bot.workflow.desk import Desk
from cogs.ui import (
    answers,
    attached,
    channels,
    covers,
    draft_card,
    draft_forms,
    draft_items,
    draft_parts,
    lists,
    sent_form,
    sharing,
    words,
)
from cogs.ui.draft_items import Pressed


async def show(
    desk: Desk,
    interaction: discord.Interaction,
    draft: Post,
    lost: Sequence[Problem] = (),
) -> None:
    """Show the card of a draft to one who writes it; `lost` are files that could not be kept."""
    guild = answers.guild(interaction)
    server = await configure.get(desk, guild.id)
    problems = channels.review_problems(guild, server)
    examined = await examine.examine(desk, draft, problems)
    user_id, roles = interaction.user.id, answers.roles(interaction)
    is_barred = await share.is_barred(desk, server, draft, user_id=user_id, roles=roles)
    embed = draft_card.card(examined, list(lost), [sharing.NO_VOTE] if is_barred else [])
    view = draft_card.buttons(examined, list(lost), is_own=user_id == draft.author_id)
    files = await attached.shown_in(embed, desk, draft)
    await answers.update(interaction, embed=embed, view=view, files=files)


async def show_files(
    desk: Desk, interaction: discord.Interaction, draft: Post, before: Post | None = None
) -> None:
    """Show the files of a draft; `before` is how it was, where they were changed."""
    had_cover = before is not None and before.content.cover is not None
    is_gone = had_cover and draft.content.cover is None
    embed, view = draft_parts.files(draft, is_cover_gone=is_gone)
    files = await attached.shown_in(embed, desk, draft)
    await answers.update(interaction, embed=embed, view=view, files=files)


async def show_cover(desk: Desk, interaction: discord.Interaction, draft: Post) -> None:
    """Show what can be the cover of a draft's video."""
    embed, view, files = covers.screen(draft, await choose_cover.sheet(desk, draft))
    await answers.update(interaction, embed=embed, view=view, files=files)


async def show_account(
    desk: Desk, interaction: discord.Interaction, draft: Post, account_id: int
) -> None:
    """Show one account of a draft with what it has of its own."""
    redraft.target_for(draft, account_id)
    examined = await examine.examine(desk, draft)
    target = editing.target_for(examined.content, account_id)
    embed, view = draft_parts.account(examined, target)
    await answers.update(interaction, embed=embed, view=view)


async def show_changed(
    desk: Desk,
    interaction: discord.Interaction,
    pressed: Pressed,
    error: ConflictError,
    answered: sent_form.Answers | None = None,
) -> None:
    """Say that a draft was changed since it was opened, and show it as it is now."""
    if not interaction.response.is_done():
        await answers.defer_update(interaction)
    try:
        server_id, user_id = answers.guild(interaction).id, interaction.user.id
        draft = await redraft.get(
            desk, server_id=server_id, post_id=pressed.post_id, user_id=user_id
        )
        await show(desk, interaction, draft)
    except RefusedError as gone:
        error = ConflictError(error.message, remedy=str(gone))
    await refuse_typed(interaction, error, answered)


async def refuse_typed(
    interaction: discord.Interaction, error: Exception, answered: sent_form.Answers | None
) -> None:
    """Say what is wrong, and give back what was typed."""
    await answers.refuse(interaction, error)
    if answered and any(text.strip() for text in answered.texts.values()):
        await answers.tell(interaction, draft_forms.typed(answered))


def listed(drafts: Sequence[Post], reader_id: int) -> tuple[discord.Embed, ui.View]:
    """The drafts that a person writes, newest first, and what opens one."""
    embed = discord.Embed(title="Your drafts", colour=0x2F7FD1)
    lines = [lists.list_line(draft, (), reader_id) for draft in drafts]
    words.add_lines(embed, "Newest first", lines or ["None: write a post with `/post new`."])
    view = ui.View(timeout=None)
    if drafts:
        options = [
            discord.SelectOption(
                label=lists.choice_name(draft, reader_id),
                value=str(draft.id),
            )
            for draft in drafts
        ]
        view.add_item(draft_items.select("open", "Open a draft", drafts[0], options))
    return embed, view
