"""A server's settings as they are shown."""

from collections.abc import Sequence

import discord

from bot.domain import marks
from bot.domain.server import Server
from bot.domain.weekly import in_words, parse_weekly
from bot.errors import InputError, Problem
from cogs.ui import ballots, channels, words

_FOREIGN = Problem(
    field="Emoji",
    message="one of them belongs to another server.",
    remedy="Give emoji of this server, or those that everyone has.",
)


def settings(guild: discord.Guild | None, server: Server) -> discord.Embed:
    """The settings of a server, and what is wrong with them."""
    channel, role = server.approvals_channel_id, server.approver_role_id
    embed = discord.Embed(title="Settings of this server", colour=0x2F7FD1)
    embed.add_field(name="Approvals channel", value=f"<#{channel}>" if channel else "none yet")
    embed.add_field(name="Approver role", value=f"<@&{role}>" if role else "none yet")
    embed.add_field(name="Approval", value=ballots.rules(server), inline=False)
    embed.add_field(name="Authors", value=_bearers(server.author_roles, "all who see"))
    embed.add_field(name="Viewers", value=_bearers(server.viewer_roles, "everyone"))
    embed.add_field(name="Reactions", value=" ".join(server.reactions.values()))
    embed.add_field(name="Zone", value=server.zone)
    embed.add_field(name="Who keeps the time", value=words.TIMINGS[server.timing])
    embed.add_field(name="May be late", value=f"{server.late_minutes} min")
    weekly = in_words(parse_weekly(server.slots, "Slots"))
    embed.add_field(name="Slots", value=words.clip(weekly, 1024) or "none")
    fallback = server.fallback_channel_id
    embed.add_field(name="Fallback channel", value=f"<#{fallback}>" if fallback else "none")
    embed.add_field(name="Failover", value="on" if server.failover else "off")
    for problem in channels.setting_problems(guild, server) if guild else []:
        embed.add_field(
            name=f"⚠️ {problem.field}", value=f"{problem.message} {problem.remedy}", inline=False
        )
    return embed


def _bearers(roles: Sequence[int], otherwise: str) -> str:
    return words.clip(" ".join(f"<@&{role}>" for role in roles), 1024) or otherwise


async def check_emoji(guild: discord.Guild, text: str) -> None:
    """Raise InputError where reactions that an admin types are another server's own."""
    for emoji_id in marks.custom_ids(text):
        try:
            await guild.fetch_emoji(emoji_id)
        except discord.NotFound:
            raise InputError([_FOREIGN]) from None
