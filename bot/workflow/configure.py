"""A server's settings."""

from dataclasses import replace

import db.events
import db.servers
from bot.domain.event import EventKind
from bot.domain.server import Server
from bot.domain.times import zone_named
from bot.errors import InputError, Problem
from bot.workflow.desk import Desk

# Discord gives the role everyone has the server's own id, and never lists it among a person's.
_EVERYONE = Problem(
    field="Approver role",
    message="everyone has this role, so it would decide nothing.",
    remedy="Make a role for the people who approve posts.",
)


async def get(desk: Desk, server_id: int) -> Server:
    """The settings as they are."""
    async with desk.database.reading() as reading:
        return await db.servers.get(reading, server_id)


async def change(
    desk: Desk,
    *,
    server_id: int,
    user_id: int,
    approvals_channel_id: int | None = None,
    approver_role_id: int | None = None,
    zone: str | None = None,
) -> Server:
    """Change the settings that are given; the settings after it. Raises InputError."""
    if approver_role_id == server_id:
        raise InputError([_EVERYONE])
    async with desk.database.transaction() as transaction:
        server = await db.servers.get(transaction, server_id)
        server = replace(
            server,
            approvals_channel_id=approvals_channel_id or server.approvals_channel_id,
            approver_role_id=approver_role_id or server.approver_role_id,
            zone=zone_named(zone).key if zone else server.zone,
        )
        await db.servers.save(transaction, server)
        changed = db.events.Happened(
            server_id=server_id,
            kind=EventKind.SETTINGS_CHANGED,
            actor_id=user_id,
            data={
                "approvals_channel": str(server.approvals_channel_id),
                "approver_role": str(server.approver_role_id),
                "zone": server.zone,
            },
        )
        await db.events.append(transaction, [changed], now=desk.now())
    return server
