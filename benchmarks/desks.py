"""A desk and the machine's ticks, put together as the bot does, without Discord."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import func, select, text

from bot.scheduler import Scheduler
from bot.storage import Storage
from bot.vault import Vault
from bot.workflow.desk import Desk
from bot.workflow.machine import Machine
from bot.workflow.media_links import MediaLinks
from bot.workflow.services import Services
from db.database import Database
from db.tables import deliveries

_LONGEST = 300  # seconds
KEPT = timedelta(days=1)
"""For how long files that nothing needs are kept; there are none here."""


class Running:
    """The machine as the bot runs it, and how often it was nudged."""

    def __init__(self) -> None:
        self.nudges = 0
        self._scheduler = Scheduler()

    def nudge(self) -> None:
        """Nudge the scheduler."""
        self.nudges += 1
        self._scheduler.nudge()

    async def publish(self, desk: Desk, count: int) -> float:
        """Run until so many deliveries, all that are due, were published; the seconds it took."""
        machine = Machine(desk, retention=KEPT)
        scheduler = self._scheduler = Scheduler()
        for tick in machine.ticks:
            scheduler.add(tick.name, tick.work, nudged=tick.nudged)
        clock = asyncio.get_running_loop().time
        self.nudges, began = 0, clock()
        scheduler.start()
        self.nudge()
        try:
            async with asyncio.timeout(_LONGEST):
                # Each outcome nudges once: before that there is nothing to look for.
                while self.nudges < count or await _left(desk):  # noqa: ASYNC110 - of rows
                    await asyncio.sleep(0.005)
            return clock() - began
        finally:
            await scheduler.drain(5)
            await machine.drain(5)


@asynccontextmanager
async def laid_out(
    database: Database, services: Callable[[Database, Vault], Services]
) -> AsyncGenerator[tuple[Desk, Running]]:
    """A desk, and the machine it nudges, which does not run yet."""
    vault, running = Vault([Fernet.generate_key().decode()]), Running()
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(
            database=database,
            storage=Storage(f"file:{Path(folder) / 'media'}"),
            services=services(database, vault),
            links=MediaLinks("", vault),
            nudge=running.nudge,
        )
        try:
            yield desk, running
        finally:
            await desk.services.close()


async def _left(desk: Desk) -> int:
    """How many deliveries are due or under way."""
    waiting = select(func.count()).where(
        text("state = 'waiting'"), deliveries.c.try_at <= desk.now()
    )
    submitting = select(func.count()).select_from(deliveries).where(text("state = 'submitting'"))
    async with desk.database.reading() as reading:
        left = (await reading.execute(waiting)).scalar_one()
        return left or (await reading.execute(submitting)).scalar_one()
