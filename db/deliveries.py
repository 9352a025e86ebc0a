"""Queries of the table `deliveries`: what is planned and read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import Post, Target
from bot.domain.times import Timing
from db.health import is_disconnected
from db.pauses import is_paused
from db.tables import deliveries

COLUMNS = (
    deliveries.c.id,
    deliveries.c.post_id,
    deliveries.c.server_id,
    deliveries.c.state,
    deliveries.c.due_at,
    deliveries.c.content_hash,
    deliveries.c.timing,
    deliveries.c.attempts,
    deliveries.c.round,
    deliveries.c.failures,
    deliveries.c.attempt_id,
    deliveries.c.tried_since,
    deliveries.c.submitted_at,
    deliveries.c.remote_id,
    deliveries.c.link,
    deliveries.c.reason,
    deliveries.c.remedy,
    deliveries.c.takeover,
    deliveries.c.account_id,
    deliveries.c.connection_id,
    deliveries.c.provider,
    deliveries.c.remote_account_id,
    deliveries.c.platform,
    deliveries.c.name,
    deliveries.c.options,
    deliveries.c.backup,
)

_BACKUP = TypeAdapter(Target | None)

# Literals, so that PostgreSQL's generic plans can use the partial indexes.
WAITING = text("state = 'waiting'")


_OF_POSTS = (
    select(
        *COLUMNS,
        (WAITING & is_paused()).label("paused"),
        (WAITING & is_disconnected()).label("disconnected"),
    )
    .where(deliveries.c.post_id.in_(bindparam("posts", expanding=True)))
    .order_by(deliveries.c.id)
)


async def insert(
    connection: AsyncConnection,
    post: Post,
    *,
    due_at: datetime,
    early: Mapping[int, datetime] | None = None,
) -> None:
    """Create the waiting deliveries of a post just approved, one per target.

    `early` says by account id when a service that keeps the time itself is given the post.
    """
    await insert_all(connection, [(post, due_at, early or {})])


async def insert_all(
    connection: AsyncConnection, approved: Sequence[tuple[Post, datetime, Mapping[int, datetime]]]
) -> None:
    """Create the waiting deliveries of posts just approved, each given with its time and with
    `early` as for `insert`.
    """
    await connection.execute(
        deliveries.insert(),
        [
            {
                "server_id": post.server_id,
                "post_id": post.id,
                "account_id": target.account_id,
                "connection_id": target.connection_id,
                "provider": target.provider,
                "remote_account_id": target.remote_id,
                "platform": target.platform,
                "name": target.name,
                "options": dict(target.options),
                "backup": _BACKUP.dump_python(target.backup, mode="json"),
                "content_hash": post.content.digest(),
                "state": DeliveryState.WAITING,
                "due_at": due_at,
                "try_at": early.get(target.account_id, due_at),
                "timing": Timing.SERVICE if target.account_id in early else Timing.HERE,
            }
            for post, due_at, early in approved
            for target in post.content.targets
        ],
    )


async def find(connection: AsyncConnection, post_ids: Collection[int]) -> dict[int, list[Delivery]]:
    """The deliveries of these posts, by post, in the order of their targets."""
    found: dict[int, list[Delivery]] = {post_id: [] for post_id in post_ids}
    for row in (await connection.execute(_OF_POSTS, {"posts": [*post_ids]})).mappings():
        found[row["post_id"]].append(from_row(row))
    return found


async def get(connection: AsyncConnection, *, server_id: int, delivery_id: int) -> Delivery | None:
    """One delivery of a server, or None."""
    statement = select(*COLUMNS).where(
        deliveries.c.server_id == server_id, deliveries.c.id == delivery_id
    )
    row = (await connection.execute(statement)).mappings().one_or_none()
    return from_row(row) if row else None


async def find_waiting(
    connection: AsyncConnection, *, server_id: int, after: datetime, until: datetime
) -> list[Delivery]:
    """A server's deliveries that wait for a time after one moment, and not after another."""
    statement = select(*COLUMNS).where(
        WAITING,
        deliveries.c.server_id == server_id,
        deliveries.c.due_at > after,
        deliveries.c.due_at <= until,
    )
    return [from_row(row) for row in (await connection.execute(statement)).mappings()]


def from_row(row: RowMapping) -> Delivery:
    """The delivery of a row of `COLUMNS`."""
    return Delivery(
        id=row["id"],
        post_id=row["post_id"],
        server_id=row["server_id"],
        target=Target(
            account_id=row["account_id"],
            connection_id=row["connection_id"],
            provider=row["provider"],
            remote_id=row["remote_account_id"],
            platform=Platform(row["platform"]),
            name=row["name"],
            options=row["options"],
            backup=_BACKUP.validate_python(row["backup"]),
        ),
        state=DeliveryState(row["state"]),
        due_at=row["due_at"],
        content_hash=row["content_hash"],
        timing=Timing(row["timing"]),
        attempts=row["attempts"],
        round=row["round"],
        failures=row["failures"],
        paused=bool(row.get("paused")),
        disconnected=bool(row.get("disconnected")),
        attempt_id=row["attempt_id"],
        tried_since=row["tried_since"],
        submitted_at=row["submitted_at"],
        remote_id=row["remote_id"],
        link=row["link"],
        reason=row["reason"],
        remedy=row["remedy"],
        takeover=row["takeover"],
    )
