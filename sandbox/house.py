"""The sandbox: a Discord with its page, services, and the bot as a child."""

import argparse
import asyncio
import contextlib
import errno
import json
import logging
import os
import secrets
import shlex
import shutil
import signal
import socket
import sys
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import aiohttp
from aiohttp import web
from filelock import FileLock, Timeout

from sandbox import town
from sandbox.child import Child
from sandbox.discord.server import BACKLOG, Discord
from sandbox.discord.store import Store
from sandbox.page.page import Page, same_origin
from sandbox.services.base import Simulator
from sandbox.services.catalogue import SIMULATORS

RETRY = 3  # seconds between tries to act out the set-up
TRIES = 50  # ports looked at, from the one asked for


@dataclass
class Memory:
    """What the sandbox itself keeps from start to start: ports, keys, and what is done."""

    token: str = field(default_factory=lambda: f"sandbox.{secrets.token_urlsafe(24)}")
    keys: dict[str, str] = field(default_factory=dict[str, str])
    ports: dict[str, int] = field(default_factory=dict[str, int])
    welcomed: bool = False
    set_up: bool = False

    @classmethod
    def load(cls, folder: Path) -> "Memory":
        """Read the memory of a state folder, or begin one."""
        path = folder / "sandbox.json"
        memory = cls(**json.loads(path.read_text())) if path.exists() else cls()
        for name in SIMULATORS:
            memory.keys.setdefault(name, f"sandbox-{name}-{secrets.token_hex(8)}")
        return memory

    def save(self, folder: Path) -> None:
        """Write the memory; it replaces the old one in one step."""
        path = folder / "sandbox.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), indent=1))
        fresh.replace(path)


class Sandbox:
    """Everything that runs, from start to stop."""

    def __init__(self, folder: Path, host: str, command: Sequence[str]) -> None:
        self.folder, self.host, self.command = folder, host, command
        self.memory = Memory.load(folder)
        self.store = Store(folder / "discord")
        self.store.found(town.PLAN)
        self.discord = Discord(self.store, token=self.memory.token)
        self.simulators: Mapping[str, Simulator] = {
            name: make(folder / name, self.memory.keys[name], self._address_of)
            for name, make in SIMULATORS.items()
        }
        self.runners: list[web.AppRunner] = []
        self.port = 0

    async def start(self, port: int) -> None:
        """Open all listeners, then start the bot."""
        ports = self.memory.ports
        for name, simulator in self.simulators.items():
            ports[name] = await self._listen(simulator.app(), "127.0.0.1", ports.get(name, 0))
        ports["http"] = free_port(ports.get("http", 0))
        app = web.Application(middlewares=[same_origin], client_max_size=1 << 30)
        self.discord.mount(app)
        self.child = Child(self.command, self.environment(port), self._connected)
        typed = {name: self._credentials(name) for name in self.simulators}
        Page(self.child, self.simulators, self.discord.broadcast, typed).mount(app)
        self.port = await self._listen(app, self.host, port)
        self.memory.save(self.folder)
        await self.child.start()

    def _credentials(self, name: str) -> dict[str, str]:
        return town.credentials(name, self.memory.keys, self._address_of)

    def _address_of(self, name: str) -> str:
        return f"http://127.0.0.1:{self.memory.ports[name]}"

    def _connected(self) -> bool:
        return self.discord.bot_connected

    async def _listen(self, app: web.Application, host: str, port: int) -> int:
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        self.runners.append(runner)
        site = web.TCPSite(runner, host, free_port(port, host), backlog=BACKLOG)
        await site.start()
        return runner.addresses[0][1]

    def environment(self, port: int) -> Mapping[str, str]:
        """Return what the bot is told, as on any host."""
        mine = {name: value for name, value in os.environ.items() if name != "COPYDESK_SECRET_KEYS"}
        state, http = self.folder.resolve(), self.memory.ports["http"]
        return (
            mine
            | {
                "DISCORD_TOKEN": self.memory.token,
                "DISCORD_API_URL": f"http://127.0.0.1:{port}/api/v10",
                "DISCORD_GATEWAY_URL": f"ws://127.0.0.1:{port}/gateway",
                "DATABASE_URL": f"sqlite+aiosqlite:///{state / 'bot' / 'copydesk.db'}",
                "MEDIA_URL": f"file:{state / 'bot' / 'media'}",
                "PUBLIC_URL": f"http://127.0.0.1:{http}",
                "HTTP_PORT": str(http),
                "ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
            }
            | {
                f"{name.upper()}_URL": self._address_of(name) + simulator.base_path
                for name, simulator in self.simulators.items()
            }
        )

    async def prepare(self) -> None:
        """Do what is done once: the welcome, and the admin's set-up."""
        address = f"http://127.0.0.1:{self.port}"
        if not self.memory.welcomed:
            await town.welcome(address)
            self.memory.welcomed = True
            self.memory.save(self.folder)
        told = ""
        typed = {name: self._credentials(name) for name in town.CONNECTED}
        while not self.memory.set_up:
            try:
                await town.set_up(address, typed)
                self.memory.set_up = True
                self.memory.save(self.folder)
            except (town.SetUpError, aiohttp.ClientError) as error:
                if str(error) != told:
                    told = str(error)
                    say(f"The sample server is not set up yet: {told}. Trying again.")
                await asyncio.sleep(RETRY)

    async def stop(self) -> None:
        """Stop the bot first, while its Discord still answers; then the listeners."""
        await self.child.stop()
        for runner in reversed(self.runners):
            await runner.cleanup()
        self.store.close()


def free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """Return the wanted port or the next free one; any free one for 0."""
    for port in range(wanted, wanted + TRIES):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                continue
            return probe.getsockname()[1]
    raise SystemExit(f"No free port from {wanted} to {wanted + TRIES - 1}.")


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def run(asked: argparse.Namespace) -> None:
    """Run until Ctrl-C, SIGTERM or a closed terminal."""
    end = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end.set)
    port = free_port(asked.port, asked.host)
    if port != asked.port and asked.port:
        say(f"Port {asked.port} is taken, so this is port {port}.")
    sandbox = Sandbox(asked.state, asked.host, shlex.split(asked.bot))
    await sandbox.start(port)
    say(f"No DISCORD_TOKEN was found, so this is the sandbox: the bot in a Discord of its own,\n"
        f"with simulated services. Open http://{asked.host}:{sandbox.port}/ (Ctrl-C stops it).")  # fmt: skip
    preparing = asyncio.create_task(sandbox.prepare())
    await end.wait()
    preparing.cancel()
    await sandbox.stop()


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--state", type=Path, default=Path("data/sandbox"))
    parser.add_argument("--bot", default=f"{sys.executable} -m bot run", help="the bot's command")
    parser.add_argument("--fresh", action="store_true", help="throw the state away first")
    return parser.parse_args()


@contextlib.contextmanager
def sole_use(folder: Path) -> Generator[None]:
    """Keep a second sandbox away from the same state."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.with_name(f"{folder.name}.lock")).acquire(timeout=0):
            yield
    except Timeout:
        raise SystemExit(f"Another sandbox is using {folder}; stop it or give --state.") from None


def main() -> None:
    """Start the sandbox and wait for its end."""
    asked = read_arguments()
    logging.basicConfig(level=logging.WARNING)
    with sole_use(asked.state):
        if asked.fresh and (asked.state / "sandbox.json").exists():
            shutil.rmtree(asked.state)
        asked.state.mkdir(parents=True, exist_ok=True)
        asyncio.run(run(asked))
