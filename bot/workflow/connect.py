"""Connecting a server with a service, and reading the accounts behind the connection."""

from collections.abc import Mapping, Sequence
from itertools import count

import db.accounts
import db.connections
import db.events
from bot.domain.event import EventKind
from bot.domain.server import Account, Connection
from bot.errors import InputError, NotFoundError, Problem
from bot.workflow import keys
from bot.workflow.desk import Desk
from bot.workflow.transitions import Reading

LONGEST_NAME = 64
"""Characters of a connection's name."""


async def connect(
    desk: Desk, *, server_id: int, provider: str, credentials: Mapping[str, str], user_id: int
) -> list[Account]:
    """Check credentials by reading the accounts, keep them encrypted; the accounts found.

    The same credentials again only refresh their accounts. Raises InputError for an empty field
    and the service's ProviderError when it refuses them; then only that it did is kept.
    """
    given = keys.read(desk, provider, credentials)
    found = await keys.accounts_behind(desk, server_id, provider, given, user_id=user_id)
    now = desk.now()
    async with desk.database.transaction() as transaction:
        open_ones = await db.connections.find(transaction, server_id=server_id)
        connection_id = keys.holding(desk, open_ones, provider, given)
        if connection_id is None:
            connection_id = await db.connections.insert(
                transaction,
                server_id=server_id,
                provider=provider,
                secret=desk.services.vault.lock(given),
                hint=keys.hint(desk, provider, given),
                name=_unused(desk.services.capabilities(provider).label, open_ones),
                created_by=user_id,
                now=now,
            )
        connected = db.events.Happened(
            server_id=server_id,
            kind=EventKind.CONNECTED,
            actor_id=user_id,
            data={"provider": provider, "connection": str(connection_id)},
        )
        await db.events.append(transaction, [connected], now=now)
        reading = Reading(
            transaction=transaction, server_id=server_id, connection_id=connection_id, now=now
        )
        await reading.keep(found)
        accounts = await db.accounts.find(transaction, server_id=server_id)
    return [account for account in accounts if account.connection_id == connection_id]


async def accounts(desk: Desk, server_id: int) -> list[Account]:
    """A server's accounts as they were last read."""
    async with desk.database.reading() as reading:
        return await db.accounts.find(reading, server_id=server_id)


async def connections(desk: Desk, server_id: int) -> list[Connection]:
    """The connections of a server, oldest first."""
    async with desk.database.reading() as reading:
        return await db.connections.find(reading, server_id=server_id)


async def find(desk: Desk, *, server_id: int, connection_id: int) -> Connection:
    """An open connection of a server; raises NotFoundError."""
    async with desk.database.reading() as reading:
        found = await db.connections.get(reading, server_id=server_id, connection_id=connection_id)
    if found is None or found.closed_at:
        raise NotFoundError("There is no such connection here.", remedy="See /provider list.")
    return found


async def rename(
    desk: Desk, *, server_id: int, connection_id: int, user_id: int, name: str
) -> Connection:
    """Give a connection a name; none takes it back. Raises InputError and NotFoundError."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise InputError([_too_long(name)])
    async with desk.database.transaction() as transaction:
        if not await db.connections.rename(
            transaction, server_id=server_id, connection_id=connection_id, name=name
        ):
            raise NotFoundError("There is no such connection here.", remedy="See /provider list.")
        renamed = db.events.Happened(
            server_id=server_id,
            kind=EventKind.CONNECTION_RENAMED,
            actor_id=user_id,
            data={"connection": str(connection_id), "name": name},
        )
        await db.events.append(transaction, [renamed], now=desk.now())
    return await find(desk, server_id=server_id, connection_id=connection_id)


def _unused(label: str, others: Sequence[Connection]) -> str:
    """A name that no other connection has: that of the service, with a number from the second on."""
    taken = {other.name for other in others}
    names = (label if number == 1 else f"{label} {number}" for number in count(1))
    return next(name for name in names if name not in taken)


def _too_long(name: str) -> Problem:
    return Problem(
        field="Name",
        message=f"it has {len(name)} characters; {LONGEST_NAME} are the most.",
        remedy="Shorten it.",
    )
