"""/provider: connecting a server with publishing services, and what becomes of the connections."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.server import Connection
from bot.workflow import connect, keys
from bot.workflow.connect import LONGEST_NAME
from bot.workflow.disconnect import Waiting, disconnect
from bot.workflow.replace_key import replace_key
from bot.workflow.try_out import try_out
from cogs.ui import answers, connections, forms, pauses, sent_form, words
from providers.catalogue import PROVIDERS

SERVICES = [
    app_commands.Choice(name=kind.capabilities.label, value=name)
    for name, kind in PROVIDERS.items()
]
_WAITING = [
    app_commands.Choice(name=said, value=value.value) for value, said in connections.WAITING.items()
]


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(ProviderCog(bot))


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ProviderCog(
    commands.GroupCog, group_name="provider", group_description="Connect publishing services"
):
    """The commands of /provider, and the forms that take keys."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command()
    @app_commands.describe(service="Which service")
    @app_commands.choices(service=SERVICES)
    async def connect(
        self, interaction: discord.Interaction, service: app_commands.Choice[str]
    ) -> None:
        """Connect a service with its key"""
        capabilities = self.desk.services.capabilities(service.value)
        form = forms.connect_form(f"provider:connect:{service.value}", capabilities)
        await forms.show(interaction, form)

    @app_commands.command(name="list")
    async def list_(self, interaction: discord.Interaction) -> None:
        """See the connected services: keys, health, accounts, since when and by whom"""
        server_id = answers.guild(interaction).id
        found = await connect.connections(self.desk, server_id)
        accounts = await connect.accounts(self.desk, server_id)
        embed = connections.listed(self.desk.services, found, accounts)
        await answers.reply(interaction, embed=embed)

    @app_commands.command()
    @app_commands.describe(connection="Which connection")
    async def test(self, interaction: discord.Interaction, connection: int) -> None:
        """Ask a service how it is: how quickly it answers, its plan, accounts and what is left"""
        await answers.defer(interaction)
        found = await try_out(
            self.desk,
            server_id=answers.guild(interaction).id,
            connection_id=connection,
            user_id=interaction.user.id,
        )
        await answers.reply(interaction, embed=connections.tried(self.desk.services, found))

    @app_commands.command()
    @app_commands.describe(connection="Which connection", name="Its name; nothing to have none")
    async def rename(
        self,
        interaction: discord.Interaction,
        connection: int,
        name: app_commands.Range[str, 0, LONGEST_NAME] = "",
    ) -> None:
        """Give a connection a name"""
        await answers.defer(interaction)
        renamed = await connect.rename(
            self.desk,
            server_id=answers.guild(interaction).id,
            connection_id=connection,
            user_id=interaction.user.id,
            name=name,
        )
        await answers.reply(interaction, f"It is now: {words.escape(self._name(renamed))}")

    @app_commands.command(name="replace-key")
    @app_commands.describe(connection="Which connection")
    async def replace_key(self, interaction: discord.Interaction, connection: int) -> None:
        """Give a connection another key; its accounts and what waits for them stay"""
        found = await connect.find(
            self.desk, server_id=answers.guild(interaction).id, connection_id=connection
        )
        known = keys.not_secret(self.desk, found)
        await forms.show(interaction, connections.key_form(self.desk.services, found, known))

    @app_commands.command()
    @app_commands.describe(
        connection="Which connection", waiting="What becomes of posts that wait there"
    )
    @app_commands.choices(waiting=_WAITING)
    async def disconnect(
        self, interaction: discord.Interaction, connection: int, waiting: str | None = None
    ) -> None:
        """Disconnect a service and forget its key; what went out through it stays listed"""
        await answers.defer(interaction)
        server_id = answers.guild(interaction).id
        found = await connect.find(self.desk, server_id=server_id, connection_id=connection)
        chosen = Waiting(waiting) if waiting else None
        ids = await disconnect(
            self.desk,
            server_id=server_id,
            connection_id=connection,
            user_id=interaction.user.id,
            waiting=chosen,
        )
        await answers.reply(interaction, connections.disconnected(self._name(found), ids, chosen))

    @test.autocomplete("connection")
    @rename.autocomplete("connection")
    @replace_key.autocomplete("connection")
    @disconnect.autocomplete("connection")
    async def connections(
        self, interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[int]]:
        """The open connections of this server."""
        found = await connect.connections(self.desk, answers.guild(interaction).id)
        return pauses.choices({item.id: self._name(item) for item in found}, current)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a key that was sent, whichever process asked for it."""
        answered = sent_form.answers(interaction)
        if answered is None or not answered.custom_id.startswith("provider:"):
            return
        _, action, which = answered.custom_id.split(":")
        try:
            await answers.defer(interaction)
            if action == "connect":
                await self._connect(interaction, which, answered)
            else:
                await self._replace(interaction, int(which), answered)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _connect(
        self, interaction: discord.Interaction, service: str, answered: sent_form.Answers
    ) -> None:
        accounts = await connect.connect(
            self.desk,
            server_id=answers.guild(interaction).id,
            provider=service,
            credentials=answered.texts,
            user_id=interaction.user.id,
        )
        embed = connections.connected(self.desk.services, service, accounts)
        await answers.reply(interaction, embed=embed)

    async def _replace(
        self, interaction: discord.Interaction, connection_id: int, answered: sent_form.Answers
    ) -> None:
        server_id = answers.guild(interaction).id
        done = await replace_key(
            self.desk,
            server_id=server_id,
            connection_id=connection_id,
            credentials=answered.texts,
            user_id=interaction.user.id,
        )
        found = await connect.find(self.desk, server_id=server_id, connection_id=connection_id)
        await answers.reply(interaction, embed=connections.replaced(self._name(found), done))

    def _name(self, connection: Connection) -> str:
        return words.connection(self.desk.services, connection)
