"""How a connection is: its key, its accounts and what they allow, read anew."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import db.accounts
from bot.domain.limits import AccountLimits
from bot.domain.server import Account, RemoteAccount
from bot.errors import AccountBrokenError, CopydeskError, Problem, RefusedError
from bot.workflow import allowances
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

WAIT = "The post is tried at its time all the same; if it stays so, look at the service's own page."


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What reading a connection has shown: what is wrong with it as a whole, if anything is; its
    accounts and what they allow, by our ids, and those that must be reconnected soon.
    """

    trouble: Problem | None = None
    accounts: Mapping[int, Account] = field(default_factory=dict[int, Account])
    allowed: Mapping[int, AccountLimits | None] = field(
        default_factory=dict[int, AccountLimits | None]
    )
    expiring: frozenset[int] = frozenset()


async def examine(desk: Desk, server_id: int, connection_id: int, label: str) -> Health:
    """Read a connection's accounts, keep them, and say how it is; it never raises."""
    for broken in desk.breakers.broken(server_id):
        if broken.connection_id == connection_id:
            return _away(label, broken.reason)
    try:
        provider = await desk.services.of(server_id, connection_id)
        listed = await provider.accounts()
        accounts = await _keep(desk, server_id, connection_id, listed)
        allowed = await allowances.of(desk, accounts)
    except (AccountBrokenError, RefusedError) as error:
        return Health(trouble=Problem(field=label, message=error.message, remedy=error.remedy))
    except CopydeskError as error:
        return _away(label, error.message)
    except Exception:
        log.exception("Connection %s could not be examined.", connection_id)
        return _away(label, "")
    soon = {item.remote_id for item in listed if item.expires_soon}
    return Health(
        accounts={account.id: account for account in accounts},
        allowed=allowed,
        expiring=frozenset(account.id for account in accounts if account.remote_id in soon),
    )


def silent(label: str) -> Health:
    """How a connection is whose service was waited for in vain."""
    return _away(label, "")


def _away(label: str, reason: str) -> Health:
    told = f"it cannot be asked now. {reason}".strip()
    return Health(trouble=Problem(field=label, message=told, remedy=WAIT))


async def _keep(
    desk: Desk, server_id: int, connection_id: int, listed: Sequence[RemoteAccount]
) -> list[Account]:
    async with desk.database.transaction() as transaction:
        await db.accounts.refresh(
            transaction,
            server_id=server_id,
            connection_id=connection_id,
            found=listed,
            now=desk.now(),
        )
        kept = await db.accounts.find(transaction, server_id=server_id)
    return [account for account in kept if account.connection_id == connection_id]
