"""A database that dies at a chosen commit, and with it everything that wanted to use it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection
from typing_extensions import override

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
