"""Connecting an account from here: an address or a picture is given out, and the account waited for.

Nothing is kept of either: what is waited for is a row, which the watch reads for until the account
is there, or half an hour has passed. An address or picture that nobody uses does nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import db.connections
import db.joinings
from bot.domain.platform import Platform
from bot.domain.server import Connection
from bot.errors import ConflictError, NotFoundError
from bot.workflow.desk import Desk
from bot.workflow.watch import JOINING_EVERY
from db.joinings import Joining
from providers.base import ConnectsByCode, ConnectsByLink, Provider
from providers.connecting import CodeProgress, CodeState, ConnectCode

LASTS = timedelta(minutes=30)
"""How long an account is waited for, at least as long as an address or picture holds."""

LONGEST = timedelta(hours=2)
"""How long it is waited for at the most; after that the hourly reading finds it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """An address that connects one account, once; `until` (UTC) where its service says."""

    url: str
    until: datetime | None


async def connections(desk: Desk, server_id: int) -> list[Connection]:
    """The connections behind which accounts can be connected, whichever way."""
    async with desk.database.reading() as reading:
        found = await db.connections.find(reading, server_id=server_id)
    return [item for item in found if not item.closed_at]


async def find(desk: Desk, server_id: int, connection_id: int) -> Connection:
    """One of them; raises NotFoundError."""
    for item in await connections(desk, server_id):
        if item.id == connection_id:
            return item
    raise NotFoundError(
        "There is no such connection here.", remedy="Connect a service with /provider connect."
    )


async def link(desk: Desk, wanted: Joining) -> Link:
    """A fresh address for an account, which is waited for from now on. Raises NotFoundError,
    ConflictError where the service has no such way, and its ProviderError.
    """
    provider = await _provider(desk, wanted)
    if not isinstance(provider, ConnectsByLink):
        raise _by_hand(desk, provider.capabilities.name, wanted.platform)
    made = await provider.connect_link(wanted.platform)
    await _wait_for(desk, wanted, made.expires_in)
    until = desk.now() + made.expires_in if made.expires_in else None
    return Link(url=made.url, until=until)


async def code(desk: Desk, wanted: Joining) -> ConnectCode:
    """A fresh picture to scan, and its token. Raises as `link`; AccountBrokenError where the plan is
    too small.
    """
    provider = await _provider(desk, wanted)
    if not isinstance(provider, ConnectsByCode):
        raise _by_hand(desk, provider.capabilities.name, wanted.platform)
    made = await provider.connect_code()
    await _wait_for(desk, wanted, made.expires_in)
    return made


async def progress(desk: Desk, wanted: Joining, token: str) -> CodeProgress:
    """How far a picture is; once it is used, its account is looked for at once. Raises as `link`."""
    provider = await _provider(desk, wanted)
    if not isinstance(provider, ConnectsByCode):
        raise _by_hand(desk, provider.capabilities.name, wanted.platform)
    told = await provider.code_progress(token)
    if told.state in (CodeState.CONFIRMED, CodeState.UTILISED):
        async with desk.database.transaction() as transaction:
            await db.joinings.hurry(
                transaction,
                server_id=wanted.server_id,
                connection_id=wanted.connection_id,
                now=desk.now(),
            )
        desk.nudge()
    return told


async def _provider(desk: Desk, wanted: Joining) -> Provider:
    await find(desk, wanted.server_id, wanted.connection_id)
    provider = await desk.services.of(wanted.server_id, wanted.connection_id)
    if wanted.platform not in provider.capabilities.connectable:
        raise _by_hand(desk, provider.capabilities.name, wanted.platform)
    return provider


def _by_hand(desk: Desk, provider: str, platform: Platform) -> ConflictError:
    capabilities = desk.services.capabilities(provider)
    return ConflictError(
        f"{capabilities.label} connects no {platform.label} account from here.",
        remedy=capabilities.connecting_page or f"Connect it at {capabilities.label}.",
    )


async def _wait_for(desk: Desk, wanted: Joining, holds: timedelta | None) -> None:
    now = desk.now()
    async with desk.database.transaction() as transaction:
        await db.joinings.begin(
            transaction,
            wanted,
            until=now + min(max(holds or LASTS, LASTS), LONGEST),
            poll_at=now + JOINING_EVERY,
        )
