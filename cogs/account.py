"""/account: the social accounts behind the connected services."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.workflow import backups, configure, connect
from cogs.ui import answers, pauses, words


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(AccountCog(bot))


@app_commands.guild_only()
class AccountCog(
    commands.GroupCog, group_name="account", group_description="See the connected accounts"
):
    """The commands of /account."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command()
    async def check(self, interaction: discord.Interaction) -> None:
        """Read the accounts of every connected service anew"""
        await answers.defer(interaction)
        accounts = await connect.refresh(self.desk, interaction.guild_id or 0)
        names = await self._names(interaction)
        embed = discord.Embed(title="Accounts", colour=0x2F7FD1)
        lines = [words.account(item, names.get(item.backup_id or 0, "")) for item in accounts]
        words.add_lines(embed, "Read just now", lines)
        await answers.reply(interaction, embed=embed)

    @app_commands.command()
    @app_commands.describe(
        account="The account that may refuse",
        backup="The same social account at another connection; nothing to have none",
    )
    async def backup(
        self, interaction: discord.Interaction, account: int, backup: int | None = None
    ) -> None:
        """Name the account that takes over when another definitely refuses a post"""
        await answers.defer(interaction)
        server = await configure.get(self.desk, answers.guild(interaction).id)
        main, spare = await backups.choose(
            self.desk,
            server_id=server.server_id,
            user_id=interaction.user.id,
            account_id=account,
            backup_id=backup,
        )
        names = await self._names(interaction)
        said = f"{words.escape(names[main.id])} has no backup now."
        if spare:
            said = (
                f"The backup of {words.escape(names[main.id])} is {words.escape(names[spare.id])}."
            )
        if spare and not server.failover:
            said += " Failover is off here: turn it on with `/desk settings failover:on`."
        await answers.reply(interaction, said)

    @backup.autocomplete("account")
    async def accounts(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The accounts of this server, each with its connection."""
        return pauses.choices(await self._names(interaction), current)

    @backup.autocomplete("backup")
    async def fitting(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The accounts that may stand in for the one that is chosen."""
        known = await connect.accounts(self.desk, answers.guild(interaction).id)
        chosen = [item for item in known if str(item.id) == str(interaction.namespace.account)]
        fitting = (
            {item.id for item in known if backups.may_stand_in(chosen[0], item)} if chosen else ()
        )
        names = await self._names(interaction)
        return pauses.choices({key: names[key] for key in names if key in fitting}, current)

    async def _names(self, interaction: discord.Interaction) -> dict[int, str]:
        server_id = answers.guild(interaction).id
        accounts = await connect.accounts(self.desk, server_id)
        connections = await connect.connections(self.desk, server_id)
        return words.account_names(self.desk.services, accounts, connections)
