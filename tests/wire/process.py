"""The bot as a process of its own."""

import asyncio
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
ORDINARY = ("-m", "bot", "run")


def free_port() -> int:
    """Return a free port below those the system gives to clients, so that it stays free."""
    while True:
        port = random.randrange(10_000, 30_000)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


class BotProcess:
    """One bot at a time, in a folder of its own; what all of them said is in `log`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.log = folder / "bot.log"
        self.environment = {**clean_environment(), **environment}
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, command: Sequence[str] = ORDINARY) -> None:
        """Start it with these arguments to Python."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, *command),
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.returncode is None

    async def end(self, number: signal.Signals) -> tuple[int, float]:
        """Send it a signal; its exit code and how many seconds it took to end."""
        assert self._process
        began = time.monotonic()
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await self.ended(), time.monotonic() - began

    async def ended(self, seconds: float = 60) -> int:
        """Wait until it has ended by itself; its exit code, negative for a signal."""
        assert self._process
        async with asyncio.timeout(seconds):
            return await self._process.wait()


def clean_environment() -> dict[str, str]:
    """Return the environment without what configures a bot, and with this project to import: compiled
    once, as an operator has it, not by each process anew.
    """
    ours = ("DISCORD_", "COPYDESK_", "DATABASE_", "WAHDX_", "PUBLIC_", "MEDIA_", "PYTHONDONTWRITE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"PYTHONPATH": str(ROOT)}
