"""Queries of the table `accounts`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.naming import told_apart
from bot.domain.platform import Platform
from bot.domain.server import Account, AccountHealth, RemoteAccount
from db.tables import accounts, connections

_ACCOUNTS = TypeAdapter(list[Account])


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """An account whose health is another than it was; `before` is None for one that is new."""

    account_id: int
    platform: Platform
    before: AccountHealth | None
    after: AccountHealth


_TOLD = (
    select(
        accounts.c.id,
        accounts.c.server_id,
        accounts.c.connection_id,
        connections.c.provider,
        connections.c.name.label("via"),
        connections.c.hint,
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
    .order_by(accounts.c.id)
)


async def refresh(
    connection: AsyncConnection,
    *,
    server_id: int,
    connection_id: int,
    found: Sequence[RemoteAccount],
    now: datetime,
) -> list[Change]:
    """Make the accounts of a connection equal to what the service listed just now; what changed.

    An account that is no longer listed stays, as gone: posts refer to it. The connection is locked
    by the caller's transaction, so that of two readings only one sees a change.
    """
    of_connection = accounts.c.connection_id == connection_id
    mine = select(connections.c.id).where(
        connections.c.id == connection_id, connections.c.server_id == server_id
    )
    if (await connection.execute(mine.with_for_update())).first() is None:
        return []
    health = select(
        accounts.c.id, accounts.c.remote_id, accounts.c.platform, accounts.c.health
    ).where(of_connection)
    before = {row.id: row.health for row in await connection.execute(health)}
    if found:
        await _keep(connection, server_id, connection_id, found, now)
    await connection.execute(
        update(accounts)
        .where(of_connection, accounts.c.remote_id.not_in([item.remote_id for item in found]))
        .values(usable=False, health=AccountHealth.GONE, trouble=AccountHealth.GONE.trouble)
    )
    return [
        Change(
            account_id=row.id,
            platform=Platform(row.platform),
            before=AccountHealth(before[row.id]) if row.id in before else None,
            after=AccountHealth(row.health),
        )
        for row in await connection.execute(health.order_by(accounts.c.id))
        if before.get(row.id) != row.health
    ]


async def _keep(
    connection: AsyncConnection,
    server_id: int,
    connection_id: int,
    found: Sequence[RemoteAccount],
    now: datetime,
) -> None:
    rows = [
        {
            "server_id": server_id,
            "connection_id": connection_id,
            "remote_id": account.remote_id,
            "platform": account.platform,
            "name": account.name,
            "username": account.username,
            "usable": account.health.is_usable,
            "health": account.health,
            "trouble": account.health.trouble,
            "avatar_url": account.avatar_url,
            "followers": account.followers,
            "refreshed_at": now,
        }
        for account in found
    ]
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(accounts)
    changed = rows[0].keys() - {"server_id", "connection_id", "remote_id"}
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[accounts.c.connection_id, accounts.c.remote_id],
            set_={column: statement.excluded[column] for column in sorted(changed)},
        ),
        rows,
    )


async def find(
    connection: AsyncConnection, *, server_id: int, ids: Collection[int] | None = None
) -> list[Account]:
    """A server's accounts behind open connections; or those that have one of `ids`, whatever became
    of their connection. Each is told apart from others of its name.
    """
    is_open = connections.c.closed_at.is_(None)
    statement = _TOLD.where(
        accounts.c.server_id == server_id,
        is_open if ids is None else or_(is_open, accounts.c.id.in_(ids)),
    )
    rows = [dict(row) for row in (await connection.execute(statement)).mappings()]
    vias = [(row.pop("via"), row.pop("hint")) for row in rows]
    found = _ACCOUNTS.validate_python(rows)
    told = told_apart(found, [name or f"key …{hint}" for name, hint in vias])
    return [item for item in told if ids is None or item.id in ids]


async def set_backup(
    connection: AsyncConnection, *, server_id: int, account_id: int, backup_id: int | None
) -> None:
    """Name the account that takes over from another, or None."""
    await connection.execute(
        update(accounts)
        .where(accounts.c.server_id == server_id, accounts.c.id == account_id)
        .values(backup_id=backup_id)
    )


async def close(connection: AsyncConnection, *, server_id: int, connection_id: int) -> None:
    """Have the accounts of a connection that is being closed be gone, and nobody's backup."""
    mine = accounts.c.server_id == server_id
    closed = select(accounts.c.id).where(mine, accounts.c.connection_id == connection_id)
    await connection.execute(
        update(accounts)
        .where(mine, accounts.c.connection_id == connection_id)
        .values(usable=False, health=AccountHealth.GONE, trouble=AccountHealth.GONE.trouble)
    )
    has_to_do = or_(
        accounts.c.connection_id == connection_id,
        accounts.c.backup_id.in_(closed.scalar_subquery()),
    )
    await connection.execute(update(accounts).where(mine, has_to_do).values(backup_id=None))
