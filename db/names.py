"""What accounts are called: in their own rows, and in what is still to be decided or sent."""

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import DeliveryState
from bot.domain.post import PostState, Target
from db.tables import accounts, deliveries, posts, revisions

_TARGETS = TypeAdapter(tuple[Target, ...])
_OVER = (DeliveryState.PUBLISHED, DeliveryState.CANCELLED)
_UNDECIDED = (PostState.DRAFT, PostState.IN_REVIEW, PostState.CHANGES_REQUESTED)


async def call(
    connection: AsyncConnection, *, server_id: int, account_id: int, nickname: str, emoji: str
) -> None:
    """Say what people call an account; empty where its own name does."""
    await connection.execute(
        update(accounts)
        .where(accounts.c.server_id == server_id, accounts.c.id == account_id)
        .values(nickname=nickname, emoji=emoji)
    )


async def carry_on(
    connection: AsyncConnection, *, server_id: int, account_id: int, name: str
) -> list[int]:
    """Call an account by another name in the posts that are not over; the ids of these posts. What
    is out keeps the name under which it went, and no approval is bound to a name.
    """
    statement = (
        update(deliveries)
        .where(
            deliveries.c.server_id == server_id,
            deliveries.c.account_id == account_id,
            deliveries.c.state.not_in(_OVER),
        )
        .values(name=name)
        .returning(deliveries.c.post_id)
    )
    found = list((await connection.execute(statement)).scalars())
    for row in await connection.execute(_undecided(server_id)):
        targets = _TARGETS.validate_python(row.targets)
        renamed = tuple(_renamed(target, account_id, name) for target in targets)
        if renamed == targets:
            continue
        await connection.execute(
            update(revisions)
            .where(revisions.c.post_id == row.post_id, revisions.c.number == row.number)
            .values(targets=_TARGETS.dump_python(renamed, mode="json"))
        )
        found.append(row.post_id)
    return sorted(set(found))


def _undecided(server_id: int) -> Select[int, int, Any]:
    return (
        select(revisions.c.post_id, revisions.c.number, revisions.c.targets)
        .join(posts, (posts.c.id == revisions.c.post_id) & (posts.c.revision == revisions.c.number))
        .where(posts.c.server_id == server_id, posts.c.state.in_(_UNDECIDED))
        .with_for_update(of=revisions)
    )


def _renamed(target: Target, account_id: int, name: str) -> Target:
    called = name if target.account_id == account_id else target.name
    backup = _renamed(target.backup, account_id, name) if target.backup else None
    return replace(target, name=called, backup=backup)
