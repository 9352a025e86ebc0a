"""Giving a connection another key: its accounts, and what waits for them, stay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.connections
import db.events
import db.health
from bot.domain.event import EventKind
from bot.domain.server import Account, AccountHealth, Connection, RemoteAccount
from bot.errors import ConflictError, InputError, Problem
from bot.workflow import connect, keys, transitions
from bot.workflow.desk import Desk

POSTS_NAMED = 200
"""Posts that are named at most, the soonest, as waiting for accounts that are lost."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replaced:
    """What a new key opens: its accounts, those of before that it does not, and the ids of posts
    that wait for these.
    """

    accounts: Sequence[Account]
    lost: Sequence[Account] = ()
    endangered: Sequence[int] = ()


async def replace_key(
    desk: Desk,
    *,
    server_id: int,
    connection_id: int,
    credentials: Mapping[str, str],
    user_id: int,
) -> Replaced:
    """Check other credentials by reading their accounts, and keep them in the place of the old.

    What waits goes on with the new ones. Raises NotFoundError, InputError for an empty field and
    for a key of other accounts altogether, ConflictError when another connection has it, and the
    service's ProviderError when it refuses them; then all stays as it is.
    """
    known = await connect.find(desk, server_id=server_id, connection_id=connection_id)
    given = keys.read_anew(desk, known, credentials)
    listed = await keys.accounts_behind(desk, server_id, known.provider, given, user_id=user_id)
    async with desk.database.transaction() as transaction:
        open_ones = await db.connections.find(transaction, server_id=server_id)
        _check_unused(desk, open_ones, known, given)
        lost = _lost(await _accounts(transaction, known), listed)
        is_replaced = await db.connections.replace_secret(
            transaction,
            known,
            secret=desk.services.vault.lock(given),
            hint=keys.hint(desk, known.provider, given),
        )
        if not is_replaced:
            raise ConflictError("The connection changed meanwhile.", remedy="See /provider list.")
        replaced = db.events.Happened(
            server_id=server_id,
            kind=EventKind.KEY_REPLACED,
            actor_id=user_id,
            data={"connection": str(connection_id), "lost": ",".join(str(one.id) for one in lost)},
        )
        await db.events.append(transaction, [replaced], now=desk.now())
        reading = transitions.Reading(
            transaction=transaction,
            server_id=server_id,
            connection_id=connection_id,
            now=desk.now(),
        )
        await reading.keep(listed)
        after = await _accounts(transaction, known)
        endangered = await db.health.waiting_posts(
            transaction,
            server_id=server_id,
            account_ids=[item.id for item in lost],
            limit=POSTS_NAMED,
        )
    desk.services.forget(server_id, connection_id)
    desk.nudge()
    gone = {item.id for item in lost}
    accounts = [item for item in after if item.id not in gone and not _is_gone(item)]
    return Replaced(accounts=accounts, lost=lost, endangered=endangered)


async def _accounts(transaction: AsyncConnection, known: Connection) -> list[Account]:
    found = await db.accounts.find(transaction, server_id=known.server_id)
    return [item for item in found if item.connection_id == known.id]


def _check_unused(
    desk: Desk, open_ones: Sequence[Connection], known: Connection, given: Mapping[str, str]
) -> None:
    others = [item for item in open_ones if item.id != known.id]
    if keys.holding(desk, others, known.provider, given) is not None:
        raise ConflictError(
            "Another connection of this server has this key.", remedy="See /provider list."
        )


def _lost(before: Sequence[Account], listed: Sequence[RemoteAccount]) -> list[Account]:
    """The accounts that were there and are not behind the new key. Raises InputError where that
    are all of them: it is the key of something else.
    """
    there = {item.remote_id for item in listed}
    had = [item for item in before if not _is_gone(item)]
    lost = [item for item in had if item.remote_id not in there]
    if had and len(lost) == len(had):
        raise InputError([_OTHER_ACCOUNTS])
    return lost


def _is_gone(account: Account) -> bool:
    return account.health is AccountHealth.GONE


_OTHER_ACCOUNTS = Problem(
    field="Key",
    message="it is good, but opens none of the accounts of this connection.",
    remedy="Give the key of the same accounts, or connect it beside this one: /provider connect.",
)
