"""Named ticks, once a second and whenever someone nudges. The only import of APScheduler.

Its jobs live in memory and only tick: the database is the clock and the queue.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import (  # pyright: ignore[reportMissingTypeStubs]
    AsyncIOScheduler,
)

log = logging.getLogger(__name__)

STALLED_AFTER = timedelta(seconds=30)


class Scheduler:
    """Runs ticks on whole seconds, never one beside itself, and never skips one for being late."""

    def __init__(self) -> None:
        self._ticks: dict[str, _Tick] = {}
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def add(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Tick `work` from now on."""
        tick = self._ticks[name] = _Tick(name, work)
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

    def nudge(self) -> None:
        """Run every tick now; one that is running runs once more after it."""
        for name, tick in self._ticks.items():
            if not tick.ask_again() and self._scheduler.running:
                self._scheduler.modify_job(  # pyright: ignore[reportUnknownMemberType]
                    name, next_run_time=datetime.now(UTC)
                )

    @property
    def is_alive(self) -> bool:
        """Whether every tick has ended lately."""
        return all(tick.is_alive for tick in self._ticks.values())

    async def drain(self, seconds: float) -> None:
        """Stop ticking and let running ticks end: APScheduler's own shutdown would cut them off."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()  # pyright: ignore[reportUnknownMemberType]
        running = [tick.running for tick in self._ticks.values() if tick.running]
        if running:
            await asyncio.wait(running, timeout=seconds)
        self._scheduler.shutdown(wait=False)  # pyright: ignore[reportUnknownMemberType]


class _Tick:
    """One tick: what it does, whether it runs now, and whether it was asked for meanwhile."""

    def __init__(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._again = False
        self._ended_at = datetime.now(UTC)
        self.running: asyncio.Task[None] | None = None

    def ask_again(self) -> bool:
        """Have a running tick run once more; False when it does not run."""
        self._again = self.running is not None
        return self._again

    @property
    def is_alive(self) -> bool:
        """Whether the last run ended lately."""
        return datetime.now(UTC) - self._ended_at < STALLED_AFTER

    async def run(self) -> None:
        """Begin the work unless it runs.

        The task is our own: a shutdown of APScheduler does not reach it, and APScheduler, for
        which this has ended, does not warn each second of a slow tick.
        """
        if self.running is None:
            self.running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._work()
            while self._again:
                self._again = False
                await self._work()
        except Exception:
            log.exception("The tick “%s” failed; it is tried again in a second.", self._name)
        finally:
            self.running = None
            self._ended_at = datetime.now(UTC)
