"""The Discord client: it loads the cogs by name and gives them the desk."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import import_module
from typing import Any, Protocol

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route
from typing_extensions import override

from bot.errors import SetupError
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.turns import trace
from bot.workflow.desk import Desk
from bot.workflow.intake import Upload
from providers.fetcher import Fetcher

log = logging.getLogger(__name__)

COGS = (
    "cogs.errors",
    "cogs.rights",
    "cogs.announcer",
    "cogs.notices",
    "cogs.review",
    "cogs.replies",
    "cogs.gone",
    "cogs.catch_up",
    "cogs.vote",
    "cogs.post",
    "cogs.take_over",
    "cogs.clips",
    "cogs.clip_news",
    "cogs.draft",
    "cogs.draft_form",
    "cogs.redraft",
    "cogs.sharing",
    "cogs.history",
    "cogs.preview",
    "cogs.trouble",
    "cogs.account",
    "cogs.joining",
    "cogs.provider",
    "cogs.queue",
    "cogs.desk",
    "cogs.first_run",
)

# None of these is privileged: own messages and replies that ping carry their content, interactions
# what they need; of all other messages Discord tells that there is one.
INTENTS = discord.Intents(guilds=True, guild_reactions=True, guild_messages=True)


discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it never speaks aloud


class Sent(Protocol):
    """A file that Discord has: an attachment, or an entry of a form."""

    @property
    def filename(self) -> str:
        """What it was called by who sent it."""
        ...

    @property
    def url(self) -> str:
        """Where its bytes are, for a while."""
        ...


class Cdn(Protocol):
    """What reads files from Discord."""

    def stream(self, url: str) -> AsyncIterator[bytes]:
        """The bytes behind an address in pieces. Raises ProviderError."""
        ...


Admit = Callable[["discord.Interaction[Copydesk]"], Awaitable[bool]]
"""Says of what someone does (a command, button, menu, form) whether they may, and answers where not."""


async def _nobody(_interaction: "discord.Interaction[Copydesk]") -> bool:
    return False  # until the cog that knows the rights is loaded


class Admitted:
    """For dynamic items: what a button or menu does is done for whoever may, and when it is used."""

    async def interaction_check(self, interaction: "discord.Interaction[Any]", /) -> bool:
        """Ask at the door."""
        return await interaction.client.admit(interaction)


class _Tree(app_commands.CommandTree["Copydesk"]):
    @override
    async def interaction_check(self, interaction: "discord.Interaction[Copydesk]", /) -> bool:
        return await self.client.admit(interaction)


class Copydesk(commands.Bot):
    """The bot. Cogs find the desk and the scheduler here; one says whom to `admit`."""

    def __init__(self, desk: Desk, scheduler: Scheduler, cdn: Cdn | None = None) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            tree_cls=_Tree,
            help_command=None,
            intents=INTENTS,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            guild_ready_timeout=0.5,  # seconds between guilds at the start; 2 would keep it silent
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=trace(lambda: Route.BASE),
        )
        self.desk = desk
        self.scheduler = scheduler
        self.admit: Admit = _nobody
        self._loaded = 0
        self._forms = set[asyncio.Task[None]]()
        self._cdn = cdn or Fetcher()

    def upload(self, sent: Sent) -> Upload:
        """A file that someone sent to Discord, to be taken in at once: its link ends soon."""
        return Upload(filename=sent.filename, content=lambda: self._cdn.stream(sent.url))

    async def setup_hook(self) -> None:
        """Load the cogs and make Discord's list of commands equal to ours."""
        for name in COGS[self._loaded :]:  # an earlier try may have failed after some
            await import_module(name).setup(self)
            self._loaded += 1
        await self.tree.sync()

    @override
    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell the cogs of an event; of a form that was sent, once it is known that it may be."""
        if event_name == "interaction" and args[0].type is discord.InteractionType.modal_submit:
            task = asyncio.create_task(self._take_form(args[0]))
            self._forms.add(task)
            task.add_done_callback(self._forms.discard)
        else:
            super().dispatch(event_name, *args, **kwargs)

    async def _take_form(self, interaction: "discord.Interaction[Copydesk]") -> None:
        if await self.admit(interaction):
            super().dispatch("interaction", interaction)

    @override
    async def on_message(self, message: discord.Message, /) -> None:
        """Read no commands in messages: a cog takes the replies that answer a question."""

    async def run_until_closed(self, token: str) -> None:
        """Connect, as often as it takes, until `close`; raises SetupError for a wrong token."""
        delay = 1.0
        while not self.is_closed():
            try:
                await self.login(token)
                break
            except discord.LoginFailure:
                raise SetupError(
                    "Discord refuses the token.", remedy="Copy it anew into DISCORD_TOKEN."
                ) from None
            except (OSError, aiohttp.ClientError, discord.HTTPException) as error:
                log.warning("Discord cannot be reached (%s); again in %.0f s.", error, delay)
                await self.http.close()
                self.http.connector = discord.utils.MISSING  # it was closed with its session
                await asyncio.sleep(delay)
                delay = min(delay * 2, 60)
        if not self.is_closed():
            await self.connect(reconnect=True)


def cdn_of(settings: Settings) -> Fetcher:
    """What reads files from Discord, or from the server that stands in for it."""
    host = yarl.URL(settings.discord_api_url).host if settings.discord_api_url else None
    return Fetcher([host] if host else ())


def point_at(settings: Settings) -> None:
    """Have discord.py talk to another Discord-compatible server, when one is configured."""
    if settings.discord_api_url:
        root = yarl.URL(settings.discord_api_url)
        Route.BASE = str(root)
        discord.Asset.BASE = str(root.origin() / "cdn")  # pyright: ignore[reportAttributeAccessIssue]
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)
