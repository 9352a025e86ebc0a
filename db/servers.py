"""Queries of the table `servers`."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.server import Server
from db.tables import servers


async def get(connection: AsyncConnection, server_id: int) -> Server:
    """A server's settings; the defaults when it has chosen nothing."""
    statement = select(servers).where(servers.c.server_id == server_id)
    row = (await connection.execute(statement)).mappings().one_or_none()
    return Server(**row) if row else Server(server_id=server_id)


async def save(connection: AsyncConnection, server: Server) -> None:
    """Keep a server's settings."""
    values = {
        "approvals_channel_id": server.approvals_channel_id,
        "approver_role_id": server.approver_role_id,
        "zone": server.zone,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    await connection.execute(
        insert(servers)
        .values(server_id=server.server_id, **values)
        .on_conflict_do_update(index_elements=[servers.c.server_id], set_=values)
    )
