"""Trying a connection out: how quickly its service answers, and what is behind its key."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import db.events
from bot.domain.event import EventKind
from bot.domain.server import Account, Connection
from bot.errors import CopydeskError
from bot.workflow import connect, health
from bot.workflow.desk import Desk
from providers.base import TellsPlan
from providers.plan import Plan


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """How a connection answered: after how many milliseconds, with which accounts and what plan.

    The plan is None where the service tells none, or not now.
    """

    connection: Connection
    milliseconds: int
    accounts: Sequence[Account]
    plan: Plan | None = None


async def try_out(desk: Desk, *, server_id: int, connection_id: int, user_id: int) -> Tried:
    """Read a connection's accounts and plan; nothing is written at the service.

    Raises NotFoundError, and the service's ProviderError where it does not answer as it should,
    which is kept as the connection's health.
    """
    await connect.find(desk, server_id=server_id, connection_id=connection_id)
    await _note(desk, server_id, connection_id, user_id)
    began = time.perf_counter()
    accounts = await health.read(desk, server_id, connection_id)
    milliseconds = round((time.perf_counter() - began) * 1000)
    return Tried(
        connection=await connect.find(desk, server_id=server_id, connection_id=connection_id),
        milliseconds=milliseconds,
        accounts=accounts,
        plan=await _plan(desk, server_id, connection_id),
    )


async def _note(desk: Desk, server_id: int, connection_id: int, user_id: int) -> None:
    tested = db.events.Happened(
        server_id=server_id,
        kind=EventKind.TESTED,
        actor_id=user_id,
        data={"connection": str(connection_id)},
    )
    async with desk.database.transaction() as transaction:
        await db.events.append(transaction, [tested], now=desk.now())


async def _plan(desk: Desk, server_id: int, connection_id: int) -> Plan | None:
    provider = await desk.services.of(server_id, connection_id)
    try:
        return await provider.plan() if isinstance(provider, TellsPlan) else None
    except CopydeskError:
        return None  # the accounts were read, which is what counts
