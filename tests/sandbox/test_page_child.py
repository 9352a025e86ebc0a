"""The bot as a child process."""

import sys
import time
from collections.abc import AsyncIterator

import pytest

from sandbox import child as child_module
from sandbox.child import Child
from tests.browser.waiting import until

WAITING = "import time; print('ready', flush=True); time.sleep(60)"
POLITE = (
    "import signal, sys, time\n"
    "signal.signal(signal.SIGTERM, lambda *_: (print('drained', flush=True), sys.exit(0)))\n"
    "print('\\033[32mready\\033[0m', flush=True); time.sleep(60)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('ready', flush=True); time.sleep(60)"
)


class Bench:
    """Makes children and ends them."""

    def __init__(self) -> None:
        self.connected = False
        self.made: list[Child] = []

    def child(self, code: str) -> Child:
        """Return a child that runs Python code."""
        made = Child([sys.executable, "-c", code], {}, lambda: self.connected)
        self.made.append(made)
        return made

    async def started(self, code: str) -> Child:
        """Return a child that runs and has said "ready"."""
        child = self.child(code)
        await child.start()
        await until(lambda: "ready" in child.log)
        return child


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """Give a bench, and leave no process behind."""
    bench = Bench()
    yield bench
    for child in bench.made:
        await child.kill()


async def test_states(bench: Bench) -> None:
    """A child is stopped, then starting, and running once it is connected; each is told."""
    child = bench.child(WAITING)
    told: list[str] = []
    child.on_change = lambda: told.append(child.state)
    assert child.state == "stopped"
    await child.start()
    await until(lambda: told == ["starting"])
    bench.connected = True
    await until(lambda: told == ["starting", "running"])
    await child.kill()
    assert told == ["starting", "running", "stopped"]


async def test_kill_is_sigkill(bench: Bench) -> None:
    """A killed child has no chance to tidy up, and the log says how it ended."""
    child = await bench.started(POLITE)
    await child.kill()
    assert (child.state, child.pid) == ("stopped", None)
    assert list(child.log) == ["ready", "— The process ended (SIGKILL). —"]


async def test_stop_lets_it_drain(bench: Bench) -> None:
    """A stopped child gets SIGTERM and finishes what it does."""
    child = await bench.started(POLITE)
    await child.stop()
    assert list(child.log) == ["ready", "drained", "— The process ended (exit code 0). —"]


async def test_stop_ends_even_the_stubborn(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ignores SIGTERM is killed when its patience is over."""
    monkeypatch.setattr(child_module, "PATIENCE", 0.2)
    child = await bench.started(STUBBORN)
    began = time.monotonic()
    await child.stop()
    assert child.state == "stopped"
    assert time.monotonic() - began < 2


async def test_own_exit_is_noticed(bench: Bench) -> None:
    """A child that ends by itself is stopped, and its last words are in the log."""
    child = bench.child("raise SystemExit('no token')")
    await child.start()
    await until(lambda: child.state == "stopped")
    assert list(child.log) == ["no token", "— The process ended (exit code 1). —"]


async def test_starts_again_and_once(bench: Bench) -> None:
    """A stopped child can be started again; starting a running one changes nothing."""
    child = await bench.started(WAITING)
    first = child.pid
    await child.start()
    assert child.pid == first
    await child.kill()
    await child.start()
    assert child.pid not in (first, None)


async def test_log_is_a_tail(bench: Bench) -> None:
    """The log keeps the last lines only."""
    child = bench.child("for i in range(1000): print(i)")
    await child.start()
    await until(lambda: child.state == "stopped")
    assert len(child.log) == child_module.LOG_LINES
    assert child.log[-2] == "999"
