"""Answers to the person who asked, visible to them alone."""

import logging
from collections.abc import Sequence

import aiohttp
import discord

from bot.domain.approval import NOBODY, Roles
from bot.domain.rights import Person, Right, has
from bot.domain.server import Server
from bot.errors import CopydeskError, DatabaseAwayError, InputError, NotFoundError, Problem
from cogs.ui import words

log = logging.getLogger(__name__)

UNREACHABLE = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What a call to Discord raises when it refuses or cannot be reached; a timeout is an OSError."""

SHOWN = 15
"""Problems shown at once: an embed holds 6,000 characters."""


def guild(interaction: discord.Interaction) -> discord.Guild:
    """The server an interaction came from; raises NotFoundError elsewhere."""
    if interaction.guild is None:
        raise NotFoundError("This works in a server only.")
    return interaction.guild


def is_approver(interaction: discord.Interaction, server: Server) -> bool:
    """Whether the person is asked to decide on posts, by the rules, or is an admin."""
    return has(Right.DECIDE, person(interaction), server)


def person(interaction: discord.Interaction) -> Person:
    """Whoever does something, with what they are now, as Discord says with it."""
    is_admin = interaction.permissions.manage_guild
    return Person(user_id=interaction.user.id, roles=roles(interaction), is_admin=is_admin)


def roles(interaction: discord.Interaction) -> Roles:
    """The roles that whoever did this has now, as Discord says with it."""
    member = interaction.user
    if not isinstance(member, discord.Member):
        return NOBODY
    return frozenset(role.id for role in member.roles if not role.is_default())


def problem_list(problems: Sequence[Problem]) -> discord.Embed:
    """What is wrong, one field for each thing, with the remedy."""
    embed = discord.Embed(title="This cannot go out yet", colour=0xC0392B)
    for problem in problems[:SHOWN]:
        embed.add_field(name=problem.field, value=_problem(problem), inline=False)
    if len(problems) > SHOWN:
        embed.set_footer(text=f"and {len(problems) - SHOWN} more of the kind")
    return embed


def _problem(problem: Problem) -> str:
    """What is wrong and what to do; where it is too long, what to do stays."""
    remedy = words.clip(problem.remedy, 150)
    message = f"{problem.message[:1].upper()}{problem.message[1:]}"
    return f"{words.clip(message, 335 - len(remedy))}\n→ {remedy}"


async def reply(
    interaction: discord.Interaction,
    text: str = "",
    *,
    embed: discord.Embed = discord.utils.MISSING,
    view: discord.ui.View = discord.utils.MISSING,
    files: Sequence[discord.File] = (),
) -> None:
    """Answer whether or not the interaction was deferred."""
    done = interaction.response.is_done()
    send = interaction.followup.send if done else interaction.response.send_message
    await send(text, embed=embed, view=view, files=files, ephemeral=True)


async def defer(interaction: discord.Interaction) -> None:
    """Ask Discord for more time. Where it refuses, or is away, the work goes on."""
    try:
        await interaction.response.defer(ephemeral=True, thinking=True)
    except UNREACHABLE as error:
        log.warning("An interaction is not acknowledged, but its work is done: %s", error)


async def tell(interaction: discord.Interaction, embed: discord.Embed) -> None:
    """Say something more after an answer; where Discord does not take it, the log has it."""
    try:
        await interaction.followup.send(embed=embed, ephemeral=True)
    except UNREACHABLE as error:
        log.warning("Nobody can be told of “%s”: %s", embed.title, error)


async def defer_update(interaction: discord.Interaction) -> None:
    """Ask Discord for more time to change the private message in which something was pressed, or
    for an answer where there is none.
    """
    if not is_private(interaction):
        await defer(interaction)
        return
    try:
        await interaction.response.defer()
    except UNREACHABLE as error:
        log.warning("An interaction is not acknowledged, but its work is done: %s", error)


async def update(
    interaction: discord.Interaction,
    text: str = "",
    *,
    embed: discord.Embed | None = None,
    view: discord.ui.View | None = None,
    files: Sequence[discord.File] = (),
) -> None:
    """Answer in the place of the private message in which something was pressed, if there is one;
    what was attached to that goes.
    """
    if not is_private(interaction):
        missing = discord.utils.MISSING
        await reply(interaction, text, embed=embed or missing, view=view or missing, files=files)
        return
    done = interaction.response.is_done()
    edit = interaction.edit_original_response if done else interaction.response.edit_message
    await edit(content=text, embed=embed, view=view, attachments=files)


def is_private(interaction: discord.Interaction) -> bool:
    """Whether it was pressed in a message that one person alone sees."""
    return interaction.message is not None and interaction.message.flags.ephemeral


async def refuse(interaction: discord.Interaction, error: Exception) -> None:
    """Say what went wrong and what to do; what is not an error of ours is logged whole."""
    if not isinstance(error, CopydeskError):
        log.error("An interaction failed.", exc_info=error)
    try:
        if isinstance(error, InputError):
            await reply(interaction, embed=problem_list(error.problems))
        else:
            await reply(interaction, f"⚠️ {words.clip(_sentence(error), 1900)}")
    except UNREACHABLE as told:
        log.warning("Nobody can be told of “%s”: %s", error, told)


def _sentence(error: Exception) -> str:
    if isinstance(error, CopydeskError):
        return str(error)
    if isinstance(error, DatabaseAwayError):
        return (
            "Copydesk cannot write anything down now, so nothing was changed. Try again in a few "
            "minutes; if it stays so, whoever runs Copydesk finds the reason in its log."
        )
    return (
        f"Copydesk failed here ({type(error).__name__}). Try again; if it stays so, show whoever "
        f"runs it the log of {discord.utils.utcnow():%H:%M:%S} UTC."
    )
