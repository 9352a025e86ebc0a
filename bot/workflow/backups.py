"""Backups: accounts of other connections that stand for the same social accounts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.events
from bot.domain.event import EventKind
from bot.domain.post import Revision, Target, target_of
from bot.domain.server import Account, Server
from bot.errors import ConflictError, InputError, NotFoundError, Problem
from bot.workflow.desk import Desk


async def choose(
    desk: Desk, *, server_id: int, user_id: int, account_id: int, backup_id: int | None
) -> tuple[Account, Account | None]:
    """Name the account that takes over when another definitely refuses, or None; both of them.

    Raises NotFoundError, InputError where they cannot be one social account, and ConflictError
    when the backup is another account's.
    """
    async with desk.database.transaction() as transaction:
        known = await db.accounts.find(transaction, server_id=server_id)
        account = _named(known, account_id)
        backup = None if backup_id is None else _named(known, backup_id)
        if backup:
            _check(account, backup, known)
        await db.accounts.set_backup(
            transaction, server_id=server_id, account_id=account_id, backup_id=backup_id
        )
        chosen = db.events.Happened(
            server_id=server_id,
            kind=EventKind.SETTINGS_CHANGED,
            actor_id=user_id,
            data={"account": str(account_id), "backup": str(backup_id or "none")},
        )
        await db.events.append(transaction, [chosen], now=desk.now())
    return replace(account, backup_id=backup_id), backup


def may_stand_in(account: Account, backup: Account) -> bool:
    """Whether two accounts may be one social account, behind different connections."""
    is_elsewhere = account.connection_id != backup.connection_id
    return is_elsewhere and account.platform is backup.platform


async def find(
    connection: AsyncConnection, server: Server, content: Revision, accounts: Sequence[Account]
) -> dict[int, Account]:
    """The backups of a post's accounts, by the ids of these.

    There is none where failover is off, for a clip, which no other service has, and where the
    backup is chosen for the post itself: it would get the post twice.
    """
    wanted = {account.backup_id for account in accounts} - {None}
    if not server.failover or content.clip or not wanted:
        return {}
    ids = [item for item in wanted - {account.id for account in accounts} if item is not None]
    found = await db.accounts.find(connection, server_id=server.server_id, ids=ids)
    by_id = {backup.id: backup for backup in found}
    return {
        account.id: by_id[account.backup_id]
        for account in accounts
        if account.backup_id in by_id and may_stand_in(account, by_id[account.backup_id])
    }


def given(targets: Sequence[Target], backups: Mapping[int, Account]) -> tuple[Target, ...]:
    """Targets with their backups, which go out with the same options and text."""
    return tuple(
        replace(target, backup=_standing_in(target, backups.get(target.account_id)))
        for target in targets
    )


def _standing_in(target: Target, backup: Account | None) -> Target | None:
    if backup is None:
        return None
    same = target_of(backup.unmarked, target.options)  # its service is told with it
    return replace(same, caption=target.caption, title=target.title)


def _named(known: Collection[Account], account_id: int) -> Account:
    found = next((account for account in known if account.id == account_id), None)
    if found is None:
        raise NotFoundError(
            "There is no such account here.", remedy="Choose accounts from the lists."
        )
    return found


def _check(account: Account, backup: Account, known: Collection[Account]) -> None:
    if not may_stand_in(account, backup):
        raise InputError([_other_account(account, backup)])
    other = next((item for item in known if item.backup_id == backup.id), account)
    if other.id != account.id:
        raise ConflictError(
            f"It is the backup of {other.label} already.",
            remedy="Clear that one first: give /account backup without a backup.",
        )


def _other_account(account: Account, backup: Account) -> Problem:
    if account.connection_id == backup.connection_id:
        message = f"{backup.label} is behind the same connection as {account.label}."
        return Problem(
            field="Backup", message=message, remedy="Choose an account of another connection."
        )
    return Problem(
        field="Backup",
        message=f"{backup.label} is not on {account.platform.label}.",
        remedy=f"Choose an account on {account.platform.label}.",
    )
