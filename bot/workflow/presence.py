"""Whether somebody listens to Discord, and what is told after nobody did for a while."""

from collections import defaultdict
from datetime import datetime, timedelta

import db.deliveries
import db.events
import db.presence
from bot.domain import absence
from bot.domain.event import Event, EventKind
from bot.workflow.desk import Desk

NOTED_EVERY = timedelta(seconds=30)
SETTLES = timedelta(seconds=3)
"""How long the ticks may take after an absence to expire, miss and begin what came in it."""

_TOLD = frozenset(
    {
        EventKind.VOTED,
        EventKind.VOTE_TAKEN_BACK,
        EventKind.EXPIRED,
        EventKind.SUBMITTING,
        EventKind.PROGRESSED,
    }
)


class Presence:
    """Notes now and then that the bot is there, so that the next start knows since when it was not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._is_there = False
        self._noted_at: datetime | None = None
        self._report_at: datetime | None = None

    async def tick(self) -> None:
        """Note that the bot is there, every half minute, and report an absence when it is time."""
        now = self._desk.now()
        if self._report_at and self._report_at <= now:
            await self.report()
            self._report_at = None
        if not self._is_there or (self._noted_at and now < self._noted_at + NOTED_EVERY):
            return
        async with self._desk.database.transaction() as transaction:
            await db.presence.note(transaction, now=now)
        self._noted_at = now

    def lost(self) -> None:
        """Discord is away."""
        self._is_there = False

    def resumed(self) -> None:
        """Discord is there again, and tells what was missed itself."""
        self._is_there = True

    async def returned(self) -> datetime | None:
        """A new session began, in which nothing is told that happened before. Since when (UTC) the
        bot was away, where it was for long, or where an earlier absence was not told yet.
        """
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            await db.presence.begin_absence(transaction, now=now, after=absence.SILENCE)
            found = await db.presence.absence(transaction)
            await db.presence.note(transaction, now=now)
        self._is_there, self._noted_at = True, now
        return found.since if found else None

    def caught_up(self) -> None:
        """All that was missed has been counted; what the ticks have to do comes now."""
        self._report_at = self._desk.now() + SETTLES

    async def report(self) -> None:
        """Have told once, in each server where something came of it, what the absence came to."""
        now = self._desk.now()
        async with self._desk.database.transaction() as transaction:
            found = await db.presence.absence(transaction)
            if found is None or not await db.presence.end_absence(transaction, found):
                return
            events = await db.presence.events_since(transaction, found.last_event, _TOLD)
            by_server: defaultdict[int, list[Event]] = defaultdict(list)
            for event in events:
                by_server[event.server_id].append(event)
            ids = {event.post_id for event in events if event.post_id is not None}
            deliveries = await db.deliveries.find(transaction, ids)
            happened: list[db.events.Happened] = []
            for server_id, of_server in by_server.items():
                posts = {event.post_id for event in of_server if event.post_id is not None}
                theirs = [item for post_id in sorted(posts) for item in deliveries[post_id]]
                if came := absence.summary(of_server, theirs, found.since, now):
                    data = absence.to_data(came, found.since, now)
                    happened.append(
                        db.events.Happened(server_id=server_id, kind=EventKind.RETURNED, data=data)
                    )
            await db.events.append(transaction, happened, now=now)
            await db.presence.note(transaction, now=now)
        self._desk.nudge()
