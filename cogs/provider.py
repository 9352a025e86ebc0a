"""/provider: connecting a server with a publishing service."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Copydesk
from bot.errors import NotAllowedError
from bot.workflow import connect
from cogs.ui import answers, forms, words
from providers.catalogue import PROVIDERS

SERVICES = [
    app_commands.Choice(name=kind.capabilities.label, value=name)
    for name, kind in PROVIDERS.items()
]


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    await bot.add_cog(ProviderCog(bot))


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ProviderCog(
    commands.GroupCog, group_name="provider", group_description="Connect publishing services"
):
    """The commands of /provider, and the form that takes the key."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk

    @app_commands.command()
    @app_commands.describe(service="Which service")
    @app_commands.choices(service=SERVICES)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def connect(
        self, interaction: discord.Interaction, service: app_commands.Choice[str]
    ) -> None:
        """Connect a service with its key"""
        capabilities = self.desk.services.capabilities(service.value)
        form = forms.connect_form(f"provider:connect:{service.value}", capabilities)
        await forms.show(interaction, form)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take a key that was sent, whichever process asked for it."""
        answered = forms.answers(interaction)
        if answered is None or not answered.custom_id.startswith("provider:connect:"):
            return
        try:
            await answers.defer(interaction)
            await self._connect(interaction, answered)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _connect(self, interaction: discord.Interaction, answered: forms.Answers) -> None:
        if not interaction.permissions.manage_guild:
            raise NotAllowedError(
                "Connecting a service needs the permission: manage server.", remedy="Ask an admin."
            )
        service = answered.custom_id.rpartition(":")[2]
        accounts = await connect.connect(
            self.desk,
            server_id=interaction.guild_id or 0,
            provider=service,
            credentials=answered.texts,
            user_id=interaction.user.id,
        )
        label = self.desk.services.capabilities(service).label
        embed = discord.Embed(title=f"{label} is connected", colour=0x2E9E5B)
        words.add_lines(embed, "Accounts", [words.account(account) for account in accounts])
        await answers.reply(interaction, embed=embed)
