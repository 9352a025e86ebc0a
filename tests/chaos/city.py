"""A city for the bot: Discord and two services as processes of their own, and the bot.

WAHDX cannot tell a repeated call from a new one, Genviral can (`external_id`), and takes several
accounts in one call. Everything is in one folder and outlives its processes.
"""

import signal
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.discord.store import Store
from sandbox.services.base import Simulator
from sandbox.services.genviral.service import Genviral
from sandbox.services.wahdx.service import Wahdx
from sandbox.town import PLAN
from tests.chaos.hurry import hurry
from tests.wire.forked import ForkedBot
from tests.wire.people import People, until
from tests.wire.process import ORDINARY, BotProcess, free_port
from tests.wire.town import DOOMED

TOKEN = "chaos.token"
KEYS = {"wahdx": "sk_chaos_0123456789", "genviral": "gva_live_chaos.0123456789"}
THREADS, LINKEDIN, BLUESKY = (
    f"{platform} · Harbour Coffee" for platform in ("Threads", "LinkedIn", "Bluesky")
)
ACCOUNTS = (THREADS, LINKEDIN, BLUESKY)
"""One at WAHDX, two at Genviral."""
START_SECONDS = 120  # on a machine that has much else to do


class City(People):
    """Everything around the bot, each in a process of its own, and the bot."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.database = folder / "bot" / "copydesk.db"
        ports = {name: free_port() for name in ("discord", *KEYS)}
        self._http_port = free_port()
        self._addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        discord = f"127.0.0.1:{ports['discord']}"
        self.bot: BotProcess = ForkedBot(
            folder,
            {
                "DISCORD_TOKEN": TOKEN,
                "DISCORD_API_URL": f"http://{discord}/api/v10",
                "DISCORD_GATEWAY_URL": f"ws://{discord}/gateway",
                "DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
                "MEDIA_URL": f"file:{folder / 'bot' / 'media'}",
                "PUBLIC_URL": f"http://127.0.0.1:{self._http_port}",
                "HTTP_PORT": str(self._http_port),
                "WAHDX_URL": self._addresses["wahdx"],
                "GENVIRAL_URL": self._addresses["genviral"] + Genviral.base_path,
            },
            hurry,
        )
        self._commands: dict[str, list[str]] = {
            name: self._service(name, port) for name, port in ports.items() if name in KEYS
        }
        place = ["--port", str(ports["discord"]), "--state", str(folder / "discord")]
        self._commands["discord"] = ["-m", "sandbox.discord", *place, "--token", TOKEN]
        self._processes: dict[str, BotProcess] = {}
        super().__init__(self._addresses["discord"])

    def _service(self, name: str, port: int) -> list[str]:
        state = str(self.folder / name)
        asked = ["--port", str(port), "--state", state, "--key", KEYS[name]]
        return ["-m", "sandbox.services", name, *asked]

    async def open(self) -> None:
        """Found the server, and start everything but the bot."""
        store = Store(self.folder / "discord")
        store.found(PLAN)
        store.close()
        for name, command in self._commands.items():
            (self.folder / name).mkdir(exist_ok=True)
            process = self._processes[name] = BotProcess(self.folder / name, {})
            await process.start(command)
        for address in self._addresses.values():
            await until(lambda address=address: self._answers(address))
        await self.meet()

    async def close(self) -> None:
        """End everything."""
        for process in (self.bot, *self._processes.values()):
            if process.is_running:
                await process.end(signal.SIGKILL)
        await self.http.close()

    async def set_up(self) -> None:
        """Have the admin set up the bot, which runs: its settings and both services."""
        await self.online()
        channel, role = self.channel("approvals"), self.roles["Approver"]
        await self.command(
            "mara", "desk settings", approvals=channel, approver=role, zone="UTC", late=1440
        )
        for name, key in KEYS.items():
            opened = await self.command("mara", "provider connect", service=name)
            await self.send_form("mara", opened, {"key": key})

        async def connected() -> bool:
            told = [str(each) for each in await self.messages("social")]
            return sum("is connected" in each for each in told) == len(KEYS)

        await self.wait_for(connected)

    # The bot

    async def start(self, point: str = "") -> None:
        """Start the bot, in a hurry, doomed to die at a point if one is given."""
        await self.bot.start((DOOMED, point) if point else ORDINARY)

    async def ready(self) -> None:
        """Wait until the bot ticks."""
        health = f"http://127.0.0.1:{self._http_port}/health"
        await until(lambda: self._answers(health), START_SECONDS)

    async def online(self) -> None:
        """Wait until the bot answers commands."""

        async def answered() -> bool:
            known = await self.act("mara", "GET", "commands")
            if "desk" not in [each["name"] for each in known]:
                return False
            return (await self.command("mara", "desk settings"))["outcome"] != "failed"

        await self.wait_for(answered)

    # The services

    async def spoil(self, service: str, fault: str) -> None:
        """Put a fault of a service in force."""
        address = f"{self._addresses[service]}/sandbox/fault"
        headers = {"X-Sandbox-Key": KEYS[service]}
        async with self.http.put(address, json={"fault": fault}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()

    def service(self, name: str) -> Simulator:
        """Return a service as its folder has it, to read from."""
        kind = {"wahdx": Wahdx, "genviral": Genviral}[name]
        return kind(self.folder / name, KEYS[name])

    # What the database holds

    def rows(self, statement: str) -> list[Any]:
        """Read from the bot's database."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(statement).fetchall()

    def bring_near(self, dues: Mapping[str, datetime]) -> None:
        """Have what waits fall due at these moments, UTC, by caption. The bot is stopped."""
        statement = (
            "UPDATE deliveries SET due_at = :due, try_at = :due WHERE post_id ="
            " (SELECT post_id FROM revisions WHERE caption = :caption)"
        )
        rows = [{"caption": key, "due": f"{due:%Y-%m-%d %H:%M:%S.%f}"} for key, due in dues.items()]
        with closing(sqlite3.connect(self.database)) as database, database:
            database.executemany(statement, rows)

    def is_busy(self) -> bool:
        """Whether something is due, being sent, followed or told."""
        return bool(
            self.rows(
                "SELECT id FROM events WHERE tell_at IS NOT NULL UNION SELECT id FROM deliveries"
                " WHERE state IN ('submitting', 'submitted') OR poll_at IS NOT NULL"
                " OR (state = 'waiting' AND due_at < strftime('%Y-%m-%d %H:%M:%f', 'now')) LIMIT 1"
            )
        )

    def is_settled(self) -> bool:
        """Whether every post that was decided on has come to its end, and all is told."""
        return not self.rows(
            "SELECT id FROM events WHERE tell_at IS NOT NULL"
            " UNION SELECT id FROM posts WHERE settled_at IS NULL"
            " UNION SELECT id FROM deliveries WHERE poll_at IS NOT NULL"
        )

    async def _answers(self, address: str) -> bool:
        try:
            async with self.http.get(address):
                return True
        except aiohttp.ClientError:
            return False


@asynccontextmanager
async def open_city(folder: Path) -> AsyncIterator[City]:
    """Open a city in a folder, and end it."""
    city = City(folder)
    try:
        await city.open()
        yield city
    finally:
        await city.close()
