"""Ticks: on whole seconds, at once when nudged, never beside themselves, never lost."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from bot import scheduler as scheduling
from bot.scheduler import Scheduler


class Work:
    """Counts its runs and holds each while `gate` is closed."""

    def __init__(self) -> None:
        self.begun: list[float] = []
        self.ended = 0
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: Exception | None = None
        self._changed = asyncio.Condition()

    async def __call__(self) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.append(monotonic())
        await self._tell()
        await self.gate.wait()
        self.at_once -= 1
        self.ended += 1
        await self._tell()
        if self.error:
            raise self.error

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def runs(self, *, begun: int = 0, ended: int = 0) -> None:
        """Wait until so many runs have begun and ended."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(lambda: len(self.begun) >= begun and self.ended >= ended)


@pytest.fixture
async def scheduler() -> AsyncIterator[Scheduler]:
    """Stop the scheduler after the test."""
    scheduler = Scheduler()
    yield scheduler
    await scheduler.drain(1)


async def test_ticks_by_itself(scheduler: Scheduler) -> None:
    """A tick runs every second without anyone's doing."""
    work = Work()
    scheduler.add("work", work)
    scheduler.start()
    await work.runs(ended=2)
    assert 0.8 < work.begun[1] - work.begun[0] < 1.5


async def test_nudge(scheduler: Scheduler) -> None:
    """A nudge runs every tick within milliseconds."""
    works = [Work(), Work()]
    for number, work in enumerate(works):
        scheduler.add(f"work {number}", work)
    scheduler.start()
    await works[0].runs(ended=1)  # a second has just begun
    await works[1].runs(ended=1)
    await asyncio.sleep(0.05)
    nudged = monotonic()
    scheduler.nudge()
    for work in works:
        await work.runs(ended=2)
        assert work.begun[1] - nudged < 0.3


async def test_nudge_of_the_nudged_alone(scheduler: Scheduler) -> None:
    """A tick that waits for a moment alone is left in peace by nudges."""
    nudged, waiting = Work(), Work()
    scheduler.add("nudged", nudged)
    scheduler.add("waiting", waiting, nudged=False)
    scheduler.start()
    await waiting.runs(ended=1)  # a second has just begun
    await nudged.runs(ended=1)
    scheduler.nudge()
    await nudged.runs(ended=2)
    assert waiting.ended == 1


async def test_nudges_share_a_run(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nudges that come while a tick rests after a run are answered by one run after the rest."""
    monkeypatch.setattr(scheduling, "REST_SECONDS", 0.2)
    work = Work()
    scheduler.add("work", work)
    scheduler.start()
    await work.runs(ended=1)
    for _ in range(5):
        scheduler.nudge()
        await asyncio.sleep(0)
    await work.runs(ended=2)
    assert work.begun[1] - work.begun[0] >= 0.2


async def test_nudge_during_a_run(scheduler: Scheduler) -> None:
    """However often a running tick is nudged, it runs once more after it, and not beside itself."""
    work = Work()
    work.gate.clear()
    scheduler.add("work", work)
    scheduler.start()
    await work.runs(begun=1)
    for _ in range(5):
        scheduler.nudge()
    assert len(work.begun) == 1
    opened = monotonic()
    work.gate.set()
    await work.runs(ended=2)
    assert work.begun[1] - opened < 0.3
    assert work.most_at_once == 1


async def test_slow_tick_does_not_pile_up(
    scheduler: Scheduler, caplog: pytest.LogCaptureFixture
) -> None:
    """Seconds that pass during a slow run are not caught up on, and are no reason to complain."""
    work = Work()
    work.gate.clear()
    scheduler.add("slow", work)
    scheduler.start()
    await work.runs(begun=1)
    quick = Work()
    scheduler.add("quick", quick)
    await quick.runs(ended=1)
    assert len(work.begun) == 1
    work.gate.set()
    await work.runs(ended=2)
    assert work.most_at_once == 1
    assert work.ended == 2
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_failure_is_survived(scheduler: Scheduler, caplog: pytest.LogCaptureFixture) -> None:
    """A tick that fails says so in the log and runs again."""
    work = Work()
    work.error = RuntimeError("broken")
    scheduler.add("work", work)
    scheduler.start()
    with caplog.at_level(logging.ERROR):
        await work.runs(ended=2)
    assert "The tick “work” failed" in caplog.text


async def test_drain_lets_a_run_end() -> None:
    """A drain lets a running tick end, and nothing runs after it."""
    scheduler, work = Scheduler(), Work()
    work.gate.clear()
    scheduler.add("work", work)
    scheduler.start()
    await work.runs(begun=1)
    draining = asyncio.create_task(scheduler.drain(5))
    await asyncio.sleep(0)
    assert not draining.done()
    work.gate.set()
    await draining
    assert (len(work.begun), work.ended) == (1, 1)
    scheduler.nudge()
    await asyncio.sleep(1.1)
    assert len(work.begun) == 1


async def test_drain_has_an_end() -> None:
    """A drain waits for an endless tick no longer than it was told."""
    scheduler, work = Scheduler(), Work()
    work.gate.clear()
    scheduler.add("work", work)
    scheduler.start()
    await work.runs(begun=1)
    began = monotonic()
    await scheduler.drain(0.05)
    assert monotonic() - began < 1
    work.gate.set()
    await work.runs(ended=1)  # and cuts nothing off


async def test_drain_before_the_start() -> None:
    """What was never started needs no drain, and a nudge before the start is no error."""
    scheduler = Scheduler()
    scheduler.add("work", Work())
    scheduler.nudge()
    await scheduler.drain(1)


async def test_stall_shows(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick that has not ended for long is seen from outside."""
    monkeypatch.setattr(scheduling, "STALLED_AFTER", timedelta(milliseconds=50))
    work = Work()
    scheduler.add("work", work)
    assert scheduler.is_alive
    work.gate.clear()
    scheduler.start()
    await work.runs(begun=1)
    await asyncio.sleep(0.06)
    assert not scheduler.is_alive
    work.gate.set()
    await work.runs(ended=1)
    await asyncio.sleep(0)
    assert scheduler.is_alive


async def test_clock_put_back(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the clock is put back by an hour, the ticks do not wait for it to catch up."""
    monkeypatch.setattr(scheduling, "WATCH_SECONDS", 0.01)
    work = Work()
    scheduler.add("work", work)
    scheduler.start()
    await work.runs(ended=1)
    put_back = scheduling._drift() - 3600
    # What APScheduler makes of it: the next tick is an hour away.
    later = datetime.now(UTC) + timedelta(hours=1)
    scheduler._scheduler.modify_job("work", next_run_time=later)
    done = work.ended
    monkeypatch.setattr(scheduling, "_drift", lambda: put_back)
    await work.runs(ended=done + 1)


async def test_tick_that_fails(scheduler: Scheduler, caplog: pytest.LogCaptureFixture) -> None:
    """What makes a tick fail is known as long as it does, and logged once, not every second."""
    work = Work()
    work.error = RuntimeError("database or disk is full")
    scheduler.add("work", work)
    scheduler.start()
    for ended in (1, 2, 3):
        await work.runs(ended=ended)
        scheduler.nudge()
    assert scheduler.troubles == {"work": "RuntimeError: database or disk is full"}
    assert sum(record.exc_info is not None for record in caplog.records) == 1
    work.error = None
    await work.runs(ended=5)
    assert scheduler.troubles == {}
    assert "works again" in caplog.text
