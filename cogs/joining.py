"""Buttons about accounts: reading them anew, and connecting one by an address or a picture."""

import asyncio
import io
import logging

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.platform import Platform
from bot.domain.rights import Right
from bot.errors import CopydeskError
from bot.workflow import accounts, health, joining
from bot.workflow.in_flight import InFlight
from cogs.ui import account_items, answers, rights
from cogs.ui import accounts as account_list
from cogs.ui import joining as shown
from db.joinings import Joining
from providers.connecting import CodeProgress, CodeState, ConnectCode

log = logging.getLogger(__name__)

CODE_SECONDS = 5.0
"""How often a code is asked about: WAHDX wants 5 to 10."""


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(account_items.AccountButton, account_items.AccountSelect)
    await bot.add_cog(JoiningCog(bot))


class JoiningCog(commands.Cog):
    """Takes the buttons, and follows codes while their messages can be changed."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk
        self.bot = bot
        self.code_seconds = CODE_SECONDS
        self._in_flight = InFlight()
        self._codes: dict[int, str] = {}  # the token that a message shows now

    async def cog_unload(self) -> None:
        """Leave the codes: whoever uses one is told in the channel."""
        await self._in_flight.drain(0)

    @commands.Cog.listener()
    async def on_account(
        self, interaction: discord.Interaction, what: str, item_id: int, platform: str
    ) -> None:
        """Do what a button says."""
        try:
            await self._pressed(interaction, what, item_id, platform)
        except Exception as error:
            await answers.refuse(interaction, error)

    async def _pressed(
        self, interaction: discord.Interaction, what: str, item_id: int, platform: str
    ) -> None:
        is_reading = what in {"page", "refresh", "read"}
        right = Right.SEE if is_reading else Right.MANAGE
        await rights.check(interaction, self.desk, right)
        match what:
            case "page" | "refresh":
                await self._list(interaction, item_id, is_refreshed=what == "refresh")
            case "read":
                await self._read(interaction, item_id)
            case "connect":
                chosen = Platform(platform) if platform else None
                await self._begin(interaction, item_id, chosen)
            case "link":
                await self._link(interaction, _wanted(interaction, item_id, platform))
            case "code":
                await self._code(interaction, _wanted(interaction, item_id, platform))
            case _:
                interaction.client.dispatch("key_wanted", interaction, item_id)

    async def _list(
        self, interaction: discord.Interaction, number: int, *, is_refreshed: bool
    ) -> None:
        await interaction.response.defer()
        server_id = answers.guild(interaction).id
        problems = await accounts.refresh(self.desk, server_id) if is_refreshed else []
        listed = await accounts.overview(self.desk, server_id)
        embeds, view = account_list.page(listed, number, self.desk.services, problems)
        await interaction.edit_original_response(embeds=embeds, view=view)

    async def _read(self, interaction: discord.Interaction, connection_id: int) -> None:
        await answers.defer(interaction)
        found = await health.read(self.desk, answers.guild(interaction).id, connection_id)
        broken = [account.label for account in found if not account.health.is_usable]
        said = f"Still to be connected again: {', '.join(broken)}." if broken else "All is well."
        await answers.reply(interaction, said[:1900])

    async def _begin(
        self, interaction: discord.Interaction, connection_id: int, platform: Platform | None
    ) -> None:
        server_id = answers.guild(interaction).id
        embed, view = await shown.begin(self.desk, server_id, connection_id, platform)
        message = interaction.message
        if message and message.flags.ephemeral:
            await interaction.response.edit_message(embed=embed, view=view)
        else:
            await answers.reply(interaction, embed=embed, view=view or discord.utils.MISSING)

    async def _link(self, interaction: discord.Interaction, wanted: Joining) -> None:
        await interaction.response.defer()
        link = await joining.link(self.desk, wanted)
        embed, view = shown.given(link, wanted.connection_id, wanted.platform)
        await interaction.edit_original_response(embed=embed, view=view)

    async def _code(self, interaction: discord.Interaction, wanted: Joining) -> None:
        await interaction.response.defer()
        made = await joining.code(self.desk, wanted)
        if interaction.message:
            self._codes[interaction.message.id] = made.token
        until = self.desk.now() + made.expires_in
        new = CodeProgress(state=CodeState.NEW)
        embed, view = shown.code(new, until, wanted.connection_id, wanted.platform)
        picture = discord.File(io.BytesIO(made.image), filename=shown.PICTURE)
        await interaction.edit_original_response(embed=embed, view=view, attachments=[picture])
        self._in_flight.start(self._follow(interaction, wanted, made))

    async def _follow(
        self, interaction: discord.Interaction, wanted: Joining, made: ConnectCode
    ) -> None:
        """Say in the message how far its code is, until it is over or another is shown there."""
        until = self.desk.now() + made.expires_in
        before = CodeState.NEW
        while before not in shown.ENDED and self._is_shown(interaction, made):
            await asyncio.sleep(self.code_seconds)
            told = await self._progress(wanted, made)
            if told is None and self.desk.now() >= until:
                told = CodeProgress(state=CodeState.EXPIRED)
            if told is None or told.state is before or not self._is_shown(interaction, made):
                continue
            before = told.state
            embed, view = shown.code(told, until, wanted.connection_id, wanted.platform)
            try:
                await self._edit(interaction, embed, view, is_over=before in shown.ENDED)
            except answers.UNREACHABLE as error:
                log.warning("A code's message cannot be changed any more: %s", error)
                return

    async def _edit(
        self,
        interaction: discord.Interaction,
        embed: discord.Embed,
        view: discord.ui.View | None,
        *,
        is_over: bool,
    ) -> None:
        """Change the message; the picture stays until its code is over."""
        if is_over:
            await interaction.edit_original_response(embed=embed, view=view, attachments=[])
        else:
            await interaction.edit_original_response(embed=embed, view=view)

    async def _progress(self, wanted: Joining, made: ConnectCode) -> CodeProgress | None:
        try:
            return await joining.progress(self.desk, wanted, made.token)
        except CopydeskError as error:
            log.warning("A code cannot be asked about now: %s", error)
            return None

    def _is_shown(self, interaction: discord.Interaction, made: ConnectCode) -> bool:
        message = interaction.message
        return message is not None and self._codes.get(message.id) == made.token


def _wanted(interaction: discord.Interaction, connection_id: int, platform: str) -> Joining:
    return Joining(
        server_id=answers.guild(interaction).id,
        connection_id=connection_id,
        platform=Platform(platform),
        user_id=interaction.user.id,
        channel_id=interaction.channel_id or 0,
    )
