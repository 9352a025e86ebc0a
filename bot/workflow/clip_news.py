"""Telling how far projects are: each has one message, which is made true again after each change."""

from datetime import timedelta
from random import random

import db.project_tellings
from bot.domain import pace
from bot.domain.project import Project
from bot.workflow.desk import Desk

AT_ONCE = 20
"""How many messages one tick makes true."""

AWAY, CLOSED = 60.0, 3600.0
"""The longest waits between tries in seconds: Discord does not answer, or does not let us speak."""

_GIVEN_UP = timedelta(days=1)
"""After so long, a message in a channel that is closed to us is left as it is."""


async def take(desk: Desk) -> list[Project]:
    """Take projects whose message is not true. Each ends with `told` or `tell_later`."""
    now = desk.now()
    async with desk.database.transaction() as transaction:
        return await db.project_tellings.claim_untold(
            transaction, now=now, lease_until=now + pace.TELL_LEASE, limit=AT_ONCE
        )


async def told(desk: Desk, project: Project, message_id: int | None) -> None:
    """The message of a project shows it as it was taken."""
    async with desk.database.transaction() as transaction:
        await db.project_tellings.told(transaction, project, message_id=message_id)


async def tell_later(desk: Desk, project: Project, *, is_closed: bool) -> None:
    """Discord was away, or the channel `is_closed` to us: later, but not for ever."""
    now = desk.now()
    if is_closed and now - project.created_at > _GIVEN_UP:
        await told(desk, project, project.message_id)
        return
    most = CLOSED if is_closed else AWAY
    wait = pace.backoff(project.tell_tries, jitter=random(), base=1.0, most=most)  # noqa: S311
    async with desk.database.transaction() as transaction:
        await db.project_tellings.tell_again(transaction, project, now + wait)


async def take_back(desk: Desk) -> None:
    """Tell at once what a process that died was about to tell."""
    async with desk.database.transaction() as transaction:
        await db.project_tellings.release(transaction, now=desk.now())
