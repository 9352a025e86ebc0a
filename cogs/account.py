"""/account: the social accounts behind the connected services."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.platform import LABELS, Platform
from bot.domain.rights import Right
from bot.errors import NotFoundError
from bot.workflow import accounts, backups, configure, connect, joining, sets
from cogs.ui import accounts as account_list
from cogs.ui import answers, choices, forms, rights, sent_form, words
from cogs.ui import joining as joining_ui

_SET_FORM = "account:set:"


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(AccountCog(bot))


@app_commands.guild_only()
class AccountCog(
    commands.GroupCog, group_name="account", group_description="See and connect accounts"
):
    """The commands of /account, and the form of a set."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command(name="list")
    async def see(self, interaction: discord.Interaction) -> None:
        """See the connected accounts: how they are, what they take, what goes out next"""
        await answers.defer(interaction)
        await self._show_list(interaction, is_refreshed=False)

    @app_commands.command()
    async def check(self, interaction: discord.Interaction) -> None:
        """Read the accounts of every connected service anew"""
        await answers.defer(interaction)
        await self._show_list(interaction, is_refreshed=True)

    @app_commands.command()
    @app_commands.describe(
        connection="The service that is to have it", platform="Where the account is"
    )
    async def connect(
        self,
        interaction: discord.Interaction,
        connection: int | None = None,
        platform: str | None = None,
    ) -> None:
        """Connect a social account to a connected service"""
        await answers.defer(interaction)
        chosen = Platform(platform) if platform in LABELS else None
        server_id = answers.guild(interaction).id
        embed, view = await joining_ui.begin(self.desk, server_id, connection, chosen)
        await answers.reply(interaction, embed=embed, view=view or discord.utils.MISSING)

    @app_commands.command()
    @app_commands.describe(
        account="Which account",
        name="What it is called here; none takes the name back",
        emoji="What stands before its name; none takes it away",
    )
    async def rename(
        self,
        interaction: discord.Interaction,
        account: int,
        name: str | None = None,
        emoji: str | None = None,
    ) -> None:
        """Call an account as your team does, wherever it is named"""
        await answers.defer(interaction)
        renamed = await accounts.rename(
            self.desk,
            server_id=answers.guild(interaction).id,
            user_id=interaction.user.id,
            account_id=account,
            nickname=name,
            emoji=emoji,
        )
        await answers.reply(interaction, f"It is called {words.escape(renamed.label)} from now on.")

    @app_commands.command(name="set")
    @app_commands.describe(
        name="Of a set there is, or a new one, such as Brand A", delete="Forget this set"
    )
    async def keep_together(
        self,
        interaction: discord.Interaction,
        name: app_commands.Range[str, 1, sets.LONGEST_NAME],
        delete: bool = False,
    ) -> None:
        """Keep accounts together, to choose them at once for a post"""
        server_id = answers.guild(interaction).id
        if delete:
            await answers.defer(interaction)
            await sets.remove(
                self.desk, server_id=server_id, user_id=interaction.user.id, name=name
            )
            await answers.reply(interaction, f"The set {words.escape(name)} is deleted.")
            return
        known = await connect.accounts(self.desk, server_id)
        if not known:
            raise NotFoundError(
                "No account is connected.", remedy="Connect one with /account connect."
            )
        kept = next(
            (item for item in await sets.find(self.desk, server_id) if item.name == name), None
        )
        await forms.show(
            interaction, account_list.set_form(f"{_SET_FORM}{name}", name, known, kept)
        )

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
        said = account_list.backed(main, spare, self.desk.services, failover=server.failover)
        await answers.reply(interaction, said)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take the form of a set, whichever process opened it."""
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith(_SET_FORM):
            return
        try:
            await answers.defer(interaction)
            await rights.check(interaction, self.desk, Right.MANAGE)
            await self._keep_set(interaction, answered)
        except Exception as error:
            await answers.refuse(interaction, error)

    @backup.autocomplete("account")
    @rename.autocomplete("account")
    async def account_names(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The accounts of this server."""
        return await choices.accounts(self.desk, answers.guild(interaction).id, current)

    @backup.autocomplete("backup")
    async def fitting(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The accounts that may stand in for the one that is chosen."""
        server_id, chosen = answers.guild(interaction).id, str(interaction.namespace.account)
        return await choices.backups_for(self.desk, server_id, chosen, current)

    @connect.autocomplete("connection")
    async def connections(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The connections of this server."""
        found = await joining.connections(self.desk, answers.guild(interaction).id)
        return choices.connections(self.desk, found, current)

    @connect.autocomplete("platform")
    async def platforms(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The platforms that the chosen connection, or any, connects from here."""
        found = await joining.connections(self.desk, answers.guild(interaction).id)
        chosen = str(interaction.namespace.connection)
        mine = [item for item in found if str(item.id) == chosen] or found
        return choices.platforms(self.desk, mine, current)

    @keep_together.autocomplete("name")
    async def set_names(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        """The sets of this server."""
        return await choices.account_sets(self.desk, answers.guild(interaction).id, current)

    async def _show_list(self, interaction: discord.Interaction, *, is_refreshed: bool) -> None:
        server_id = answers.guild(interaction).id
        problems = await accounts.refresh(self.desk, server_id) if is_refreshed else []
        listed = await accounts.overview(self.desk, server_id)
        embeds, view = account_list.page(listed, 0, self.desk.services, problems)
        await interaction.followup.send(embeds=embeds, view=view, ephemeral=True)

    async def _keep_set(
        self, interaction: discord.Interaction, answered: sent_form.Answers
    ) -> None:
        kept = await sets.save(
            self.desk,
            server_id=answers.guild(interaction).id,
            user_id=interaction.user.id,
            name=answered.custom_id.removeprefix(_SET_FORM),
            account_ids=account_list.chosen(answered),
        )
        await answers.reply(interaction, account_list.kept(kept))
