"""The bot as a child process: started, killed, stopped; its state and the tail of its log."""

import asyncio
import contextlib
import ctypes
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

LOG_LINES = 200
LINE_LIMIT = 1 << 20  # bytes; asyncio's 64 KiB would end the reading at one long line
PATIENCE = 2.5  # seconds a stopping bot has to finish what it does before SIGKILL
LOOK = 0.1  # seconds between looks at whether the bot has connected
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


def _follow_parent() -> None:
    """Ask Linux for a SIGTERM when the sandbox dies, so that no bot is left behind."""
    if _LIBC:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One bot process at a time; `connected` tells whether the bot is logged in."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], connected: Callable[[], bool]
    ) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.log: deque[str] = deque(maxlen=LOG_LINES)
        self.since = datetime.now(UTC)
        self._command = command
        self._environment = environment
        self._connected = connected
        self._process: Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    @property
    def state(self) -> str:
        """Running means connected, as people see it."""
        if self._process is None:
            return "stopped"
        return "running" if self._connected() else "starting"

    @property
    def pid(self) -> int | None:
        """The id of the running process."""
        return self._process.pid if self._process else None

    def news(self) -> dict[str, Any]:
        """Return what the page shows of the process."""
        return {"state": self.state, "pid": self.pid, "since": self.since.isoformat()}

    async def start(self) -> None:
        """Start the bot, unless it runs."""
        async with self._turn:
            if self._process:
                return
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env=self._environment,
                stdout=PIPE,
                stderr=STDOUT,
                limit=LINE_LIMIT,
                start_new_session=True,  # Ctrl-C reaches the sandbox alone, which then stops the bot
                preexec_fn=_follow_parent,  # one system call; it takes no lock
            )
            self._process = process
            self._watch = asyncio.create_task(self._follow(process))

    async def kill(self) -> None:
        """End the bot with SIGKILL, as a crash or a lost machine would."""
        async with self._turn:
            await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask the bot to end; SIGKILL only if it does not within its patience."""
        async with self._turn:
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._end(signal.SIGTERM)
            except TimeoutError:
                await self._end(signal.SIGKILL)

    async def _end(self, number: signal.Signals) -> None:
        if self._process and self._watch:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
            await asyncio.shield(self._watch)

    async def _follow(self, process: Process) -> None:
        self._moved()
        looking = asyncio.create_task(self._look())
        reading = asyncio.create_task(self._read(process))
        code = await process.wait()
        await asyncio.wait([reading], timeout=0.5)  # a grandchild may hold the pipe open
        for task in (reading, looking):
            task.cancel()
        self.log.append(f"— The process ended ({_ending(code)}). —")
        self._process = None
        self._moved()

    async def _read(self, process: Process) -> None:
        assert process.stdout  # noqa: S101 - a pipe was asked for
        async for line in process.stdout:
            self.log.append(_COLOURS.sub("", line.decode(errors="replace").rstrip()))

    async def _look(self) -> None:
        known = self.state
        while True:
            await asyncio.sleep(LOOK)
            if self.state != known:
                known = self.state
                self.on_change()

    def _moved(self) -> None:
        self.since = datetime.now(UTC)
        self.on_change()


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
