"""Posts to measure with: approved, each with one waiting delivery, spread over connections."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.connections
import db.deliveries
import db.post_moves
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.domain.server import Account, RemoteAccount
from bot.workflow import compose
from bot.workflow.compose import Typed
from bot.workflow.desk import Desk
from db.tables import deliveries, posts, revisions

SERVER, CHANNEL, AUTHOR = 10**18, 11, 12
CAPTION = "Fresh from the roaster: our harbour blend is back, nutty and round. Come and try it!"
CONNECTIONS = 10  # so that the calls one connection may make at once (4) are not what is measured
_ROWS = 5000  # one statement inserts


async def connect(desk: Desk, server_id: int = SERVER) -> list[Account]:
    """Keep a server's connections to WAHDX, an account each; the accounts."""
    now = desk.now()
    async with desk.database.transaction() as transaction:
        for number in range(CONNECTIONS):
            key = f"sk_bench_{number:08}"
            connection_id = await db.connections.insert(
                transaction,
                server_id=server_id,
                provider="wahdx",
                secret=desk.services.vault.lock({"key": key}),
                hint=key[-4:],
                created_by=AUTHOR,
                now=now,
            )
            account = RemoteAccount(
                remote_id=f"account-{number}",
                platform=Platform.THREADS,
                name=f"Harbour Coffee {number}",
                username=f"harbour{number}.example",
            )
            await db.accounts.refresh(
                transaction,
                server_id=server_id,
                connection_id=connection_id,
                found=[account],
                now=now,
            )
        return await db.accounts.find(transaction, server_id=server_id)


async def store(desk: Desk, accounts: Sequence[Account], count: int, *, due_at: datetime) -> None:
    """Keep so many approved posts that are due at a moment, each for one of the accounts."""
    for number, account in enumerate(accounts):
        share = len(range(number, count, len(accounts)))
        if share:
            await _store(desk, account, share, due_at)
    async with desk.database.transaction() as transaction:
        # The planner knows what is stored, as PostgreSQL's does by itself in time.
        await transaction.exec_driver_sql("ANALYZE")


async def check_published(desk: Desk, count: int) -> None:
    """Make sure that what was measured is what was meant."""
    published = select(func.count()).where(deliveries.c.state == DeliveryState.PUBLISHED)
    async with desk.database.reading() as reading:
        found = (await reading.execute(published)).scalar_one()
    if found != count:
        raise RuntimeError(f"{found} of {count} deliveries were published")


async def _store(desk: Desk, account: Account, count: int, due_at: datetime) -> None:
    """Write and approve one post as people do, and copy its rows."""
    post_id = await _approve_one(desk, account)
    async with desk.database.transaction() as transaction:
        await transaction.execute(
            update(deliveries)
            .where(deliveries.c.post_id == post_id)
            .values(due_at=due_at, try_at=due_at)
        )
        post = await _row(transaction, posts, posts.c.id == post_id)
        revision = await _row(transaction, revisions, revisions.c.post_id == post_id)
        delivery = await _row(transaction, deliveries, deliveries.c.post_id == post_id)
        del post["id"], post["card_message_id"], delivery["id"]
        for begun in range(1, count, _ROWS):
            size = min(_ROWS, count - begun)
            made = insert(posts).returning(posts.c.id)
            ids = (await transaction.execute(made, [post] * size)).scalars().all()
            await _insert(transaction, revisions, revision, ids)
            await _insert(transaction, deliveries, delivery, ids)


async def _approve_one(desk: Desk, account: Account) -> int:
    """Write a post, and move it to where the team's votes would have brought it."""
    typed = Typed(caption=CAPTION, title="", account_ids=(account.id,), when_text="now", media=())
    draft = await compose.write(
        desk, server_id=account.server_id, channel_id=CHANNEL, author_id=AUTHOR, typed=typed
    )
    asked = replace(draft, state=PostState.IN_REVIEW)
    async with desk.database.transaction() as transaction:
        await db.post_moves.move(transaction, draft, PostState.IN_REVIEW)
        await db.post_moves.move(transaction, asked, PostState.APPROVED)
        await db.deliveries.insert(transaction, draft, due_at=desk.now())
    return draft.id


async def _row(
    transaction: AsyncConnection, table: Table, where: ColumnElement[bool]
) -> dict[str, Any]:
    found = await transaction.execute(select(table).where(where))
    return dict(found.mappings().one())


async def _insert(
    transaction: AsyncConnection, table: Table, like: Mapping[str, Any], post_ids: Sequence[int]
) -> None:
    rows = [{**like, "post_id": post_id} for post_id in post_ids]
    await transaction.execute(insert(table), rows)
