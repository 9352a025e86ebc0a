"""Queries on how connections and accounts are, and what waits for those that are broken."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.server import AccountHealth, ConnectionHealth
from db.tables import accounts, connections, deliveries
from db.takeovers import may_be_taken_over

_WAITING = text("state = 'waiting'")  # a literal, for the partial index
_BROKEN = (AccountHealth.EXPIRED, AccountHealth.GONE)


@cache
def is_disconnected() -> ColumnElement[bool]:
    """The condition, in a statement on `deliveries`, that its account or the key behind it must be
    connected anew before it can go out, and no backup takes over.
    """
    # Looked up one by one: PostgreSQL would rather read all accounts for one delivery.
    account = select(accounts.c.health).where(accounts.c.id == deliveries.c.account_id)
    key = select(connections.c.health).where(connections.c.id == deliveries.c.connection_id)
    broken = or_(
        account.scalar_subquery().in_(_BROKEN),
        key.scalar_subquery() == ConnectionHealth.REFUSED,
    )
    return and_(broken, ~may_be_taken_over())


async def move(
    connection: AsyncConnection,
    *,
    server_id: int,
    connection_id: int,
    expected: Collection[ConnectionHealth],
    to: ConnectionHealth,
    now: datetime,
    trouble: str = "",
) -> bool:
    """Say how a connection is from now on; False when it was none of `expected`."""
    statement = (
        update(connections)
        .where(
            connections.c.id == connection_id,
            connections.c.server_id == server_id,
            connections.c.closed_at.is_(None),
            connections.c.health.in_(expected),
        )
        .values(health=to, trouble=trouble, checked_at=now)
    )
    return (await connection.execute(statement)).rowcount == 1


async def checked(
    connection: AsyncConnection, *, server_id: int, connection_id: int, now: datetime
) -> None:
    """Note that a connection was read just now."""
    await connection.execute(
        update(connections)
        .where(connections.c.server_id == server_id, connections.c.id == connection_id)
        .values(checked_at=now)
    )


async def is_any_due(connection: AsyncConnection, *, before: datetime) -> bool:
    """Whether some connection was not read since a moment."""
    return (await connection.execute(_not_read_since(before, 1))).first() is not None


async def claim(
    connection: AsyncConnection, *, now: datetime, before: datetime, limit: int
) -> set[tuple[int, int]]:
    """Take connections that were not read since a moment; their servers and ids."""
    statement = (
        update(connections)
        .where(
            connections.c.id.in_(_not_read_since(before, limit)),
            or_(connections.c.checked_at.is_(None), connections.c.checked_at <= before),
        )
        .values(checked_at=now)
        .returning(connections.c.server_id, connections.c.id)
    )
    return {(row.server_id, row.id) for row in await connection.execute(statement)}


def _not_read_since(before: datetime, limit: int) -> Select[int]:
    """Open connections that were never read, or not since a moment: a search of its index each."""
    is_open = select(connections.c.id).where(connections.c.closed_at.is_(None))
    never = is_open.where(connections.c.checked_at.is_(None)).limit(limit).subquery()
    long_ago = is_open.where(connections.c.checked_at <= before).limit(limit).subquery()
    found = union_all(select(never), select(long_ago)).subquery()
    return select(found.c.id).limit(limit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """The next post that goes out to an account, and its time (UTC)."""

    account_id: int
    post_id: int
    due_at: datetime


async def next_uses(connection: AsyncConnection, *, server_id: int) -> dict[int, Use]:
    """What goes out next to each account of a server, by account id; nothing where nothing waits."""
    turn = func.row_number().over(
        partition_by=deliveries.c.account_id, order_by=(deliveries.c.due_at, deliveries.c.id)
    )
    ranked = (
        select(
            deliveries.c.account_id,
            deliveries.c.post_id,
            deliveries.c.due_at,
            turn.label("turn"),
        )
        .where(_WAITING, deliveries.c.server_id == server_id)
        .subquery()
    )
    rows = await connection.execute(select(ranked).where(ranked.c.turn == 1))
    return {
        row.account_id: Use(account_id=row.account_id, post_id=row.post_id, due_at=row.due_at)
        for row in rows
    }


async def waiting_posts(
    connection: AsyncConnection, *, server_id: int, account_ids: Collection[int], limit: int
) -> list[int]:
    """The ids of a server's posts of which something waits for these accounts, soonest first."""
    statement = (
        select(deliveries.c.post_id)
        .where(
            _WAITING,
            deliveries.c.server_id == server_id,
            deliveries.c.account_id.in_(account_ids),
        )
        .group_by(deliveries.c.post_id)
        .order_by(func.min(deliveries.c.due_at), deliveries.c.post_id)
        .limit(limit)
    )
    return list((await connection.execute(statement)).scalars())
