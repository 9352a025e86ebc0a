"""For the tests of the database: an empty one without tables, and one with posts to work on.

`fresh_url` is the address of an empty database of the engine. `rows` fills tables.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

import db.accounts
import db.connections
import db.deliveries
import db.events
import db.posts
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.pause import Scope
from bot.domain.post import Post, PostState
from db import tables
from db.database import Database
from tests.engines import postgres_database
from tests.factories import AUTHOR, CHANNEL, SERVER, a_delivery, a_revision, a_target
from tests.scripted import ACCOUNTS, START


@pytest.fixture
def fresh_url(engine: str, tmp_path: Path) -> Iterator[str]:
    """Make a database without tables."""
    if engine == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'fresh.db'}"
        return
    with postgres_database() as url:
        yield url


@dataclass(frozen=True)
class Rows:
    """Fills a database."""

    database: Database

    async def connection(self, server_id: int = SERVER) -> list[int]:
        """Keep a connection with four accounts; the accounts' ids."""
        async with self.database.transaction() as transaction:
            connection_id = await db.connections.insert(
                transaction,
                server_id=server_id,
                provider="wahdx",
                secret=b"secret",
                hint="",
                created_by=AUTHOR,
                now=START,
            )
            await db.accounts.refresh(
                transaction,
                server_id=server_id,
                connection_id=connection_id,
                found=ACCOUNTS,
                now=START,
            )
            accounts = await db.accounts.find(transaction, server_id=server_id)
        return [account.id for account in accounts if account.connection_id == connection_id]

    async def post(self, account_ids: Sequence[int], *, due_at: datetime = START) -> Post:
        """Keep an approved post with a waiting delivery for each account."""
        async with self.database.transaction() as transaction:
            accounts = await db.accounts.find(transaction, server_id=SERVER, ids=account_ids)
            targets = tuple(
                a_target(account.id, connection_id=account.connection_id) for account in accounts
            )
            post = await db.posts.insert(
                transaction,
                server_id=SERVER,
                channel_id=CHANNEL,
                author_id=AUTHOR,
                content=a_revision(targets=targets),
                now=START,
            )
            await db.deliveries.insert(transaction, post, due_at=due_at)
        return post

    async def deliveries(self, post: Post) -> list[Delivery]:
        """Read a post's deliveries."""
        async with self.database.reading() as reading:
            return (await db.deliveries.find(reading, [post.id]))[post.id]

    async def set(self, delivery: Delivery, **values: Any) -> None:
        """Put a delivery where the test wants it, past all rules."""
        async with self.database.transaction() as transaction:
            await transaction.execute(
                update(tables.deliveries)
                .where(tables.deliveries.c.id == delivery.id)
                .values(**values)
            )

    async def many(self, count: int) -> None:
        """Keep `count` posts of the past, each with an ended delivery and a told event; and as many
        servers, pauses, connections that were read just now, and accounts.
        """
        [account, *_] = await self.connection()
        post = await self.post([account])
        [like] = await self.deliveries(post)
        old = {
            "server_id": SERVER,
            "post_id": post.id,
            "account_id": account,
            "connection_id": like.target.connection_id,
            "provider": "wahdx",
            "remote_account_id": "tt",
            "platform": "tiktok",
            "name": "Clips",
            "options": {},
            "content_hash": a_delivery().content_hash,
            "state": DeliveryState.PUBLISHED,
            "due_at": START,
            "try_at": START,
            "lease_until": None,
        }
        told = {"server_id": SERVER, "post_id": post.id, "kind": EventKind.SETTLED, "at": START}
        gone = {"server_id": SERVER, "channel_id": CHANNEL, "author_id": AUTHOR, "revision": 1}
        gone |= {"state": PostState.APPROVED, "due_at": START, "created_at": START}
        async with self.database.transaction() as transaction:
            await transaction.execute(insert(tables.deliveries), [old] * count)
            await transaction.execute(insert(tables.events), [told | {"data": {}}] * count)
            await transaction.execute(insert(tables.posts), [gone] * count)
            await transaction.execute(
                insert(tables.servers), [{"server_id": n} for n in range(count)]
            )
            paused = {"scope": Scope.ACCOUNT, "server_id": 1, "paused_by": 1, "paused_at": START}
            await transaction.execute(
                insert(tables.pauses), [paused | {"scope_id": n} for n in range(count)]
            )
            read = {"server_id": 1, "provider": "wahdx", "secret": b"", "hint": "", "created_by": 1}
            moments = (START + timedelta(seconds=n) for n in range(count))
            await transaction.execute(
                insert(tables.connections),
                [read | {"created_at": START, "checked_at": moment} for moment in moments],
            )
            other = {"server_id": 1, "connection_id": like.target.connection_id, "usable": True}
            other |= {"platform": "tiktok", "name": "", "username": "", "refreshed_at": START}
            await transaction.execute(
                insert(tables.accounts), [other | {"remote_id": f"of-{n}"} for n in range(count)]
            )
            await transaction.exec_driver_sql("ANALYZE")


@pytest.fixture
def rows(database: Database) -> Rows:
    """Fill the database."""
    return Rows(database)
