"""/desk: a server's settings, and what is paused in it."""

import zoneinfo
from functools import cache

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.approval import MOST_AHEAD, MOST_PEOPLE
from bot.domain.pause import Scope
from bot.domain.server import MOST_LATE
from bot.domain.times import Timing
from bot.workflow import configure, connect, first_run, pause, status
from bot.workflow.pause import Pauser
from cogs.ui import answers, ballots, forms, pauses, rule_text, shown
from cogs.ui import first_run as first_run_ui
from cogs.ui import status as status_ui

_ON = "on"
_SWITCH = [app_commands.Choice(name=value, value=value) for value in (_ON, "off")]


@cache
def _zones() -> list[str]:
    """Every zone there is; they are looked for in hundreds of files."""
    return sorted(zoneinfo.available_timezones())


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(DeskCog(bot))


@app_commands.guild_only()
class DeskCog(commands.GroupCog, group_name="desk", group_description="Run this server's desk"):
    """The commands of /desk."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command(name="setup")
    async def set_up(self, interaction: discord.Interaction) -> None:
        """Set this server up step by step; leave and come back as you like"""
        await answers.defer(interaction)
        guild = answers.guild(interaction)
        state = await first_run.progress(self.desk, guild.id)
        embed, view = first_run_ui.panel(state.next_step, state, guild, self.desk.services)
        await answers.reply(interaction, embed=embed, view=view)

    @app_commands.command()
    @app_commands.describe(
        approvals="The channel where posts are approved",
        approver="The role that approves posts",
        zone="The time zone of this server, such as Europe/Berlin",
        timing="Who keeps the time of posts that do not say",
        late="How many minutes late a post may still go out",
        slots="Weekly times for posts, such as tue,thu 9:00; fri 17:00, or none",
        fallback="The channel where is told what can be told nowhere else",
        failover="Whether what an account definitely refuses goes out through its backup",
        emoji="Four reactions: approve, reject, changes, hold; or usual",
        authors=f"The roles that write posts: {rule_text.BEARERS}",
        viewers=f"The roles that see what is planned: {rule_text.BEARERS}",
    )
    @app_commands.choices(timing=forms.TIMINGS, failover=_SWITCH)
    async def settings(
        self,
        interaction: discord.Interaction,
        approvals: discord.TextChannel | None = None,
        approver: discord.Role | None = None,
        zone: str | None = None,
        timing: str | None = None,
        late: app_commands.Range[int, 0, MOST_LATE] | None = None,
        slots: str | None = None,
        fallback: discord.TextChannel | None = None,
        failover: str | None = None,
        emoji: str | None = None,
        authors: str | None = None,
        viewers: str | None = None,
    ) -> None:
        """See the settings of this server, and change those you give"""
        await answers.defer(interaction)
        everyone = answers.guild(interaction).id
        if emoji is not None:
            await shown.check_emoji(answers.guild(interaction), emoji)
        server = await configure.change(
            self.desk,
            server_id=interaction.guild_id or 0,
            user_id=interaction.user.id,
            approvals_channel_id=approvals.id if approvals else None,
            approver_role_id=approver.id if approver else None,
            zone=zone,
            timing=Timing(timing) if timing else None,
            late_minutes=late,
            slots=slots,
            fallback_channel_id=fallback.id if fallback else None,
            failover=None if failover is None else failover == _ON,
            reactions=emoji,
            author_roles=rule_text.bearers(authors, everyone, "Authors"),
            viewer_roles=rule_text.bearers(viewers, everyone, "Viewers"),
        )
        await answers.reply(interaction, embed=shown.settings(interaction.guild, server))

    @app_commands.command()
    @app_commands.describe(
        stages=f"Who approves, in order: {rule_text.EXAMPLE}; or usual",
        needed="How many of those who are asked, where there is one stage",
        four_eyes="Whether the approval of whoever wrote on a post does not count",
        across_stages="Whether one person counts in several stages",
        free="Whose posts need no approval: nobody, everyone, or roles of authors who write alone",
        remind="Minutes before its time that whoever is still needed is reminded; 0 for never",
        escalate="The role that may decide too when a post's time is near, or nobody",
        escalate_before="How many minutes before its time that role may decide",
    )
    @app_commands.choices(four_eyes=_SWITCH, across_stages=_SWITCH)
    async def approval(
        self,
        interaction: discord.Interaction,
        stages: str | None = None,
        needed: app_commands.Range[int, 1, MOST_PEOPLE] | None = None,
        four_eyes: str | None = None,
        across_stages: str | None = None,
        free: str | None = None,
        remind: app_commands.Range[int, 0, MOST_AHEAD] | None = None,
        escalate: str | None = None,
        escalate_before: app_commands.Range[int, 1, MOST_AHEAD] | None = None,
    ) -> None:
        """See how posts are approved here, and change what you give"""
        await answers.defer(interaction)
        guild = answers.guild(interaction)
        before = (await configure.get(self.desk, guild.id)).approval
        rules = rule_text.changed(
            before,
            everyone=guild.id,
            stages_text=stages,
            needed=needed,
            four_eyes=None if four_eyes is None else four_eyes == _ON,
            across_stages=None if across_stages is None else across_stages == _ON,
            free_text=free,
            remind=remind,
            escalate_text=escalate,
            escalate_minutes=escalate_before,
        )
        server = await configure.change(
            self.desk, server_id=guild.id, user_id=interaction.user.id, approval=rules
        )
        embed = discord.Embed(title="Approval", description=ballots.rules(server), colour=0x2F7FD1)
        await answers.reply(interaction, embed=embed)

    @app_commands.command()
    async def status(self, interaction: discord.Interaction) -> None:
        """See what waits for you, and here: for votes, for its time, for people, for Discord"""
        await answers.defer(interaction)
        asker = status.Asker(user_id=interaction.user.id, roles=answers.roles(interaction))
        found = await status.status(self.desk, answers.guild(interaction).id, asker)
        await answers.reply(interaction, embed=status_ui.embed(found, self.desk.services))

    @app_commands.command()
    @app_commands.describe(what="How much", which="Which account or connection")
    @app_commands.choices(what=pauses.SCOPES)
    async def pause(self, interaction: discord.Interaction, what: str, which: int = 0) -> None:
        """Keep what waits from going out: of an account, a connection or this server"""
        await answers.defer(interaction)
        await pause.pause(self.desk, await self._pauser(interaction), Scope(what), which)
        await answers.reply(
            interaction, "Paused: nothing of it goes out until someone gives /desk resume."
        )

    @app_commands.command()
    @app_commands.describe(what="How much", which="Which account or connection")
    @app_commands.choices(what=pauses.SCOPES)
    async def resume(self, interaction: discord.Interaction, what: str, which: int = 0) -> None:
        """Let what was paused go out again"""
        await answers.defer(interaction)
        by = await self._pauser(interaction)
        left = await pause.resume(self.desk, by, Scope(what), which)
        said = "Resumed: what is not too late goes out; about the rest you are asked."
        await answers.reply(interaction, said + pauses.left(left))

    @pause.autocomplete("which")
    async def to_pause(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The accounts or connections of this server."""
        return pauses.choices(await self._named(interaction), current)

    @resume.autocomplete("which")
    async def to_resume(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """What is paused in this server."""
        found = await pause.find(self.desk, answers.guild(interaction).id)
        paused = {(item.scope, item.scope_id) for item in found}
        scope = str(interaction.namespace.what)
        offered = {
            item_id: name
            for item_id, name in (await self._named(interaction)).items()
            if (scope, item_id or interaction.guild_id) in paused
        }
        return pauses.choices(offered, current)

    async def _named(self, interaction: discord.Interaction) -> dict[int, str]:
        """What of the chosen scope this server has."""
        server_id = answers.guild(interaction).id
        accounts = await connect.accounts(self.desk, server_id)
        connections = await connect.connections(self.desk, server_id)
        scope = str(interaction.namespace.what)
        return pauses.named(scope, self.desk.services, accounts, connections)

    async def _pauser(self, interaction: discord.Interaction) -> Pauser:
        server = await configure.get(self.desk, answers.guild(interaction).id)
        may_decide = answers.is_approver(interaction, server)
        return Pauser(
            server_id=server.server_id, user_id=interaction.user.id, may_decide=may_decide
        )

    @settings.autocomplete("zone")
    async def zones(
        self, _interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """Zones whose name has what was typed."""
        wanted = current.lower().replace(" ", "_")
        found = [name for name in _zones() if wanted in name.lower()]
        return [app_commands.Choice(name=name, value=name) for name in found[: forms.MOST_OPTIONS]]
