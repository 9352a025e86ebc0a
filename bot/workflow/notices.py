"""Notices: what is told of a server as a whole, such as an account that must be reconnected.

They wait in the outbox like the events of posts, and are told once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import random

import db.events
import db.servers
from bot.domain import pace
from bot.domain.event import Event
from bot.domain.server import Server
from bot.workflow.announce import AWAY, CLOSED
from bot.workflow.desk import Desk

AT_ONCE = 50
"""How many notices one tick takes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """An event that is to be told, and the settings of its server. `tries` is 1 when nobody tried
    before; after `until` (UTC) someone else may tell it.
    """

    event: Event
    server: Server
    tries: int
    until: datetime

    @property
    def channels(self) -> Sequence[int]:
        """Where it is told, the next where the one before is closed: the channel that it names
        itself, where approvals are asked for, the fallback channel.
        """
        named = int(self.event.data.get("channel", 0))
        known = (named, self.server.approvals_channel_id, self.server.fallback_channel_id)
        return list(dict.fromkeys(channel for channel in known if channel))


async def take(desk: Desk) -> list[Notice]:
    """Take the notices that are to be told now. Each ends with `told` or `tell_later`."""
    now = desk.now()
    until = now + pace.TELL_LEASE
    async with desk.database.transaction() as transaction:
        taken = await db.events.claim_notices(
            transaction, now=now, lease_until=until, limit=AT_ONCE
        )
        ids = {event.server_id for event, _ in taken}
        servers = await db.servers.by_ids(transaction, ids) if ids else {}
    return [
        Notice(event=event, server=servers[event.server_id], tries=tries, until=until)
        for event, tries in taken
    ]


async def told(desk: Desk, notice: Notice) -> None:
    """It has been told."""
    async with desk.database.transaction() as transaction:
        await db.events.told(transaction, [notice.event.id])


async def tell_later(desk: Desk, notice: Notice, *, trouble: str, is_closed: bool) -> None:
    """It could not be told: Discord could not be reached, or every place `is_closed` to us."""
    most = CLOSED if is_closed else AWAY
    wait = pace.backoff(notice.tries, jitter=random(), base=1.0, most=most)  # noqa: S311
    async with desk.database.transaction() as transaction:
        await db.events.tell_again(transaction, [notice.event.id], desk.now() + wait, trouble)
