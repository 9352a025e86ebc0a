"""Queries of the table `account_sets`."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.server import AccountSet
from db.tables import account_sets

_SETS = TypeAdapter(list[AccountSet])


async def find(connection: AsyncConnection, *, server_id: int) -> list[AccountSet]:
    """A server's sets, by name."""
    statement = (
        select(account_sets)
        .where(account_sets.c.server_id == server_id)
        .order_by(account_sets.c.name)
    )
    rows = (await connection.execute(statement)).mappings()
    return _SETS.validate_python([dict(row) for row in rows])


async def save(
    connection: AsyncConnection,
    *,
    server_id: int,
    name: str,
    account_ids: Sequence[int],
    user_id: int,
    now: datetime,
) -> None:
    """Keep a set under its name, in the place of the one that had it."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(account_sets).values(
        server_id=server_id,
        name=name,
        account_ids=list(account_ids),
        created_by=user_id,
        created_at=now,
    )
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=[account_sets.c.server_id, account_sets.c.name],
            set_={"account_ids": statement.excluded.account_ids},
        )
    )


async def remove(connection: AsyncConnection, *, server_id: int, name: str) -> bool:
    """Forget a set; False when there is none of this name."""
    statement = delete(account_sets).where(
        account_sets.c.server_id == server_id, account_sets.c.name == name
    )
    return (await connection.execute(statement)).rowcount == 1
