"""A town for the bot: Discord, its people and services, all over real sockets, and the bot itself."""

import asyncio
import shutil
import signal
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select
from typing_extensions import override

import db.deliveries
import db.posts
import db.servers
import db.votes
from cogs.ui import cards
from db import tables
from db.database import Database
from sandbox.discord.server import Discord
from sandbox.discord.store import Store
from sandbox.services.base import FeedPost, Pace
from sandbox.services.wahdx.service import Wahdx
from sandbox.services.wayinvideo.service import WayinVideo
from sandbox.town import PLAN
from tests.wire.forked import ForkedBot
from tests.wire.people import THREE, Json, People, shown, until
from tests.wire.process import ORDINARY, BotProcess, free_port

TOKEN = "wire.token"
KEY = "sk_wire_key_0123456789"
WAYIN_KEY = "wayin_wire_key_0123456789"
DOOMED = str(Path(__file__).with_name("doomed_bot.py"))
AT_ONCE = 5  # towns side by side
PATIENCE = 15.0  # seconds for an answer; Discord has 3, and the machine much else to do
# A file is pulled until the bot, which keeps it, has been started again.
QUICK = Pace(processing=0.1, public=0.1, slow=30.0, pulling=30.0)


class Town(People):
    """Everything around the bot, and verbs for what people do and see."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        self.folder = folder
        self.store = Store(folder / "discord")
        self.store.found(PLAN)
        self.discord = Discord(self.store, token=TOKEN)
        self.discord.interactions.patience = PATIENCE
        self.wahdx = Wahdx(folder / "wahdx", KEY, pace=pace)
        at_once = replace(pace, processing=0.0)
        self.wayinvideo = WayinVideo(folder / "wayinvideo", WAYIN_KEY, pace=at_once)
        self.database = folder / "bot" / "copydesk.db"
        self._port, self._wahdx_port, http_port = free_port(), free_port(), free_port()
        self._wayinvideo_port = free_port()
        self.environment = {
            "DISCORD_TOKEN": TOKEN,
            "DISCORD_API_URL": f"http://127.0.0.1:{self._port}/api/v10",
            "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{self._port}/gateway",
            "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "MEDIA_URL": f"file:{folder / 'bot' / 'media'}",
            "PUBLIC_URL": f"http://127.0.0.1:{http_port}",
            "HTTP_PORT": str(http_port),
            "WAHDX_URL": f"http://127.0.0.1:{self._wahdx_port}",
            "WAYINVIDEO_URL": f"http://127.0.0.1:{self._wayinvideo_port}",
            "ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
        }
        self.bot: BotProcess = ForkedBot(folder, self.environment)
        self._runners: dict[str, web.AppRunner] = {}
        super().__init__(f"http://127.0.0.1:{self._port}")

    async def open(self) -> None:
        """Open the services and Discord; the bot is not started."""
        await self._listen("wahdx", self.wahdx.app(), self._wahdx_port)
        await self._listen("wayinvideo", self.wayinvideo.app(), self._wayinvideo_port)
        await self.open_discord()
        await self.meet()

    async def open_discord(self) -> None:
        """Let Discord be reached."""
        app = web.Application(client_max_size=1 << 30)
        self.discord.mount(app)
        await self._listen("discord", app, self._port)

    async def close_discord(self) -> None:
        """Let nobody reach Discord."""
        await self._runners.pop("discord").cleanup()

    async def _listen(self, name: str, app: web.Application, port: int) -> None:
        runner = self._runners[name] = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()

    async def close(self) -> None:
        """End everything."""
        if self.bot.is_running:
            await self.bot.end(signal.SIGKILL)
        await self.http.close()
        for runner in self._runners.values():
            await runner.cleanup()
        self.store.close()

    # The bot

    async def start(self, doom: str = "") -> None:
        """Start the bot, one doomed to die at a point if one is given; wait until it is there."""
        await self.start_alone(doom)
        await self.wait_for(lambda: self.discord.bot_connected or not self.bot.is_running)

    async def start_alone(self, doom: str = "") -> None:
        """Start the bot and do not wait for it."""
        await self.bot.start((DOOMED, doom) if doom else ORDINARY)

    async def kill(self) -> None:
        """Kill the bot."""
        await self.bot.end(signal.SIGKILL)
        await self.wait_for(lambda: not self.discord.bot_connected)

    async def died(self) -> None:
        """Wait until a doomed bot has died of its own signal."""
        code = await self.bot.ended()
        assert code == -signal.SIGKILL, f"It ended with {code}:\n{self.bot.log.read_text()}"
        await self.wait_for(lambda: not self.discord.bot_connected)

    @override
    async def wait_for(self, condition: Callable[[], Any], seconds: float = 30) -> Any:
        try:
            return await until(condition, seconds)
        except TimeoutError as error:
            words = self.bot.log.read_text()[-4000:] if self.bot.log.exists() else ""
            error.add_note(f"The bot said:\n{words}")
            raise

    @property
    def wahdx_port(self) -> int:
        """Where WAHDX listens."""
        return self._wahdx_port

    def slow_down(self, seconds: float) -> None:
        """Choose how long WAHDX takes to answer while it is slow."""
        self.wahdx._pace = replace(QUICK, slow=seconds)

    def feed(self) -> dict[str, list[FeedPost]]:
        """Return what was published, by account as its label says, without empty accounts."""
        shown = {"tiktok": "TikTok", "instagram": "Instagram", "threads": "Threads"}
        return {
            f"{shown.get(account.platform, account.platform)} · {account.name}": list(account.posts)
            for account in self.wahdx.feed()
            if account.posts
        }

    # What the database holds

    def rows(self, statement: str) -> list[Any]:
        """Read from the bot's database, one value or tuple a row."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            found = database.execute(statement).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def states(self) -> dict[str, str]:
        """Return the state of every delivery of the only post, by the platform."""
        return dict(self.rows("SELECT platform, state FROM deliveries ORDER BY id"))

    def has_told_all(self) -> bool:
        """Whether nothing is left to be told."""
        return not self.rows("SELECT id FROM events WHERE tell_at IS NOT NULL")

    def is_settled(self) -> bool:
        """Whether every post has come to its end and all is told, which is looked at in this order:
        the end of a post brings something to tell.
        """
        is_over = not self.rows(
            "SELECT id FROM posts WHERE settled_at IS NULL"
            " UNION SELECT id FROM deliveries WHERE poll_at IS NOT NULL"
        )
        return is_over and self.has_told_all()

    async def card_by_database(self) -> Json:
        """Return what the card of the first post must say, read from the database."""
        return (await cards_by_database(self.database))[1]

    # What must hold in the end

    async def told_once(self) -> None:
        """Check the post for three accounts: all ended, nothing done twice, all told once."""
        await self.wait_for(self.is_settled)
        states, feed = self.states(), self.feed()
        assert set(states) == {"tiktok", "instagram", "threads"}
        assert set(states.values()) <= {"published", "unknown"}
        assert all(len(posts) == 1 for posts in feed.values())
        assert self.wahdx.calls <= len(THREE)
        live = {label.split(" ")[0].lower() for label in feed}
        assert {name for name, state in states.items() if state == "published"} <= live
        (card,) = await self.cards()
        assert shown(card["embeds"][0]) == await self.card_by_database()
        (note,), (result,) = await self.notes(), await self.results()
        assert result["message_reference"]["message_id"] == note["id"]
        fields = shown(card["embeds"][0])["fields"]
        accounts = [field for field in fields if field[0] == "Accounts"]
        assert shown(result["embeds"][0])["fields"] == accounts

    async def published_once(self) -> None:
        """Check the post for three accounts: each has it, once."""
        await self.told_once()
        assert set(self.states().values()) == {"published"}
        assert set(self.feed()) == set(THREE)
        assert self.wahdx.calls == len(THREE)

    async def unknown_once(self) -> None:
        """Check the post for three accounts: it was sent, and nobody knows what came of it."""
        await self.told_once()
        assert set(self.states().values()) == {"unknown"}
        assert self.wahdx.calls >= 1

    async def unsent_once(self) -> None:
        """Check the post for three accounts: nothing was sent, and the bot cannot know that."""
        await self.told_once()
        assert set(self.states().values()) == {"unknown"}
        assert (self.feed(), self.wahdx.calls) == ({}, 0)


async def cards_by_database(path: Path) -> dict[int, Json]:
    """Return what the card of each post must say, by post, read from a bot's database."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    try:
        async with database.reading() as reading:
            ids = (await reading.execute(select(tables.posts.c.id))).scalars().all()
            posts = await db.posts.by_ids(reading, ids)
            deliveries = await db.deliveries.find(reading, ids)
            votes = await db.votes.find(reading, ids)
            servers = await db.servers.by_ids(reading, {post.server_id for post in posts.values()})
    finally:
        await database.close()
    return {
        post.id: shown(
            dict(
                cards.card(
                    post, deliveries[post.id], servers[post.server_id], votes[post.id]
                ).to_dict()
            )
        )
        for post in posts.values()
    }


@asynccontextmanager
async def open_town(folder: Path, pace: Pace = QUICK) -> AsyncIterator[Town]:
    """Open a town whose state is in a folder, and end it."""
    town = Town(folder, pace)
    try:
        await town.open()
        yield town
    finally:
        await town.close()


async def in_towns(
    folder: Path, begun: Path, points: Iterable[str], live: Callable[[Town, str], Awaitable[None]]
) -> None:
    """Live through what happens at several points side by side, each in a town of its own that
    goes on from one that was begun.
    """

    places = asyncio.Semaphore(AT_ONCE)

    async def one(point: str) -> None:
        copy = folder / point.replace(":", "-")
        shutil.copytree(begun, copy)
        try:
            async with places, open_town(copy) as town:
                await live(town, point)
        except Exception as error:
            error.add_note(f"at {point}")
            raise

    async with asyncio.TaskGroup() as group:
        for point in points:
            group.create_task(one(point))
