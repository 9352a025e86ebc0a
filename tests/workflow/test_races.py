"""Decisions from two processes at the same moment, on PostgreSQL: never both, never neither.

COPYDESK_RACES says how many of each; the usual number takes some seconds.
"""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.workflow.desk import Desk
from tests.life import Life
from tests.workflow import racers

ROOT = Path(__file__).parents[2]
HEAD_START = 0.03  # seconds at most
RACES = int(os.environ.get("COPYDESK_RACES", "60"))
DECISIONS = {EventKind.APPROVED, EventKind.REJECTED, EventKind.REVISED}


@pytest.fixture
def engine() -> str:
    """Run on PostgreSQL: several processes never share a SQLite file."""
    return "postgresql"


@pytest.fixture
async def desk(database_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """Lay out a desk with the key that the others have too."""
    desk = racers.a_desk(database_url, tmp_path)
    yield desk
    await desk.services.close()
    await desk.database.close()


class Racer:
    """A process that takes part."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def read(self) -> str:
        """Read what it says."""
        assert self.process.stdout is not None
        return (await self.process.stdout.readline()).decode().strip()

    def begin(self, post_id: int) -> None:
        """Have it do its part for a post."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{post_id}\n".encode())


async def a_racer(url: str, folder: Path, what: str) -> Racer:
    """Start a process that takes part."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.workflow.racers", url, str(folder), what, racers.KEY),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    racer = Racer(process)
    assert await racer.read() == "ready"
    return racer


@pytest.mark.parametrize("rivals", [("approve", "edit"), ("approve", "reject")])
async def test_two_processes(
    life: Life,
    database_url: str,
    tmp_path: Path,
    rivals: tuple[str, str],
    record_property: Callable[[str, object], None],
) -> None:
    """Approve and edit, or approve and reject, at the same moment: exactly one of them counts, with
    one event; what was approved is what was read.
    """
    pair = [await a_racer(database_url, tmp_path, what) for what in rivals]
    chance = random.Random(7)  # noqa: S311 - to be repeated
    won: Counter[str] = Counter()
    for _ in range(RACES):
        post = await life.in_review(Platform.THREADS)
        # An edit is checked before it is written: it gets a head start, so that it wins as well.
        pair[1].begin(post.id)
        if rivals[1] == "edit":
            await asyncio.sleep(chance.uniform(0, HEAD_START))
        pair[0].begin(post.id)
        said = [await racer.read() for racer in pair]
        assert sorted(said) == ["lost", "won"], post
        winner = rivals[said.index("won")]
        won[winner] += 1
        events = [event.kind for event in await life.events(post) if event.kind in DECISIONS]
        assert len(events) == 1
        deliveries = await life.deliveries(post)
        assert len(deliveries) == (winner == "approve")
        assert all(item.content_hash == post.content.digest() for item in deliveries)
        assert ((await life.state(post)) is PostState.APPROVED) == (winner == "approve")
    record_property("won", dict(won))
    assert set(won) == set(rivals), won
    for racer in pair:
        assert racer.process.stdin is not None
        racer.process.stdin.close()
        assert await racer.process.wait() == 0
