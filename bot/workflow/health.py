"""How a connection is: its key and its accounts, read anew. Every such reading comes through here.

What changed is written with its events in one transaction, so each change is told once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import db.accounts
from bot.domain.limits import AccountLimits
from bot.domain.server import Account, AccountHealth, ConnectionHealth
from bot.errors import AccountBrokenError, CopydeskError, Problem, ProviderError, RefusedError
from bot.workflow import allowances
from bot.workflow.desk import Desk
from bot.workflow.transitions import Reading

log = logging.getLogger(__name__)

WAIT = "The post is tried at its time all the same; if it stays so, look at the service's own page."


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What reading a connection has shown: what is wrong with it as a whole, if anything is; its
    accounts and what they allow, by our ids.
    """

    trouble: Problem | None = None
    accounts: Mapping[int, Account] = field(default_factory=dict[int, Account])
    allowed: Mapping[int, AccountLimits | None] = field(
        default_factory=dict[int, AccountLimits | None]
    )

    @property
    def expiring(self) -> frozenset[int]:
        """The accounts that must be reconnected soon."""
        found = self.accounts.values()
        return frozenset(item.id for item in found if item.health is AccountHealth.EXPIRING)


async def read(desk: Desk, server_id: int, connection_id: int) -> list[Account]:
    """Read a connection's accounts and keep what that shows, a refused key too; the accounts.

    Raises the service's ProviderError, and NotFoundError where the connection is gone.
    """
    provider = await desk.services.of(server_id, connection_id)
    desk.breakers.is_looked_at(server_id, connection_id)
    try:
        listed = await provider.accounts()
    except ProviderError as error:
        await _note(desk, server_id, connection_id, error)
        raise
    async with desk.database.transaction() as transaction:
        reading = Reading(
            transaction=transaction,
            server_id=server_id,
            connection_id=connection_id,
            now=desk.now(),
        )
        await reading.keep(listed)
        kept = await db.accounts.find(transaction, server_id=server_id)
    desk.nudge()
    return [account for account in kept if account.connection_id == connection_id]


async def examine(desk: Desk, server_id: int, connection_id: int, label: str) -> Health:
    """Read a connection's accounts, keep them, and say how it is; it never raises."""
    for broken in desk.breakers.broken(server_id):
        if broken.connection_id == connection_id:
            return _away(label, broken.reason)
    try:
        accounts = await read(desk, server_id, connection_id)
        allowed = await allowances.of(desk, accounts)
    except (AccountBrokenError, RefusedError) as error:
        return Health(trouble=Problem(field=label, message=error.message, remedy=error.remedy))
    except CopydeskError as error:
        return _away(label, error.message)
    except Exception:
        log.exception("Connection %s could not be examined.", connection_id)
        return _away(label, "")
    return Health(accounts={account.id: account for account in accounts}, allowed=allowed)


def silent(label: str) -> Health:
    """How a connection is whose service was waited for in vain."""
    return _away(label, "")


def _away(label: str, reason: str) -> Health:
    told = f"it cannot be asked now. {reason}".strip()
    return Health(trouble=Problem(field=label, message=told, remedy=WAIT))


async def _note(desk: Desk, server_id: int, connection_id: int, error: ProviderError) -> None:
    """Keep that a connection could not be read: its key is refused, or its service is away."""
    is_refused = isinstance(error, AccountBrokenError)
    async with desk.database.transaction() as transaction:
        reading = Reading(
            transaction=transaction,
            server_id=server_id,
            connection_id=connection_id,
            now=desk.now(),
        )
        to = ConnectionHealth.REFUSED if is_refused else ConnectionHealth.AWAY
        await reading.fail(to, f"{error.message.rstrip('.')}. {error.remedy}".strip())
    desk.nudge()
