"""Whether Copydesk can do its work in a channel."""

from dataclasses import replace

import discord

from bot.domain.server import Server
from bot.errors import Problem

CARD_PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    embed_links=True,
    attach_files=True,
    add_reactions=True,
    read_message_history=True,
    manage_messages=True,  # takes off reactions of people who may not decide
)
ORIGIN_PERMISSIONS = discord.Permissions(
    view_channel=True, send_messages=True, embed_links=True, read_message_history=True
)
THREAD_PERMISSIONS = discord.Permissions(create_public_threads=True, send_messages_in_threads=True)


def review_problems(guild: discord.Guild, server: Server) -> list[Problem]:
    """What keeps a post from being put before the approvers of this server."""
    if server.approvals_channel_id is None:
        return [Problem(field="Approvals channel", message="none is set.", remedy=_SETTINGS)]
    channel = guild.get_channel(server.approvals_channel_id)
    if channel is not None and (problem := _voters_problem(guild, server, _SETTINGS)):
        return [problem]
    return _card_problems(guild, server)


_SETTINGS = "An admin sets it with /desk settings."


def _card_problems(guild: discord.Guild, server: Server) -> list[Problem]:
    """What keeps cards out of the channel that was chosen for them."""
    channel = guild.get_channel(server.approvals_channel_id or 0)
    if channel is None:
        return [
            Problem(
                field="Approvals channel",
                message="the one that was set is gone, or closed to Copydesk.",
                remedy="An admin sets another with /desk settings.",
            )
        ]
    return missing(channel.mention, channel.permissions_for(guild.me), CARD_PERMISSIONS)


def _voters_problem(guild: discord.Guild, server: Server, settings: str) -> Problem | None:
    """Why some stage of approval could never be complete, whoever votes."""
    stages = () if server.rules.free else server.rules.stages
    for stage in stages:
        gone = [role for role in stage.roles if guild.get_role(role) is None]
        if stage.people and not gone:
            continue
        if not stage.roles or gone == [server.approver_role_id]:
            return Problem(field="Approver role", message="none is set.", remedy=settings)
        if len(gone) == len(stage.roles) or (gone and stage.each):
            return Problem(
                field="Approval",
                message="a role that approves is gone.",
                remedy="An admin names others with /desk approval.",
            )
    return None


_NO_THREADS = "Until an admin grants it, what belongs into a post's thread is said beside its card."
_NO_PING = (
    "An admin lets anyone @mention the role, in its settings, or grants Copydesk “Mention All Roles” "
    "in that channel."
)
_NO_FALLBACK = Problem(
    field="Fallback channel",
    message="the one that was set is gone, or closed to Copydesk.",
    remedy="An admin sets another with /desk settings.",
)


def setting_problems(guild: discord.Guild, server: Server) -> list[Problem]:
    """What is wrong with the settings of a server, also what only makes do without something."""
    return review_problems(guild, server) + _lesser_problems(guild, server)


def channel_problems(guild: discord.Guild, server: Server) -> list[Problem]:
    """What Copydesk lacks in the channels that were chosen so far."""
    found = _card_problems(guild, server) if server.approvals_channel_id else []
    return found + _lesser_problems(guild, server)


def _lesser_problems(guild: discord.Guild, server: Server) -> list[Problem]:
    """What Copydesk makes do without: threads, and the fallback channel."""
    found: list[Problem] = []
    cards = guild.get_channel(server.approvals_channel_id or 0)
    if cards is not None:
        lacking = missing(cards.mention, cards.permissions_for(guild.me), THREAD_PERMISSIONS)
        found += [replace(each, field="Threads", remedy=_NO_THREADS) for each in lacking]
        found += _unheard(guild, server, cards)
    if server.fallback_channel_id is not None:
        channel = guild.get_channel(server.fallback_channel_id)
        if channel is None:
            found.append(_NO_FALLBACK)
        else:
            granted = channel.permissions_for(guild.me)
            found += missing(channel.mention, granted, ORIGIN_PERMISSIONS)
    return found


def _unheard(
    guild: discord.Guild, server: Server, cards: discord.abc.GuildChannel
) -> list[Problem]:
    """The roles that are reminded of posts, and that Copydesk may not ping."""
    if cards.permissions_for(guild.me).mention_everyone:
        return []
    rules = server.rules
    named = [role for stage in rules.stages for role in stage.roles]
    named += [rules.escalate_role] if rules.escalate_role else []
    roles = [role for role in map(guild.get_role, dict.fromkeys(named)) if role]
    silent = [role.mention for role in roles if not role.mentionable]
    if not silent:
        return []
    message = f"Copydesk may not ping {', '.join(silent)}, so nobody hears its reminders."
    return [Problem(field="Reminders", message=message, remedy=_NO_PING)]


def origin_problems(interaction: discord.Interaction) -> list[Problem]:
    """What would keep the results of a post from being told where it is written."""
    needed = discord.Permissions(ORIGIN_PERMISSIONS.value)
    if isinstance(interaction.channel, discord.Thread):
        needed.update(send_messages=False, send_messages_in_threads=True)
    return missing(f"<#{interaction.channel_id}>", interaction.app_permissions, needed)


def missing(
    channel: str, granted: discord.Permissions, needed: discord.Permissions
) -> list[Problem]:
    """One problem that names every permission Copydesk lacks in a channel; none if it has all."""
    names = [
        name.replace("_", " ") for name, wanted in needed if wanted and not getattr(granted, name)
    ]
    if not names:
        return []
    return [
        Problem(
            field="Permissions",
            message=f"Copydesk lacks {', '.join(names)} in {channel}.",
            remedy="An admin grants it in the channel's settings.",
        )
    ]
