"""Decisions from two processes at the same moment, on PostgreSQL: never both, never neither.

COPYDESK_RACES says how many of each; with the usual number it takes a second or two.
"""

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.workflow.desk import Desk
from tests.life import Life
from tests.wire.forked import NURSERY
from tests.workflow import racers

HEAD_START = 0.03  # seconds at most
RACES = int(os.environ.get("COPYDESK_RACES", "6"))
ENOUGH = 50  # races in which each rival must have won
KEY = Fernet.generate_key().decode()
DECISIONS = {EventKind.APPROVED, EventKind.REJECTED, EventKind.REVISED}


@pytest.fixture
def engine() -> str:
    """Run on PostgreSQL: several processes never share a SQLite file."""
    return "postgresql"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Lay out a desk with the key that the others have too."""
    desk = racers.a_desk(database_url, tmp_path, KEY)
    yield desk
    await desk.services.close()
    await desk.database.close()


class Racer:
    """A process that takes part, and what can be done with it."""

    def __init__(self, url: str, folder: Path, what: str) -> None:
        self.what = what
        self._line, its_end = NURSERY.Pipe()
        self._process = NURSERY.Process(target=racers.race, args=(url, folder, KEY, what, its_end))
        self._process.start()
        its_end.close()

    async def read(self) -> str:
        """Read what it says."""
        return await asyncio.to_thread(self._line.recv)

    def begin(self, post_id: int) -> None:
        """Have it do its part for a post."""
        self._line.send(post_id)

    async def end(self) -> int | None:
        """Let it end; its exit code."""
        self._line.send(None)
        await asyncio.to_thread(self._process.join)
        return self._process.exitcode


@pytest.mark.timeout(1800)
async def test_two_processes(
    life: Life, database_url: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Approve and edit, or approve and reject, at the same moment: exactly one of them counts, with
    one event; what was approved is what was read.
    """
    approve, edit, reject = (
        Racer(database_url, tmp_path, what) for what in ("approve", "edit", "reject")
    )
    assert [await racer.read() for racer in (approve, edit, reject)] == ["ready"] * 3
    chance = random.Random(7)  # noqa: S311 - to be repeated
    for rival in (edit, reject):
        won = Counter([await run(life, approve, rival, chance) for _ in range(RACES)])
        record_property(f"approve or {rival.what}", dict(won))
        assert RACES < ENOUGH or set(won) == {"approve", rival.what}, won
    assert [await racer.end() for racer in (approve, edit, reject)] == [0] * 3


async def run(life: Life, approve: Racer, rival: Racer, chance: random.Random) -> str:
    """Run one race; what has won."""
    post = await life.in_review(Platform.THREADS)
    # An edit is checked before it is written: it gets a head start, so that it wins as well.
    rival.begin(post.id)
    if rival.what == "edit":
        await asyncio.sleep(chance.uniform(0, HEAD_START))
    approve.begin(post.id)
    said = [await racer.read() for racer in (approve, rival)]
    assert sorted(said) == ["lost", "won"], post
    winner = (approve, rival)[said.index("won")].what
    events = [event.kind for event in await life.events(post) if event.kind in DECISIONS]
    assert len(events) == 1
    deliveries = await life.deliveries(post)
    assert len(deliveries) == (winner == "approve")
    assert all(item.content_hash == post.content.digest() for item in deliveries)
    assert ((await life.state(post)) is PostState.APPROVED) == (winner == "approve")
    return winner
