"""Queries of the table `servers`."""

from collections.abc import Collection

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.approval import Rules
from bot.domain.server import Server
from db.tables import servers

_SERVER = TypeAdapter(Server)
_RULES = TypeAdapter(Rules)

_BY_IDS = select(servers).where(servers.c.server_id.in_(bindparam("ids", expanding=True)))


async def get(connection: AsyncConnection, server_id: int) -> Server:
    """A server's settings; the defaults when it has chosen nothing."""
    return (await by_ids(connection, [server_id]))[server_id]


async def by_ids(connection: AsyncConnection, ids: Collection[int]) -> dict[int, Server]:
    """The settings of these servers by id: for the machine, which works for all of them."""
    rows = (await connection.execute(_BY_IDS, {"ids": [*ids]})).mappings()
    found = {row["server_id"]: _SERVER.validate_python(dict(row)) for row in rows}
    return {server_id: found.get(server_id) or Server(server_id=server_id) for server_id in ids}


async def save(connection: AsyncConnection, server: Server) -> None:
    """Keep a server's settings."""
    values = {
        "approvals_channel_id": server.approvals_channel_id,
        "approver_role_id": server.approver_role_id,
        "zone": server.zone,
        "fallback_channel_id": server.fallback_channel_id,
        "late_minutes": server.late_minutes,
        "timing": server.timing,
        "slots": server.slots,
        "failover": server.failover,
        "approval": _RULES.dump_python(server.approval, mode="json"),
        "author_roles": list(server.author_roles),
        "viewer_roles": list(server.viewer_roles),
        "marks": server.marks,
    }
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    await connection.execute(
        insert(servers)
        .values(server_id=server.server_id, **values)
        .on_conflict_do_update(index_elements=[servers.c.server_id], set_=values)
    )


async def close(connection: AsyncConnection, server_id: int, why: str) -> bool:
    """Remember that no card can be shown in a server; False when that was known."""
    statement = (
        update(servers)
        .where(servers.c.server_id == server_id, servers.c.closed == "")
        .values(closed=why)
    )
    return (await connection.execute(statement)).rowcount == 1


async def reopen(connection: AsyncConnection, server_id: int) -> None:
    """Forget that no card could be shown in a server."""
    statement = update(servers).where(servers.c.server_id == server_id, servers.c.closed != "")
    await connection.execute(statement.values(closed=""))
