"""Watching connections: each is read hourly, at once after a refusal, and often while someone
connects an account. Nothing is ever written at a service.
"""

import asyncio
import logging
from datetime import timedelta

import db.health
import db.joinings
from bot.errors import CopydeskError
from bot.workflow import health
from bot.workflow.desk import Desk
from bot.workflow.in_flight import InFlight

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
"""How often a connection is read."""

JOINING_EVERY = timedelta(seconds=15)
"""How often, while someone connects an account: WayinVideo takes 15 calls a minute."""

AT_ONCE = 20
"""How many connections one tick begins to read, and how many are read together."""

PATIENCE = 120.0
"""Seconds after which a reading is given up."""


class Watcher:
    """Reads connections whose time has come."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._in_flight = InFlight()
        self._reading: set[tuple[int, int]] = set()

    async def tick(self) -> None:
        """Begin to read the connections that are to be read now, but for those that rest."""
        found = await self._due() | self._desk.breakers.doubted()
        resting = self._desk.breakers.resting()
        for key in found - self._reading:
            if key[1] not in resting:
                self._reading.add(key)
                self._in_flight.start(self._read(*key))

    async def drain(self, seconds: float) -> None:
        """Let readings under way end."""
        await self._in_flight.drain(seconds)

    async def _due(self) -> set[tuple[int, int]]:
        room = AT_ONCE - self._in_flight.count
        now = self._desk.now()
        async with self._desk.database.reading() as reading:
            is_joining = await db.joinings.is_any_due(reading, now=now)
            is_watched = room > 0 and await db.health.is_any_due(reading, before=now - EVERY)
        found: set[tuple[int, int]] = set()
        if not (is_joining or is_watched):
            return found
        async with self._desk.database.transaction() as transaction:
            if is_joining:
                again_at = now + JOINING_EVERY
                found |= await db.joinings.claim(transaction, now=now, again_at=again_at)
            if is_watched:
                found |= await db.health.claim(transaction, now=now, before=now - EVERY, limit=room)
        return found

    async def _read(self, server_id: int, connection_id: int) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await health.read(self._desk, server_id, connection_id)
        except CopydeskError:
            pass  # it is kept, and told where people must do something
        except TimeoutError:
            log.warning("Connection %s was not read in %.0f s.", connection_id, PATIENCE)
        finally:
            self._reading.discard((server_id, connection_id))
