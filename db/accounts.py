"""Queries of the table `accounts`."""

from collections.abc import Collection, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.server import Account, RemoteAccount
from db.tables import accounts, connections

_ACCOUNTS = TypeAdapter(list[Account])


async def refresh(
    connection: AsyncConnection,
    *,
    server_id: int,
    connection_id: int,
    found: Sequence[RemoteAccount],
    now: datetime,
) -> None:
    """Make the accounts of a connection equal to what the service listed just now.

    An account that is no longer listed stays, unusable: posts refer to it.
    """
    await connection.execute(
        accounts.update().where(accounts.c.connection_id == connection_id).values(usable=False)
    )
    if not found:
        return
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(accounts)
    changed = ("platform", "name", "username", "usable", "refreshed_at")
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[accounts.c.connection_id, accounts.c.remote_id],
            set_={column: statement.excluded[column] for column in changed},
        ),
        [
            {
                "server_id": server_id,
                "connection_id": connection_id,
                "remote_id": account.remote_id,
                "platform": account.platform,
                "name": account.name,
                "username": account.username,
                "usable": account.usable,
                "refreshed_at": now,
            }
            for account in found
        ],
    )


async def find(
    connection: AsyncConnection, *, server_id: int, ids: Collection[int] | None = None
) -> list[Account]:
    """A server's accounts, or those of them that have one of `ids`."""
    statement = (
        select(
            accounts.c.id,
            accounts.c.server_id,
            accounts.c.connection_id,
            connections.c.provider,
            accounts.c.remote_id,
            accounts.c.platform,
            accounts.c.name,
            accounts.c.username,
            accounts.c.usable,
            accounts.c.backup_id,
            accounts.c.nickname,
            accounts.c.emoji,
            accounts.c.avatar_url,
            accounts.c.followers,
            accounts.c.health,
            accounts.c.trouble,
        )
        .join(connections, accounts.c.connection_id == connections.c.id)
        .where(accounts.c.server_id == server_id)
        .order_by(accounts.c.id)
    )
    if ids is not None:
        statement = statement.where(accounts.c.id.in_(ids))
    rows = (await connection.execute(statement)).mappings()
    return _ACCOUNTS.validate_python([dict(row) for row in rows])


async def set_backup(
    connection: AsyncConnection, *, server_id: int, account_id: int, backup_id: int | None
) -> None:
    """Name the account that takes over from another, or None."""
    await connection.execute(
        update(accounts)
        .where(accounts.c.server_id == server_id, accounts.c.id == account_id)
        .values(backup_id=backup_id)
    )
