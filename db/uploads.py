"""Queries of the table `uploads`."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import uploads


async def get(connection: AsyncConnection, *, connection_id: int, sha256: str) -> str | None:
    """The name under which a service knows a file, or None."""
    statement = select(uploads.c.name).where(
        uploads.c.connection_id == connection_id, uploads.c.sha256 == sha256
    )
    return (await connection.execute(statement)).scalar_one_or_none()


async def insert(
    connection: AsyncConnection, *, connection_id: int, sha256: str, name: str, now: datetime
) -> None:
    """Remember a file that was handed over; the first name stays."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(uploads).values(
        connection_id=connection_id, sha256=sha256, name=name, uploaded_at=now
    )
    await connection.execute(statement.on_conflict_do_nothing())
