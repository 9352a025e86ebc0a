"""A server's settings."""

from collections.abc import Collection
from dataclasses import replace

import db.cards
import db.events
import db.servers
import db.votes
from bot.domain import marks
from bot.domain.approval import Rules
from bot.domain.event import EventKind
from bot.domain.server import MOST_LATE, Server
from bot.domain.times import Timing, zone_named
from bot.domain.weekly import parse_weekly
from bot.errors import InputError, Problem
from bot.workflow import remind
from bot.workflow.desk import Desk

# Discord gives the role everyone has the server's own id, and never lists it among a person's.
_EVERYONE = Problem(
    field="Approver role",
    message="everyone has this role, so it would decide nothing.",
    remedy="Make a role for the people who approve posts.",
)

_NO_LATENESS = Problem(
    field="Late",
    message="a post cannot be that late.",
    remedy=f"Give minutes from 0 to {MOST_LATE}.",
)


NO_SLOTS = "none"
"""What is typed to have no weekly slots any more."""


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
    timing: Timing | None = None,
    late_minutes: int | None = None,
    slots: str | None = None,
    fallback_channel_id: int | None = None,
    failover: bool | None = None,
    approval: Rules | None = None,
    author_roles: Collection[int] | None = None,
    viewer_roles: Collection[int] | None = None,
    reactions: str | None = None,
) -> Server:
    """Change the settings that are given; the settings after it. Raises InputError.

    What could not be told is tried again at once: it may have been for want of a setting.
    """
    if approver_role_id == server_id:
        raise InputError([_EVERYONE])
    if late_minutes is not None and not 0 <= late_minutes <= MOST_LATE:
        raise InputError([_NO_LATENESS])
    async with desk.database.transaction() as transaction:
        before = await db.servers.get(transaction, server_id)
        server = replace(
            before,
            approvals_channel_id=approvals_channel_id or before.approvals_channel_id,
            approver_role_id=approver_role_id or before.approver_role_id,
            zone=zone_named(zone).key if zone else before.zone,
            timing=timing or before.timing,
            slots=before.slots if slots is None else _slots(slots),
            late_minutes=before.late_minutes if late_minutes is None else late_minutes,
            fallback_channel_id=fallback_channel_id or before.fallback_channel_id,
            failover=before.failover if failover is None else failover,
            approval=approval or before.approval,
            author_roles=_roles(author_roles, before.author_roles),
            viewer_roles=_roles(viewer_roles, before.viewer_roles),
            marks=before.marks if reactions is None else marks.parse(reactions),
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
                "timing": str(server.timing),
                "late_minutes": str(server.late_minutes),
                "slots": server.slots,
                "fallback_channel": str(server.fallback_channel_id),
                "failover": str(server.failover),
                "approval": str(server.approval),
                "author_roles": str(server.author_roles),
                "viewer_roles": str(server.viewer_roles),
                "reactions": server.marks,
            },
        )
        happened = [changed]
        if server.rules != before.rules:
            await remind.change(transaction, server_id, before.rules, server.rules, desk.now())
        if (server.rules, server.marks) != (before.rules, before.marks):
            waiting = await db.cards.find_open(transaction, server_id=server_id)
            happened += [replace(changed, post_id=post.id) for post in waiting]  # cards say it
            if server.marks != before.marks:  # what was said by the old ones stands by itself
                await db.votes.unbind(transaction, [post.id for post in waiting])
        await db.events.release(transaction, now=desk.now(), server_id=server_id)
        await db.events.append(transaction, happened, now=desk.now())
    desk.nudge()
    return server


def _roles(given: Collection[int] | None, before: tuple[int, ...]) -> tuple[int, ...]:
    return before if given is None else tuple(sorted(given))


def _slots(text: str) -> str:
    """Weekly slots as they are kept, one a line."""
    if text.strip().lower() == NO_SLOTS:
        return ""
    return "\n".join(map(str, parse_weekly(text, "Slots")))
