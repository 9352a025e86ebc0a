"""The machine: all that is done without Discord, by ticks, and how it starts and ends."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.workflow import announce, cancel, clip_news, remind
from bot.workflow.cut import Cutter
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from bot.workflow.tidy import Tidier
from bot.workflow.track import Tracker
from bot.workflow.warn import Warner
from bot.workflow.watch import Watcher


@dataclass(frozen=True, kw_only=True, slots=True)
class Tick:
    """Work that is done once a second; after a nudge too, unless it waits for a moment that
    nothing brings on.
    """

    name: str
    work: Callable[[], Awaitable[None]]
    nudged: bool = False


class Machine:
    """Everything that ticks, over one desk. Files that nothing needs are kept for `retention`."""

    def __init__(self, desk: Desk, *, retention: timedelta) -> None:
        self._desk = desk
        self._publisher, self._tracker, self._cutter = Publisher(desk), Tracker(desk), Cutter(desk)
        self._warner, self._watcher = Warner(desk), Watcher(desk)
        self.ticks = (
            Tick(name="publish", work=self._publisher.tick, nudged=True),
            Tick(name="track", work=self._tracker.tick, nudged=True),
            Tick(name="cut", work=self._cutter.tick, nudged=True),
            Tick(name="expire", work=functools.partial(cancel.expire, desk)),
            Tick(name="remind", work=functools.partial(remind.remind, desk)),
            Tick(name="resolve", work=self._publisher.resolve),
            Tick(name="resolve clips", work=self._cutter.resolve),
            Tick(name="warn", work=self._warner.tick),
            Tick(name="watch", work=self._watcher.tick),
            Tick(name="tidy", work=Tidier(desk, retention).tick),
        )

    async def take_up(self) -> None:
        """Go on with what a process that died was doing; to be called before the first tick.

        On SQLite a lock on the file proves that nobody else lives, so that no lease is waited for.
        """
        is_alone = self._desk.database.is_sqlite
        await self._publisher.resolve(everything=is_alone)
        await self._cutter.resolve(everything=is_alone)
        if is_alone:
            await announce.take_back(self._desk)
            await clip_news.take_back(self._desk)

    async def drain(self, seconds: float) -> None:
        """Let what is under way end."""
        at_work = self._publisher, self._tracker, self._cutter, self._warner, self._watcher
        await asyncio.gather(*(each.drain(seconds) for each in at_work))
