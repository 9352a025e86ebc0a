"""How soon a command is answered, and how much memory the idle bot has, against bare discord.py."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from benchmarks import stored
from benchmarks.desks import laid_out
from benchmarks.figures import Figure, middle, share
from benchmarks.town import BARE, COPYDESK, Inhabited, Town
from bot.workflow.services import Services
from db.database import Database
from db.migrate import migrate

AT_ONCE = (1, 10, 100)
_COMMANDS = 300  # of which the median and the 99th percentile are taken
_POSTS = 100
_ROUNDS = 3
_IDLE_SECONDS = 5

Times = dict[int, tuple[float, float]]
"""Milliseconds, p50 and p99, by the number of commands at once."""

Round = tuple[Times, float]
"""The times of one round, and the memory in MB before it."""


def rows() -> list[str]:
    """What is measured, in the order of `measure`."""
    asked = "`/post show`, event to answer, p50 and p99"
    return [*(f"{asked}, {count} at once" for count in AT_ONCE), "Memory, idle"]


async def measure() -> AsyncGenerator[Figure]:
    """Answers at each number of commands at once, and memory."""
    ours: list[Round] = []
    bare: list[Round] = []
    for _ in range(_ROUNDS):
        ours.append(await _round(COPYDESK))
        bare.append(await _round(BARE))
    memory = middle([megabytes for _, megabytes in ours])
    plain = middle([megabytes for _, megabytes in bare])
    *answers, idle = rows()
    for what, count in zip(answers, AT_ONCE, strict=True):
        yield _answers(what, count, ours, bare)
    yield Figure(what=idle, ours=f"{memory:.0f} MB", bare=f"{plain:.0f} MB", ratio=memory / plain)


def _answers(what: str, count: int, ours: Sequence[Round], bare: Sequence[Round]) -> Figure:
    (half, most), (plain_half, plain_most) = _middles(count, ours), _middles(count, bare)
    return Figure(
        what=what,
        ours=f"{half:.1f}, {most:.1f} ms",
        bare=f"{plain_half:.1f}, {plain_most:.1f} ms",
        ratio=half / plain_half,
    )


def _middles(count: int, rounds: Sequence[Round]) -> tuple[float, float]:
    found = [times[count] for times, _ in rounds]
    return middle([half for half, _ in found]), middle([most for _, most in found])


async def _round(bot: tuple[str, ...]) -> Round:
    async with _opened(bot) as (town, inhabited, post_id):
        await asyncio.sleep(_IDLE_SECONDS)
        megabytes = await inhabited.memory()
        await _give(inhabited, post_id, 1)  # the bot is warm
        town.times()
        answered: Times = {}
        for count in AT_ONCE:
            await _give(inhabited, post_id, count)
            spans = [seconds * 1000 for seconds in town.times()]
            answered[count] = share(spans, 50), share(spans, 99)
        return answered, megabytes


async def _give(inhabited: Inhabited, post_id: int, at_once: int) -> None:
    for _ in range(_COMMANDS // at_once):
        await asyncio.gather(*(inhabited.show(post_id) for _ in range(at_once)))


@asynccontextmanager
async def _opened(bot: tuple[str, ...]) -> AsyncGenerator[tuple[Town, Inhabited, int]]:
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        post_id = await _stored(town)
        async with town.open(bot) as inhabited:
            yield town, inhabited, post_id


async def _stored(town: Town) -> int:
    """Keep posts for later, as a team has them; the id of one."""
    database = Database(town.database_url)
    try:
        await migrate(database)
        async with laid_out(database, lambda store, vault: Services(store, vault, {})) as (desk, _):
            accounts = await stored.connect(desk, town.server_id)
            due_at = desk.now() + timedelta(days=30)
            await stored.store(desk, accounts, _POSTS, due_at=due_at)
    finally:
        await database.close()
    return 1
