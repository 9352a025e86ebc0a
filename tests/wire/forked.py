"""The bot as a process of its own that need not import what an earlier one has imported."""

import asyncio
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from typing_extensions import override

from bot.__main__ import main
from tests.wire.doomed_bot import prepare
from tests.wire.process import ORDINARY, BotProcess

NURSERY = multiprocessing.get_context("forkserver")
# All that a bot imports but its cogs, which discord.py loads anew in each.
NURSERY.set_forkserver_preload(["tests.wire.preloaded"])

# Whoever begins a process asks how all others are; of two who ask at once, one reads how it ended, and
# the other nothing, which multiprocessing takes for an end with 255.
_ALONE = threading.Lock()
LOOK = 0.02  # seconds


class ForkedBot(BotProcess):
    """A bot, ordinary or doomed, that begins as the copy of a process in which everything is imported: for what a
    process is and how it dies there is no difference, and a start costs a third.
    """

    def __init__(
        self, folder: Path, environment: Mapping[str, str], first: Callable[[], None] | None = None
    ) -> None:
        """`first` is done in the copy before it is a bot."""
        super().__init__(folder, environment)
        self._first = first
        self._forked: ForkServerProcess | None = None

    @override
    async def start(self, command: Sequence[str] = ORDINARY) -> None:
        self._forked = NURSERY.Process(
            target=_live,
            args=(self.folder, self.environment, self.log, tuple(command), self._first),
        )
        await asyncio.to_thread(_begin, self._forked)

    @property
    @override
    def is_running(self) -> bool:
        with _ALONE:
            return self._forked is not None and self._forked.is_alive()

    @override
    async def end(self, number: signal.Signals) -> tuple[int, float]:
        began = time.monotonic()
        if self._forked and self._forked.pid and self.is_running:
            os.kill(self._forked.pid, number)
        return await self.ended(), time.monotonic() - began

    @override
    async def ended(self, seconds: float = 60) -> int:
        assert self._forked
        until = time.monotonic() + seconds
        while self.is_running:
            if time.monotonic() > until:
                raise TimeoutError(f"The bot still runs after {seconds} seconds.")
            await asyncio.sleep(LOOK)
        assert self._forked.exitcode is not None
        return self._forked.exitcode


def _begin(forked: ForkServerProcess) -> None:
    with _ALONE:
        forked.start()


def _live(
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    command: Sequence[str],
    first: Callable[[], None] | None,
) -> None:
    """Be the bot, doomed to die at a point if the arguments to Python name one."""
    enter(folder, environment, log, log)
    if first:
        first()
    if tuple(command) != ORDINARY:
        prepare(command[-1])
    sys.exit(main(["run"]))


def enter(folder: Path, environment: Mapping[str, str], said: Path, complained: Path) -> None:
    """Have this copy be in a folder, with this environment, and write to these files."""
    for path, number in ((said, 1), (complained, 2)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    random.seed()  # a copy would draw what its brothers draw
