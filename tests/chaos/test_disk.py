"""The disk full and the database held by others: a clear state, and nothing lost or twice."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import DatabaseAwayError
from bot.workflow import hand_over, record
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from providers.base import Provider
from providers.submission import MediaFile
from tests.factories import a_video
from tests.life import Life
from tests.scripted import ACCEPTED, Clock, ScriptedService
from tests.wire.people import until

S = DeliveryState
ROOMY = 1 << 30


async def fill_disk(desk: Desk) -> None:
    """Let the database grow no more, and leave no room in what it has."""
    await _limit(desk, 1)  # SQLite makes of it what there is
    for size in (20_000, 2_000, 200, 20):
        with pytest.raises(DatabaseAwayError, match="full"):
            await _grow_for_ever(desk, size)


async def _grow_for_ever(desk: Desk, size: int) -> None:
    while True:
        await _grow(desk, size)


async def _grow(desk: Desk, size: int) -> None:
    async with desk.database.transaction() as transaction:
        for table in ("events", "attempts"):
            await transaction.exec_driver_sql(_FILL[table], ("x" * size,))


_FILL = {
    "events": "INSERT INTO events (server_id, kind, at, data) VALUES (1, 'filler', '2026', ?)",
    "attempts": "INSERT INTO attempts (server_id, post_id, connection_id, key, started_at,"
    " lease_until) VALUES (1, 1, 1, ?, '2026', '2026')",
}


async def free_disk(desk: Desk) -> None:
    """Let the database grow again."""
    await _limit(desk, ROOMY)


async def _limit(desk: Desk, pages: int) -> None:
    async with desk.database.transaction() as transaction:
        await transaction.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


async def until_told(caplog: pytest.LogCaptureFixture, words: str) -> None:
    """Wait until the log says so."""
    await until(lambda: words in caplog.text, 5)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "AGAIN_SECONDS", 0.01)


async def test_result_that_finds_the_disk_full(
    life: Life, service: ScriptedService, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """What a service answered is kept until there is room for it, and the service is not asked
    again.
    """
    service.gate.clear()
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    await fill_disk(desk)
    service.gate.set()
    await until_told(caplog, "cannot be written yet: database or disk is full")
    assert (await life.delivery(post)).state is S.SUBMITTING
    await free_disk(desk)
    await publisher.drain(5)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1
    assert await life.settled(post) == 1


async def test_claim_that_finds_the_disk_full(
    life: Life, service: ScriptedService, desk: Desk
) -> None:
    """Nothing is sent whose attempt cannot be written, and it goes out when there is room."""
    post = await life.approved(Platform.THREADS)
    await fill_disk(desk)
    with pytest.raises(DatabaseAwayError, match="full"):
        await life.publish()
    assert service.submissions == []
    assert (await life.delivery(post)).state is S.WAITING
    await free_disk(desk)
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1


async def test_hand_over_that_finds_the_disk_full(
    life: Life,
    service: ScriptedService,
    desk: Desk,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A call before which something cannot be noted is not made, and goes out when there is room;
    its service is not blamed.
    """

    async def full(_desk: Desk, _claim: Claim, _provider: Provider) -> tuple[MediaFile, ...]:
        raise DatabaseAwayError("database or disk is full")

    post = await life.approved(Platform.THREADS)
    with monkeypatch.context() as patched:
        patched.setattr(hand_over, "files", full)
        await life.publish()
    assert service.submissions == []
    waiting = await life.delivery(post)
    assert waiting.state is S.WAITING
    assert "nothing was sent" in waiting.reason
    clock.forward(timedelta(minutes=1))
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1


async def test_wrong_statement_is_no_trouble_of_the_disk(desk: Desk) -> None:
    """A statement that is wrong is not taken for a database that is away, and tried for ever."""
    with pytest.raises(OperationalError, match="no such table"):
        async with desk.database.transaction() as transaction:
            await transaction.exec_driver_sql("DELETE FROM nowhere")


async def test_database_held_by_another_process(
    life: Life,
    service: ScriptedService,
    desk: Desk,
    database_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A result waits for as long as somebody else holds the database, longer than SQLite does."""
    service.to_publish.append(ACCEPTED)
    service.gate.clear()
    post = await life.approved(Platform.TIKTOK, media=[a_video()])
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    async with desk.database.transaction() as transaction:
        await transaction.exec_driver_sql("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(database_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        service.gate.set()
        await until_told(caplog, "cannot be written yet: database is locked")
        with pytest.raises(DatabaseAwayError, match="locked"):
            await publisher.tick()
        other.execute("ROLLBACK")
    await publisher.drain(5)
    assert (await life.delivery(post)).state is S.SUBMITTED
    assert len(service.submissions) == 1
