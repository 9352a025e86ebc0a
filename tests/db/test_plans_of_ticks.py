"""Every statement the ticks send, in the order they send them, is found by an index."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, event, insert, literal, select, true, update

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.post import Post, PostState
from bot.workflow import announce, cancel, notices, remind
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from bot.workflow.track import Tracker
from bot.workflow.warn import Warner
from bot.workflow.watch import Watcher
from db import tables
from db.database import Database
from tests.db.conftest import Rows
from tests.db.test_plans import MANY, postgres_plan, sqlite_plan
from tests.scripted import ACCEPTED, PUBLISHED, START, Clock, ScriptedService

GROWING = "deliveries|events|posts|revisions|attempts"
PARTIAL = "ix_deliveries_due|ix_deliveries_lease|ix_deliveries_poll|ix_events_outbox|ix_posts_in_review|ix_posts_remind"


@contextmanager
def sent(database: Database) -> Iterator[dict[str, Any]]:
    """Collect the statements a database is sent that read or change rows, each with parameters."""
    found: dict[str, Any] = {}

    def catch(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            found[statement] = parameters[0] if isinstance(parameters, list) else parameters

    engines = {database._writer.sync_engine, database._reader.sync_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", catch)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", catch)


async def fill(database: Database, rows: Rows) -> None:
    """Keep thousands of posts of the past, each with its revision and its attempt."""
    await rows.many(MANY)
    posts, revisions, attempts = tables.posts, tables.revisions, tables.attempts
    like = (select(revisions).limit(1)).subquery()
    names = [column.name for column in revisions.columns]
    parts = [posts.c.id if name == "post_id" else like.c[name] for name in names]
    left = posts.c.id.not_in(select(revisions.c.post_id))
    tried = ("server_id", "post_id", "connection_id", "key", "started_at", "lease_until", "outcome")
    made = select(
        posts.c.server_id,
        posts.c.id,
        literal(1),
        literal("copydesk-1"),
        posts.c.created_at,
        posts.c.created_at,
        literal("accepted"),
    )
    async with database.transaction() as transaction:
        await transaction.execute(
            insert(revisions).from_select(
                names,
                select(*parts).join_from(posts, like, true()).where(left),
                include_defaults=False,
            )
        )
        for spread in (tables.deliveries, tables.events):  # over the posts
            await transaction.execute(
                update(spread).where(spread.c.id <= MANY).values(post_id=spread.c.id)
            )
        await transaction.execute(insert(attempts).from_select(tried, made, include_defaults=False))
        await transaction.exec_driver_sql("ANALYZE")


async def put(rows: Rows, post: Post, state: PostState, **values: Any) -> None:
    """Put a post where the test wants it."""
    async with rows.database.transaction() as transaction:
        await transaction.execute(
            update(tables.posts).where(tables.posts.c.id == post.id).values(state=state, **values)
        )


async def open_up(desk: Desk) -> None:
    """Resume everything that is in the way of the newest connection, and give it a key."""
    secret = desk.services.vault.lock({"key": "sk_0123456789abcdef"})
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(tables.connections).values(secret=secret))
        await transaction.execute(delete(tables.pauses).where(tables.pauses.c.scope_id < 100))


async def live(desk: Desk, rows: Rows, clock: Clock, service: ScriptedService) -> None:
    """Publish and follow a post, find an interrupted call, expire a post, and tell of it all."""
    account, *_ = await rows.connection()
    await open_up(desk)
    due, cut_off, undecided, late = [await rows.post([account]) for _ in range(4)]
    slow = await rows.post([account])
    await put(rows, slow, PostState.IN_REVIEW, due_at=None, asked_at=START, remind_at=START)
    for post in (due, cut_off, late):
        await put(rows, post, PostState.APPROVED)
    await put(rows, undecided, PostState.IN_REVIEW, due_at=START)
    [lost] = await rows.deliveries(cut_off)
    await rows.set(lost, state=DeliveryState.SUBMITTING, lease_until=START)
    [missed] = await rows.deliveries(late)
    long_ago = START - timedelta(days=1)
    await rows.set(missed, due_at=long_ago, try_at=long_ago)
    service.to_publish.append(ACCEPTED)
    service.to_tell.append(PUBLISHED)
    publisher, tracker = Publisher(desk), Tracker(desk)
    warner, watcher = Warner(desk), Watcher(desk)
    for _ in range(2):
        await publisher.tick()
        await publisher.resolve()
        await publisher.drain(5)
        await cancel.expire(desk)
        await remind.remind(desk)
        await warner.tick()
        await warner.drain(5)
        await watcher.tick()
        await watcher.drain(5)
        clock.forward(pace.READ_LEASE)
        await tracker.tick()
        await tracker.drain(5)
        for telling in await announce.take(desk):
            await announce.told(desk, telling)
        for notice in await notices.take(desk):
            await notices.told(desk, notice)
    [followed] = await rows.deliveries(due)
    assert followed.state is DeliveryState.PUBLISHED


async def test_no_tick_scans(
    desk: Desk, rows: Rows, engine: str, clock: Clock, service: ScriptedService
) -> None:
    """However much is stored, no statement of a tick reads a growing table from end to end."""
    await fill(desk.database, rows)
    with sent(desk.database) as statements:
        await live(desk, rows, clock, service)
    plan_of = sqlite_plan if engine == "sqlite" else postgres_plan
    scans: list[str] = []
    for statement, parameters in statements.items():
        async with desk.database.transaction() as transaction:
            plan = await plan_of(transaction, statement, parameters)
        found = rf"Seq Scan on ({GROWING})|SCAN ({GROWING}|earlier)(?! USING (COVERING )?INDEX ({PARTIAL}))\b"
        if re.search(found, plan):
            scans.append(f"{statement}\n{plan}")
    assert len(statements) > 15
    assert not scans, "\n\n".join(scans)
