"""A server's settings as they are shown."""

import discord

from bot.domain.server import Server
from bot.domain.weekly import in_words, parse_weekly
from cogs.ui import ballots, channels, words


def settings(guild: discord.Guild | None, server: Server) -> discord.Embed:
    """The settings of a server, and what is wrong with them."""
    channel, role = server.approvals_channel_id, server.approver_role_id
    embed = discord.Embed(title="Settings of this server", colour=0x2F7FD1)
    embed.add_field(name="Approvals channel", value=f"<#{channel}>" if channel else "none yet")
    embed.add_field(name="Approver role", value=f"<@&{role}>" if role else "none yet")
    embed.add_field(name="Approval", value=ballots.rules(server), inline=False)
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
