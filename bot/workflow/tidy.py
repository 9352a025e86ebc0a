"""Removing files that nothing has needed for a while: once a day, a batch a tick."""

import logging
from datetime import datetime, timedelta

import db.files
from bot.storage import Kept
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
POSTS_AT_ONCE, FILES_AT_ONCE = 500, 50


class Tidier:
    """First notes what posts, drafts, series, templates and orders need, then removes what nothing
    has needed for the time of `retention`. Several processes may do so beside each other.
    """

    def __init__(self, desk: Desk, retention: timedelta) -> None:
        self._desk = desk
        self._retention = retention
        self._next_at: datetime | None = None
        self._after: int | None = 0  # the last post that was looked at; None: all were
        self._removed = 0

    async def tick(self) -> None:
        """Do the next piece of work, if it is time for any."""
        if self._next_at and self._desk.now() < self._next_at:
            return
        if self._after is not None:
            await self._note(self._after)
        elif not await self._remove():
            await self._rest()

    async def _note(self, after: int) -> None:
        """Note what the next posts need; what is no post's, with the first."""
        async with self._desk.database.reading() as reading:
            needed, last = await db.files.of_posts(reading, after=after, limit=POSTS_AT_ONCE)
            if after == 0:
                needed |= await db.files.of_others(reading)
        async with self._desk.database.transaction() as transaction:
            await db.files.need(transaction, needed, now=self._desk.now())
        self._after = last

    async def _remove(self) -> bool:
        """Remove some files; whether there may be more.

        They are removed before that is committed: whoever wants to keep the same bytes again waits
        for it, and then finds that they are gone.
        """
        before = self._desk.now() - self._retention
        async with self._desk.database.transaction() as transaction:
            old = await db.files.sweep(transaction, before=before, limit=FILES_AT_ONCE)
            await self._desk.storage.remove(
                Kept(server_id=server_id, sha256=sha256, extension=extension)
                for server_id, sha256, extension in old
            )
        self._removed += len(old)
        return len(old) == FILES_AT_ONCE

    async def _rest(self) -> None:
        await self._desk.storage.forget_arrivals()
        if self._removed:
            log.info("%s files were removed, which nothing needs any more.", self._removed)
        self._after, self._removed = 0, 0
        self._next_at = self._desk.now() + EVERY
