"""Pausing and resuming: an account, a connection, a server, or everything."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.connections
import db.events
import db.pauses
from bot.domain.event import EventKind
from bot.domain.pause import OPERATOR, Pause, Scope
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow.desk import Desk
from db.database import Database

CARDS_AT_ONCE = 200
"""Cards that are made to say so at once, the soonest; the others say so with their next event."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pauser:
    """The person who pauses or resumes, in which server, and whether they may."""

    server_id: int
    user_id: int
    may_decide: bool


async def pause(desk: Desk, by: Pauser, scope: Scope, scope_id: int) -> None:
    """Keep what waits there from going out. Raises NotAllowedError, NotFoundError, and
    ConflictError when it is paused already.
    """
    new = await _asked_for(desk, by, scope, scope_id)
    async with desk.database.transaction() as transaction:
        if not await db.pauses.insert(transaction, new):
            raise ConflictError("It is paused already.", remedy="End it with /desk resume.")
        await _tell(transaction, EventKind.PAUSED, new, desk.now())
    desk.nudge()


async def resume(desk: Desk, by: Pauser, scope: Scope, scope_id: int) -> list[Pause]:
    """Let what waits there go out again, as the late policy has it; the pauses the server still
    feels. Raises NotAllowedError, NotFoundError, and ConflictError when it was not paused.
    """
    lifted = await _asked_for(desk, by, scope, scope_id)
    async with desk.database.transaction() as transaction:
        if not await db.pauses.delete(transaction, scope, lifted.scope_id, by.server_id):
            raise ConflictError("It is not paused.", remedy="See what is with /desk resume.")
        await _tell(transaction, EventKind.RESUMED, lifted, desk.now())
        left = await db.pauses.find(transaction, server_id=by.server_id)
    desk.nudge()
    return left


async def find(desk: Desk, server_id: int) -> list[Pause]:
    """The pauses that a server feels, oldest first: its own, and that of everything."""
    async with desk.database.reading() as reading:
        return await db.pauses.find(reading, server_id=server_id)


async def pause_everything(database: Database, *, now: datetime) -> bool:
    """Keep everything of every server from going out; False when it is paused already."""
    everything = _everything(now)
    async with database.transaction() as transaction:
        is_new = await db.pauses.insert(transaction, everything)
        if is_new:
            await _tell(transaction, EventKind.PAUSED, everything, now)
    return is_new


async def resume_everything(database: Database, *, now: datetime) -> bool:
    """End the pause of everything; the other pauses stay. False when there was none."""
    everything = _everything(now)
    async with database.transaction() as transaction:
        was_paused = await db.pauses.delete(transaction, Scope.EVERYTHING, 0, 0)
        if was_paused:
            await _tell(transaction, EventKind.RESUMED, everything, now)
    return was_paused


def _everything(now: datetime) -> Pause:
    return Pause(scope=Scope.EVERYTHING, scope_id=0, server_id=0, paused_by=OPERATOR, paused_at=now)


async def _asked_for(desk: Desk, by: Pauser, scope: Scope, scope_id: int) -> Pause:
    """The pause a person means, of something that is their server's."""
    if not by.may_decide:
        raise NotAllowedError("Only approvers and admins pause and resume.", remedy="Ask one.")
    asked = Pause(
        scope=scope,
        scope_id=scope_id,
        server_id=by.server_id,
        paused_by=by.user_id,
        paused_at=desk.now(),
    )
    if scope is Scope.SERVER:
        return replace(asked, scope_id=by.server_id)
    async with desk.database.reading() as reading:
        if scope is Scope.ACCOUNT:
            found = await db.accounts.find(reading, server_id=by.server_id, ids=[scope_id])
        elif scope is Scope.CONNECTION:
            found = await db.connections.get(
                reading, server_id=by.server_id, connection_id=scope_id
            )
        else:
            raise NotAllowedError(
                "Everything is the operator's to pause.", remedy="Pause this server."
            )
    if not found:
        raise NotFoundError(f"There is no such {scope} here.", remedy="Choose one of the list.")
    return asked


async def _tell(transaction: AsyncConnection, kind: EventKind, pause: Pause, now: datetime) -> None:
    """Note it for the audit trail, and have the cards of what waits there say so."""
    covered = await db.pauses.waiting_posts(
        transaction, pause.scope, pause.scope_id, limit=CARDS_AT_ONCE
    )
    actor = pause.paused_by or None
    what = {"scope": str(pause.scope), "scope_id": str(pause.scope_id)}
    happened = [db.events.Happened(server_id=pause.server_id, kind=kind, actor_id=actor, data=what)]
    happened += [
        db.events.Happened(
            server_id=server_id, kind=kind, post_id=post_id, actor_id=actor, data=what
        )
        for post_id, server_id in covered.items()
    ]
    await db.events.append(transaction, happened, now=now)
