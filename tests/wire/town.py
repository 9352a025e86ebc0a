"""A town for the bot: Discord, its people and WAHDX, all over real sockets, and the bot itself."""

import io
import json
import signal
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from PIL import Image

import db.deliveries
import db.posts
import db.servers
from cogs.ui import cards
from db.database import Database
from sandbox.discord.server import Discord
from sandbox.discord.store import Store
from sandbox.services.base import FeedPost
from sandbox.services.wahdx import Wahdx
from sandbox.services.wahdx_platforms import Pace
from sandbox.town import PLAN
from tests.browser.waiting import until
from tests.wire.process import ORDINARY, BotProcess, free_port

Json = dict[str, Any]

TOKEN = "wire.token"
KEY = "sk_wire_key_0123456789"
DOOMED = str(Path(__file__).with_name("doomed_bot.py"))
TIKTOK, INSTAGRAM, THREADS = (
    f"{platform} · Harbour Coffee" for platform in ("TikTok", "Instagram", "Threads")
)
THREE = (TIKTOK, INSTAGRAM, THREADS)
QUICK = Pace(processing=0.1, public=0.1, slow=1.0)


class Town:
    """Everything around the bot, and verbs for what people do and see."""

    def __init__(self, folder: Path, pace: Pace) -> None:
        self.folder = folder
        self.store = Store(folder / "discord")
        self.store.found(PLAN)
        self.discord = Discord(self.store, token=TOKEN)
        self.wahdx = Wahdx(folder / "wahdx", KEY, pace=pace)
        self.port, http_port, self._wahdx_port = free_port(), free_port(), free_port()
        self.database = folder / "bot" / "copydesk.db"
        self.bot = BotProcess(
            folder,
            {
                "DISCORD_TOKEN": TOKEN,
                "DISCORD_API_URL": f"http://127.0.0.1:{self.port}/api/v10",
                "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{self.port}/gateway",
                "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
                "MEDIA_URL": f"file:{folder / 'bot' / 'media'}",
                "PUBLIC_URL": f"http://127.0.0.1:{http_port}",
                "HTTP_PORT": str(http_port),
                "WAHDX_URL": f"http://127.0.0.1:{self._wahdx_port}",
                "ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            },
        )
        self._http: aiohttp.ClientSession
        self._runners: dict[str, web.AppRunner] = {}

    async def open(self) -> None:
        """Open WAHDX and Discord; the bot is not started."""
        self._http = aiohttp.ClientSession(f"http://127.0.0.1:{self.port}")
        await self._listen("wahdx", self.wahdx.app(), self._wahdx_port)
        await self.open_discord()

    async def open_discord(self) -> None:
        """Let Discord be reached."""
        app = web.Application(client_max_size=1 << 30)
        self.discord.mount(app)
        await self._listen("discord", app, self.port)

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
        await self._http.close()
        for runner in self._runners.values():
            await runner.cleanup()
        self.store.close()

    # The bot

    async def start(self, doom: str = "") -> None:
        """Start the bot, one doomed to die at a point if one is given; wait until it is there."""
        await self.bot.start((DOOMED, doom) if doom else ORDINARY)
        await self.wait_for(lambda: self.discord.bot_connected or not self.bot.is_running)

    async def kill(self) -> None:
        """Kill the bot."""
        await self.bot.end(signal.SIGKILL)
        await self.wait_for(lambda: not self.discord.bot_connected)

    async def died(self) -> None:
        """Wait until a doomed bot has died of its own signal."""
        assert await self.bot.ended() == -signal.SIGKILL, self.bot.log.read_text()
        await self.wait_for(lambda: not self.discord.bot_connected)

    async def wait_for(self, condition: Callable[[], Any], seconds: float = 15) -> Any:
        """Wait until a condition, awaited if need be, is true; its answer."""
        try:
            return await until(condition, seconds)
        except AssertionError as error:
            words = self.bot.log.read_text()[-4000:] if self.bot.log.exists() else ""
            raise AssertionError(f"{error}\nThe bot said:\n{words}") from None

    # What people do

    def person(self, name: str) -> str:
        """Return a person's id."""
        return next(user["id"] for user in self.store.users if user["username"] == name)

    def channel(self, name: str) -> str:
        """Return a channel's id."""
        return next(each["id"] for each in self.store.channels if each["name"] == name)

    async def act(self, name: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Do something as a person; what Discord answers."""
        if body is not None:
            more["json"] = body
        address = f"/people/{self.person(name)}/{path}"
        async with self._http.request(method, address, **more) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json() if answer.status != 204 else None

    async def command(self, name: str, path: str, channel: str = "social", **options: Any) -> Json:
        """Give a command such as "post show"; what became of it."""
        group, sub = path.split()
        known = await self.act(name, "GET", "commands")
        command = next(each for each in known if each["name"] == group)
        spec = next(each for each in command["options"] if each["name"] == sub)
        types = {each["name"]: each["type"] for each in spec.get("options", [])}
        given = [{"name": key, "type": types[key], "value": options[key]} for key in options]
        nested = [{"type": 1, "name": sub, "options": given}]
        data = {"id": command["id"], "name": group, "type": 1, "options": nested}
        body = {"type": 2, "channel_id": self.channel(channel), "data": data}
        return await self.act(name, "POST", "interactions", body)

    async def send_form(
        self, name: str, opened: Json, values: dict[str, Any], picture: bytes = b""
    ) -> Json:
        """Send an opened form filled with these values; what became of it."""
        data = {
            "custom_id": opened["modal"]["custom_id"],
            "components": [_filled(part, values) for part in opened["modal"]["components"]],
        }
        body = {
            "type": 5,
            "channel_id": self.channel("social"),
            "data": data,
            "modal_interaction_id": opened["id"],
        }
        if not picture:
            return await self.act(name, "POST", "interactions", body)
        form = aiohttp.FormData()
        form.add_field("payload_json", json.dumps(body))
        form.add_field("files[0]", picture, filename="cup.jpg", content_type="image/jpeg")
        return await self.act(name, "POST", "interactions", data=form)

    async def open_form(self, name: str) -> Json:
        """Open the form of a new post."""
        opened = await self.command(name, "post new")
        assert opened["outcome"] == "modal", opened
        return opened

    async def write_post(
        self,
        name: str,
        *,
        caption: str = "Fresh coffee",
        accounts: Sequence[str] = THREE,
        when: str = "now",
    ) -> Json:
        """Write a post with one picture; what became of its form."""
        opened = await self.open_form(name)
        return await self.send_form(
            name, opened, post_values(opened, caption, accounts, when), PICTURE
        )

    async def react(self, name: str, card: Json, emoji: str) -> None:
        """React to a message."""
        place = f"channels/{card['channel_id']}/messages/{card['id']}"
        await self.act(name, "PUT", f"{place}/reactions/{emoji}")

    # What people see

    async def messages(self, channel: str, name: str = "mara") -> list[Json]:
        """Return a channel's messages as a person sees them, oldest first."""
        return await self.act(name, "GET", f"channels/{self.channel(channel)}/messages?limit=100")

    async def cards(self) -> list[Json]:
        """Return the cards, oldest first."""
        return [each for each in await self.messages("approvals") if each["embeds"]]

    async def card(self) -> Json:
        """Wait for the card of the only post, with both reactions to choose from on it."""

        async def offered() -> Json | None:
            cards = await self.cards()
            return cards[0] if cards and len(cards[0].get("reactions", [])) == 2 else None

        return await self.wait_for(offered)

    async def notes(self) -> list[Json]:
        """Return what was said of posts that wait for approval."""
        return [each for each in await self._spoken() if "waits for approval" in _text(each)]

    async def results(self) -> list[Json]:
        """Return the announced results."""
        return [each for each in await self._spoken() if each["embeds"][0].get("title")]

    async def _spoken(self) -> list[Json]:
        return [
            each
            for each in await self.messages("social")
            if each["author"].get("bot") and each["embeds"] and not each["flags"] & 64
        ]

    def feed(self) -> dict[str, list[FeedPost]]:
        """Return what was published, by account as its label says, without empty accounts."""
        shown = {"tiktok": "TikTok", "instagram": "Instagram", "threads": "Threads"}
        return {
            f"{shown.get(account.platform, account.platform)} · {account.name}": list(account.posts)
            for account in self.wahdx.feed()
            if account.posts
        }

    async def card_by_database(self) -> Json:
        """Return what the card of the only post must say, read from the database."""
        database = Database(f"sqlite+aiosqlite:///{self.database}")
        try:
            async with database.reading() as reading:
                (post,) = (await db.posts.by_ids(reading, [1])).values()
                deliveries = await db.deliveries.find(reading, [post.id])
                server = await db.servers.get(reading, post.server_id)
        finally:
            await database.close()
        return shown(dict(cards.card(post, deliveries[post.id], server).to_dict()))

    # What the database holds

    def rows(self, statement: str) -> list[Any]:
        """Read from the bot's database, one value or tuple a row."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            found = database.execute(statement).fetchall()
        return [row[0] if len(row) == 1 else row for row in found]

    def states(self) -> dict[str, str]:
        """Return the state of every delivery, by the platform."""
        return dict(self.rows("SELECT platform, state FROM deliveries ORDER BY id"))

    def is_settled(self) -> bool:
        """Whether every post has come to its end and nothing is left to be told."""
        return not self.rows(
            "SELECT id FROM posts WHERE settled_at IS NULL"
            " UNION SELECT id FROM deliveries WHERE poll_at IS NOT NULL"
            " UNION SELECT id FROM events WHERE tell_at IS NOT NULL"
        )


def shown(embed: Json) -> Json:
    """Return the parts of an embed that people read."""
    fields = [(field["name"], field["value"]) for field in embed["fields"]]
    return {name: embed[name] for name in ("title", "description", "footer")} | {"fields": fields}


def _text(message: Json) -> str:
    return message["embeds"][0].get("description", "")


def _filled(part: Json, values: dict[str, Any]) -> Json:
    inner = part["component"]
    given = values.get(inner["custom_id"])
    found = {"type": inner["type"], "custom_id": inner["custom_id"]}
    if inner["type"] == 4:
        found["value"] = inner.get("value", "") if given is None else given
    else:
        found["values"] = given or []
    return {"type": part["type"], "component": found}


def post_values(opened: Json, caption: str, accounts: Sequence[str], when: str) -> dict[str, Any]:
    """Return what is filled into the form of a post, the accounts by their labels."""
    parts = {
        part["component"]["custom_id"]: part["component"] for part in opened["modal"]["components"]
    }
    ids = {option["label"]: option["value"] for option in parts["accounts"]["options"]}
    return {
        "caption": caption,
        "title": "Cup",
        "media": ["0"],
        "accounts": [ids[label] for label in accounts],
        "when": when,
    }


def _picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 320), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


PICTURE = _picture()


@asynccontextmanager
async def open_town(folder: Path, pace: Pace = QUICK) -> AsyncIterator[Town]:
    """Open a town whose state is in a folder, and end it."""
    town = Town(folder, pace)
    try:
        await town.open()
        yield town
    finally:
        await town.close()
