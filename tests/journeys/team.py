"""A team on simcord's Discord with the whole bot behind it: database, files, HTTP, simulated WAHDX.

Only Discord and the clock are stand-ins. Nothing ticks by itself: a test says when.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp
import discord
import simcord
from aiohttp import web
from simcord import InteractionResult

from bot.client import Copydesk
from bot.errors import TryLaterError
from bot.scheduler import Scheduler
from bot.storage import Storage
from bot.vault import Vault, load_keys
from bot.web import build
from bot.workflow import cancel, configure, connect, remind
from bot.workflow.cut import Cutter
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from bot.workflow.publish import Publisher
from bot.workflow.services import Services
from bot.workflow.track import Tracker
from bot.workflow.warn import Warner
from bot.workflow.watch import Watcher
from db.database import Database
from sandbox.services.base import FeedPost, Pace
from sandbox.services.wahdx.service import Wahdx
from tests import pictures
from tests.scripted import Clock

TIKTOK, INSTAGRAM, THREADS, FACEBOOK = (
    f"{platform} · Harbour Coffee" for platform in ("TikTok", "Instagram", "Threads", "Facebook")
)
EXPIRED = "Facebook · Harbour Coffee (old page)"
KEY = "sk_canary_0123456789_never_shown"
WAYIN_KEY = "wayin_canary_0123456789_never_shown"
AT_ONCE = Pace(processing=0, public=0, slow=0.2)
JPEG, MP4 = pictures.JPEG, pictures.video()
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)  # where simcord's clock begins
HERE = "127.0.0.1"
FILES = 19  # Discord's type of a file upload
DEADLINE = 5.0  # seconds of the real clock that anything may take


@dataclass(kw_only=True)
class Team:
    """The people, channels and machines of a test."""

    env: simcord.Env
    desk: Desk
    clock: Clock
    wahdx: Wahdx
    folder: Path
    guild: simcord.GuildHandle = field(init=False)
    social: simcord.ChannelHandle = field(init=False)
    approvals: simcord.ChannelHandle = field(init=False)
    role: simcord.RoleHandle = field(init=False)
    admin: simcord.MemberActor = field(init=False)
    author: simcord.MemberActor = field(init=False)
    approver: simcord.MemberActor = field(init=False)
    stranger: simcord.MemberActor = field(init=False)

    def __post_init__(self) -> None:
        self.guild = self.env.create_guild("Harbour")
        self.social = self.guild.create_text_channel("social")
        self.approvals = self.guild.create_text_channel("approvals")
        self.role = self.guild.create_role("Approver")
        admin = self.guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
        self.admin = self._member("ada", admin)
        self.author = self._member("ann")
        self.approver = self._member("paul", self.role)
        self.stranger = self._member("sam")
        self._build_machine()

    def _build_machine(self) -> None:
        self.publisher, self.tracker = Publisher(self.desk), Tracker(self.desk)
        self.warner, self.watcher = Warner(self.desk), Watcher(self.desk)
        self.cutter = Cutter(self.desk)

    def _member(self, name: str, *roles: simcord.RoleHandle) -> simcord.MemberActor:
        return self.guild.add_member(self.env.create_user(name), roles=roles)

    async def set_up(self, zone: str = "UTC") -> None:
        """Have the settings made and WAHDX connected, as an admin does in `test_set_up`."""
        await configure.change(
            self.desk,
            server_id=self.guild.id,
            user_id=self.admin.id,
            approvals_channel_id=self.approvals.id,
            approver_role_id=self.role.id,
            zone=zone,
        )
        await connect.connect(
            self.desk,
            server_id=self.guild.id,
            provider="wahdx",
            credentials={"key": KEY},
            user_id=self.admin.id,
        )

    async def account(self, label: str) -> str:
        """The value that stands for an account in the form."""
        known = await connect.accounts(self.desk, self.guild.id)
        return next(str(account.id) for account in known if account.unmarked.label == label)

    async def open_form(self) -> InteractionResult:
        """Have the author open the form of a new post."""
        return await self.author.slash(self.social, "post new")

    async def write(self, **typed: Any) -> InteractionResult:
        """Have the author fill in and send the form of a new post; the card of its draft."""
        return await self.send_form(await self.open_form(), **typed)

    async def ask(self, **typed: Any) -> InteractionResult:
        """Have the author write a post and send it for approval; the answer to that."""
        return await self.press(await self.write(**typed), "Send for approval")

    async def press(self, card: InteractionResult, label: str) -> InteractionResult:
        """Have the author press a button in an answer, which changes in its place."""
        assert card.response is not None
        return await self.author.click(card.response, label=label)

    async def choose(
        self, card: InteractionResult, what: str, *values: str | int
    ) -> InteractionResult:
        """Have the author choose in an answer, from the select that its name says."""
        assert card.response is not None
        rows = card.response.components
        names = [item.get("custom_id", "") for row in rows for item in row["components"]]
        name = next(name for name in names if name.startswith(f"draft-pick:{what}:"))
        chosen = [str(value) for value in values]
        return await self.author.select(card.response, chosen, custom_id=name)

    async def fill_in(self, form: InteractionResult, **typed: Any) -> InteractionResult:
        """Have the author send a form with all that stood in it but for what they typed."""
        return await self.author.submit_modal(form, standing_in(form) | typed)

    async def send_form(self, form: InteractionResult, **typed: Any) -> InteractionResult:
        """Have the author send an open form, with all that stood in it when it opened but for
        what they typed; accounts are given by their labels, files as names with bytes.
        """
        values = filled_in(form) | {"media": []} | typed
        accounts = values["accounts"] or [THREADS]
        values["accounts"] = [await self.account(label) for label in accounts]
        return await self.author.submit_modal(form, values)

    async def put_before_approvers(self, **typed: Any) -> discord.Message:
        """Have the author write a post that is right; its card."""
        said = text_of(await self.ask(**typed))
        assert "waits in" in said, said
        await self.announce()
        return self.card

    async def reject(self, card: discord.Message, why: str = "Dull.") -> None:
        """Have the approver react with ❌, and say why when asked."""
        await self.approver.react(card, "❌")
        asked = self.approvals.last_message
        assert asked is not None
        form = await self.approver.click(asked, label="Reject")
        await self.approver.submit_modal(form, {"answer": why})

    @property
    def card(self) -> discord.Message:
        """The newest card, as it is now."""
        return [message for message in self.approvals.history() if message.embeds][-1]

    @property
    def published(self) -> list[FeedPost]:
        """What WAHDX has published, whatever the account."""
        return [post for account in self.wahdx.feed() for post in account.posts]

    async def tick(self) -> None:
        """Run every tick once and let what it started end."""
        await cancel.expire(self.desk)
        await remind.remind(self.desk)
        await self.publisher.tick()
        await self.publisher.drain(DEADLINE)
        await self.tracker.tick()
        await self.tracker.drain(DEADLINE)
        await self.cutter.tick()
        await self.cutter.drain(DEADLINE)
        await self.warner.tick()
        await self.warner.drain(DEADLINE)
        await self.watcher.tick()
        await self.watcher.drain(DEADLINE)
        await self.announce()

    async def announce(self) -> None:
        """Tell what is to be told."""
        for name in ("Announcer", "NoticeCog", "ClipNews"):
            speaker: Any = cast("Copydesk", self.env.bot).get_cog(name)
            await speaker.tick()
            await speaker.drain(DEADLINE)
        await self.env.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass, at the desk and in Discord."""
        self.clock.forward(timedelta(seconds=seconds))
        await self.env.advance_time(seconds)

    async def restart(self) -> None:
        """Replace the bot with a new one that knows only what was stored."""
        await self.env.restart_bot(a_bot(self.desk))
        self._build_machine()


def text_of(shown: InteractionResult | discord.Message | None) -> str:
    """Everything a person reads in a message or in the answer to what they did."""
    if isinstance(shown, InteractionResult):
        shown = shown.response and shown.response.message
    assert shown is not None, "there was no answer"
    parts = [shown.content]
    for embed in shown.embeds:
        parts += [embed.author.name or "", embed.title or "", embed.description or ""]
        parts.append(embed.footer.text or "")
        parts += [f"{field.name}: {field.value}" for field in embed.fields]
    return "\n".join(part for part in parts if part)


def select_named(card: InteractionResult, name: str) -> str:
    """The whole name of a select in an answer."""
    assert card.response is not None
    rows = card.response.components
    names = [item.get("custom_id", "") for row in rows for item in row["components"]]
    return next(each for each in names if each.startswith(name))


def standing_in(form: InteractionResult) -> dict[str, Any]:
    """What stands in a form when it opens, as it is sent, by the names of its entries."""
    assert form.modal is not None, text_of(form)
    entries = [label["component"] for label in form.modal["components"]]
    return {
        entry["custom_id"]: [item["value"] for item in entry["options"] if item.get("default")]
        if "options" in entry
        else entry.get("value") or ""
        for entry in entries
        if entry["type"] != FILES
    }


def filled_in(form: InteractionResult) -> dict[str, Any]:
    """What stands in the form of a new post when it opens, by the names of its entries."""
    assert form.modal is not None, text_of(form)
    entries = [label["component"] for label in form.modal["components"]]
    filled = {entry["custom_id"]: entry.get("value") or "" for entry in entries}
    accounts = next(entry for entry in entries if entry["custom_id"] == "accounts")
    filled["accounts"] = [item["label"] for item in accounts["options"] if item["default"]]
    media = next(item for item in form.modal["components"] if item["label"] == "Media")
    filled["media"] = media["description"]
    return filled


def a_bot(desk: Desk) -> Copydesk:
    """The bot as `bot.program` makes it; its scheduler is never started."""
    bot = Copydesk(desk, Scheduler(), cdn := SimcordCdn())
    cdn.bot = bot
    return bot


class SimcordCdn:
    """Reads files from simcord, which has no sockets."""

    bot: Copydesk

    async def stream(self, url: str) -> AsyncIterator[bytes]:
        """Give the bytes of a file at once."""
        try:
            yield await self.bot.http.get_from_cdn(url)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            raise TryLaterError(str(error)) from error


async def until(holds: Callable[[], Any]) -> None:
    """Wait until something holds; fails after a few seconds."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.005)


@asynccontextmanager
async def serve(app: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    """Serve an application on a socket that listens."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()


def a_listener() -> tuple[socket.socket, str]:
    """A socket on a free port of this machine, and its address."""
    listener = socket.create_server((HERE, 0))
    return listener, f"http://{HERE}:{listener.getsockname()[1]}"


@asynccontextmanager
async def a_desk(
    database: Database, folder: Path, clock: Clock, urls: Mapping[str, str]
) -> AsyncIterator[Desk]:
    """A desk with its files in a folder, served as `bot.web` serves them."""
    vault = Vault(load_keys("", folder / "secret.key"))
    services = Services(database, vault, urls, private_hosts=[HERE])
    listener, url = a_listener()
    desk = Desk(
        database=database,
        storage=Storage(f"file:{folder / 'media'}"),
        services=services,
        links=MediaLinks(url, vault),
        now=clock,
    )
    try:
        async with serve(build(desk, Scheduler()), listener):
            yield desk
    finally:
        await services.close()


def a_wahdx(folder: Path) -> Wahdx:
    """The simulated WAHDX, as fast as it can be."""
    return Wahdx(folder, KEY, pace=AT_ONCE)
