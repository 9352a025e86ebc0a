"""The bot as a process of its own that need not import what an earlier one has imported."""

import asyncio
import multiprocessing
import os
import random
import signal
import sys
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
        await asyncio.to_thread(self._forked.start)

    @property
    @override
    def is_running(self) -> bool:
        return self._forked is not None and self._forked.is_alive()

    @override
    async def end(self, number: signal.Signals) -> tuple[int, float]:
        began = time.monotonic()
        if self._forked and self._forked.pid and self._forked.is_alive():
            os.kill(self._forked.pid, number)
        return await self.ended(), time.monotonic() - began

    @override
    async def ended(self, seconds: float = 60) -> int:
        assert self._forked
        await asyncio.to_thread(self._forked.join, seconds)
        if self._forked.exitcode is None:
            raise TimeoutError(f"The bot still runs after {seconds} seconds.")
        return self._forked.exitcode


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
