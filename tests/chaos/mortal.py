"""A database that dies at a chosen commit, and with it everything that wanted to use it."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

from bot.errors import CopydeskError
from db.database import Database


class Died(BaseException):
    """The process is dead."""


class MortalDatabase(Database):
    """Dies with the process's nth commit from now: just before it, or just after."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.died = asyncio.Event()
        self._left = 0
        self._is_after = False

    def doom(self, commits: int, *, after: bool) -> None:
        """Choose when to die; 0 lives on."""
        self._left, self._is_after = commits, after

    def check(self) -> None:
        """Raise Died when it has."""
        if self.died.is_set():
            raise Died

    def die(self) -> None:
        """Die now."""
        self.died.set()
        raise Died

    @asynccontextmanager
    @override
    async def transaction(self) -> AsyncGenerator[AsyncConnection]:
        self.check()
        async with super().transaction() as connection:
            yield connection
            self.check()
            self._left -= 1
            if self._left == 0 and not self._is_after:
                self.die()
        if self._left == 0:
            self.die()

    @asynccontextmanager
    @override
    async def reading(self) -> AsyncGenerator[AsyncConnection]:
        self.check()
        async with super().reading() as connection:
            yield connection


async def live(database: MortalDatabase, work: Coroutine[Any, Any, Any]) -> bool:
    """Do something until it is done or the process dies of it; whether it lives. Refusals are
    answers like any other.
    """
    task = asyncio.create_task(_politely(work))
    died = asyncio.create_task(database.died.wait())
    await asyncio.wait({task, died}, return_when=asyncio.FIRST_COMPLETED)
    if not database.died.is_set():
        died.cancel()
        await task
        return True
    # Whatever goes on fails with its next step; some wait for those that have failed.
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    while rest:
        _, rest = await asyncio.wait(rest, timeout=0.05)
        for left in rest:
            left.cancel()
    return False


async def _politely(work: Coroutine[Any, Any, Any]) -> None:
    with suppress(CopydeskError, Died):
        await work
