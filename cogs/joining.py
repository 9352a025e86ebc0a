"""Buttons about accounts: reading them anew, and connecting one by an address or a picture."""

import io
import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.client import Copydesk
from bot.domain.platform import Platform
from bot.domain.rights import Right
from bot.errors import CopydeskError
from bot.workflow import accounts, connect, health, joining, keys
from bot.workflow.in_flight import InFlight
from cogs.ui import account_items, answers, connections, forms, rights
from cogs.ui import accounts as account_list
from cogs.ui import joining as shown
from cogs.ui.followed_code import FollowedCode
from db.joinings import Joining
from providers.connecting import CodeProgress, CodeState

log = logging.getLogger(__name__)

UNLOAD_SECONDS = 0.5

CODE_EVERY = timedelta(seconds=5)
"""How often a code is asked about: WAHDX wants 5 to 10."""


async def setup(bot: Copydesk) -> None:
    """Load this cog."""
    bot.add_dynamic_items(account_items.AccountButton, account_items.AccountSelect)
    cog = JoiningCog(bot)
    await bot.add_cog(cog)
    bot.scheduler.add("codes", cog.tick, nudged=False)


class JoiningCog(commands.Cog):
    """Takes the buttons, and follows codes while their messages can be changed."""

    def __init__(self, bot: Copydesk) -> None:
        self.desk = bot.desk
        self.bot = bot
        self._in_flight = InFlight()
        self._codes: dict[int, FollowedCode] = {}  # by the message that shows it

    async def cog_unload(self) -> None:
        """Leave the codes: whoever uses one is told in the channel."""
        await self.drain(UNLOAD_SECONDS)

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
                await self._open_key_form(interaction, item_id)

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

    async def _open_key_form(self, interaction: discord.Interaction, connection_id: int) -> None:
        server_id = answers.guild(interaction).id
        found = await connect.find(self.desk, server_id=server_id, connection_id=connection_id)
        known = keys.not_secret(self.desk, found)
        await forms.show(interaction, connections.key_form(self.desk.services, found, known))

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
        now = self.desk.now()
        followed = FollowedCode(
            interaction, wanted, made.token, now + made.expires_in, now + CODE_EVERY
        )
        embed, view = followed.panel()
        picture = discord.File(io.BytesIO(made.image), filename=shown.PICTURE)
        message = await interaction.edit_original_response(
            embed=embed, view=view, attachments=[picture]
        )
        self._codes[message.id] = followed  # in the place of the one that it showed before

    async def tick(self) -> None:
        """Ask how far the codes are that are shown, and say so in their messages."""
        now = self.desk.now()
        for message_id, followed in list(self._codes.items()):
            if followed.ask_at <= now:
                followed.ask_at = now + CODE_EVERY
                self._in_flight.start(self._follow(message_id, followed))

    async def drain(self, seconds: float) -> None:
        """Let questions under way be answered."""
        await self._in_flight.drain(seconds)

    async def _follow(self, message_id: int, followed: FollowedCode) -> None:
        told = await self._progress(followed)
        if self._codes.get(message_id) is not followed:
            return  # the message shows another by now
        if told.state in shown.ENDED:
            del self._codes[message_id]
        if told.state is followed.progress.state:
            return
        followed.progress = told
        try:
            await followed.show()
        except answers.UNREACHABLE as error:
            log.warning("A code's message cannot be changed any more: %s", error)
            self._codes.pop(message_id, None)

    async def _progress(self, followed: FollowedCode) -> CodeProgress:
        try:
            told = await joining.progress(self.desk, followed.wanted, followed.token)
        except CopydeskError as error:
            log.warning("A code cannot be asked about now: %s", error)
            told = followed.progress
        if told.state not in shown.ENDED and self.desk.now() >= followed.until:
            return CodeProgress(state=CodeState.EXPIRED)
        return told


def _wanted(interaction: discord.Interaction, connection_id: int, platform: str) -> Joining:
    return Joining(
        server_id=answers.guild(interaction).id,
        connection_id=connection_id,
        platform=Platform(platform),
        user_id=interaction.user.id,
        channel_id=interaction.channel_id or 0,
    )
