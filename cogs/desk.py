"""/desk: a server's settings."""

import zoneinfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.server import Server
from bot.workflow import configure
from cogs.ui import answers, channels, forms


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(DeskCog(bot))


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class DeskCog(commands.GroupCog, group_name="desk", group_description="Set up this server"):
    """The commands of /desk."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk
        self._zones = sorted(zoneinfo.available_timezones())

    @app_commands.command()
    @app_commands.describe(
        approvals="The channel where posts are approved",
        approver="The role that approves posts",
        zone="The time zone of this server, such as Europe/Berlin",
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def settings(
        self,
        interaction: discord.Interaction,
        approvals: discord.TextChannel | None = None,
        approver: discord.Role | None = None,
        zone: str | None = None,
    ) -> None:
        """See the settings of this server, and change those you give"""
        await answers.defer(interaction)
        server = await configure.change(
            self.desk,
            server_id=interaction.guild_id or 0,
            user_id=interaction.user.id,
            approvals_channel_id=approvals.id if approvals else None,
            approver_role_id=approver.id if approver else None,
            zone=zone,
        )
        await answers.reply(interaction, embed=_settings(interaction.guild, server))

    @settings.autocomplete("zone")
    async def zones(
        self, _interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Zones whose name has what was typed."""
        wanted = current.lower().replace(" ", "_")
        found = [name for name in self._zones if wanted in name.lower()]
        return [app_commands.Choice(name=name, value=name) for name in found[: forms.MOST_OPTIONS]]


def _settings(guild: discord.Guild | None, server: Server) -> discord.Embed:
    channel, role = server.approvals_channel_id, server.approver_role_id
    embed = discord.Embed(title="Settings of this server", colour=0x2F7FD1)
    embed.add_field(name="Approvals channel", value=f"<#{channel}>" if channel else "none yet")
    embed.add_field(name="Approver role", value=f"<@&{role}>" if role else "none yet")
    embed.add_field(name="Zone", value=server.zone)
    for problem in channels.review_problems(guild, server) if guild else []:
        embed.add_field(
            name=f"⚠️ {problem.field}", value=f"{problem.message} {problem.remedy}", inline=False
        )
    return embed
