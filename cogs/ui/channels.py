"""Whether Copydesk can do its work in a channel."""

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


def review_problems(guild: discord.Guild, server: Server) -> list[Problem]:
    """What keeps a post from being put before the approvers of this server."""
    settings = "An admin sets it with /desk settings."
    if server.approvals_channel_id is None:
        return [Problem(field="Approvals channel", message="none is set.", remedy=settings)]
    channel = guild.get_channel(server.approvals_channel_id)
    if channel is None:
        return [
            Problem(
                field="Approvals channel",
                message="the one that was set is gone, or closed to Copydesk.",
                remedy="An admin sets another with /desk settings.",
            )
        ]
    if server.approver_role_id is None or guild.get_role(server.approver_role_id) is None:
        return [Problem(field="Approver role", message="none is set.", remedy=settings)]
    return missing(channel.mention, channel.permissions_for(guild.me), CARD_PERMISSIONS)


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
