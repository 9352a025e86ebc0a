"""Named ticks, once a second and whenever someone nudges. The only import of APScheduler.

Its jobs live in memory and only tick: the database is the clock and the queue.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs]
    AsyncIOScheduler,
)

log = logging.getLogger(__name__)

STALLED_AFTER = timedelta(seconds=30)
WATCH_SECONDS = 1.0
REST_SECONDS = 0.05
"""How long a tick rests after a run, so that what comes meanwhile shares the next transaction."""


class Scheduler:
    """Runs ticks on whole seconds, never one beside itself, and never skips one for being late."""

    def __init__(self) -> None:
        self._ticks: dict[str, _Tick] = {}
        self._nudged: dict[str, _Tick] = {}
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._drift = _drift()
        self._watch: asyncio.TimerHandle | None = None

    def add(self, name: str, work: Callable[[], Awaitable[None]], *, nudged: bool = True) -> None:
        """Tick `work` from now on; `nudged` unless it waits for a moment that nothing brings on."""
        tick = self._ticks[name] = _Tick(name, work)
        if nudged:
            self._nudged[name] = tick
        self._scheduler.add_job(  # pyright: ignore[reportUnknownMemberType]
            tick.run,
            "cron",
            second="*",
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        self._scheduler.start()  # pyright: ignore[reportUnknownMemberType]
        self._watch_clock()

    def _watch_clock(self) -> None:
        """Go on at once when the clock was put back: APScheduler would wait until it is as late
        again.
        """
        drift = _drift()
        if drift < self._drift - 1:
            log.warning("The clock was put back by %.0f s.", self._drift - drift)
            for name in self._ticks:
                self._tick_now(name)
        self._drift = drift
        loop = asyncio.get_running_loop()
        self._watch = loop.call_later(WATCH_SECONDS, self._watch_clock)

    def _tick_now(self, name: str) -> None:
        self._scheduler.modify_job(  # pyright: ignore[reportUnknownMemberType]
            name, next_run_time=datetime.now(UTC)
        )

    def nudge(self) -> None:
        """Run the nudged ticks now; one that is running runs once more after it."""
        for name, tick in self._nudged.items():
            if not tick.ask_again() and self._scheduler.running:
                self._tick_now(name)

    @property
    def is_alive(self) -> bool:
        """Whether every tick has ended lately."""
        return all(tick.is_alive for tick in self._ticks.values())

    @property
    def troubles(self) -> dict[str, str]:
        """Why ticks fail, by their names; empty when all is well."""
        return {name: tick.trouble for name, tick in self._ticks.items() if tick.trouble}

    async def drain(self, seconds: float) -> None:
        """Stop ticking and let running ticks end: APScheduler's own shutdown would cut them off."""
        if not self._scheduler.running:
            return
        if self._watch:
            self._watch.cancel()
        self._scheduler.pause()  # pyright: ignore[reportUnknownMemberType]
        running = [tick.running for tick in self._ticks.values() if tick.running]
        if running:
            await asyncio.wait(running, timeout=seconds)
        self._scheduler.shutdown(wait=False)  # pyright: ignore[reportUnknownMemberType]


def _drift() -> float:
    """How far the clock is from one that nobody sets, in seconds."""
    return datetime.now(UTC).timestamp() - monotonic()


class _Tick:
    """One tick: what it does, whether it runs now, and whether it was asked for meanwhile."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._again = False
        self._ended_at = monotonic()
        self.trouble = ""  # why the last run failed
        self.running: asyncio.Task[None] | None = None

    def ask_again(self) -> bool:
        """Have a running tick run once more; False when it does not run."""
        self._again = self.running is not None
        return self._again

    @property
    def is_alive(self) -> bool:
        """Whether the last run ended lately."""
        return monotonic() - self._ended_at < STALLED_AFTER.total_seconds()

    async def run(self) -> None:
        """Begin the work unless it runs.

        The task is our own: a shutdown of APScheduler does not reach it, and APScheduler, for
        which this has ended, does not warn each second of a slow tick.
        """
        if self.running is None:
            self.running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        self._again = True
        try:
            while self._again:
                self._again = False
                await self._run_once()
                await asyncio.sleep(REST_SECONDS)
        finally:
            self.running = None

    async def _run_once(self) -> None:
        try:
            await self._work()
        except Exception as error:
            self._failed(error)
        else:
            if self.trouble:
                log.warning("The tick “%s” works again.", self._name)
            self.trouble = ""
        finally:
            self._ended_at = monotonic()

    def _failed(self, error: Exception) -> None:
        """Say so once: a full disk is not helped by the same words every second."""
        words = str(error).partition("\n")[0]
        trouble = f"{type(error).__name__}: {words}"
        if trouble != self.trouble:
            text = "The tick “%s” failed; it is tried again every second."
            log.error(text, self._name, exc_info=error)
        self.trouble = trouble
