"""Migrations lead every database to the tables of `db.tables`."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, bindparam, inspect, select, text

from db.database import Database
from db.migrate import NEWEST, migrate
from db.revisions import find as find_revisions
from db.tables import Moment, files, metadata
from db.upgrade import FOLDER, revisions

ROOT = Path(__file__).parents[2]


def shape(connection: Connection) -> dict[str, Any]:
    """Read every table and index, with what Alembic does not compare: the conditions of indexes."""
    found = inspect(connection)
    return {
        table: {
            "columns": {column["name"]: str(column["type"]) for column in found.get_columns(table)},
            "indexes": {index["name"]: _told(index) for index in found.get_indexes(table)},
            "keys": sorted(map(str, found.get_foreign_keys(table))),
        }
        for table in sorted(metadata.tables)
    }


def _told(index: Any) -> tuple[list[str], bool, list[str]]:
    conditions = [str(value) for value in index["dialect_options"].values()]
    return index["column_names"], bool(index["unique"]), conditions


def difference(connection: Connection) -> list[Any]:
    """Ask Alembic what it would still change."""
    return compare_metadata(MigrationContext.configure(connection), metadata)


@pytest.fixture
async def fresh(fresh_url: str) -> AsyncIterator[Database]:
    """Open a database without tables."""
    database = Database(fresh_url)
    yield database
    await database.close()


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Keep the shape of the tables that `db.tables` makes, by engine."""
    return {}


@pytest.mark.parametrize("revision", ["base", *revisions()])
async def test_up_from_every_revision(
    fresh: Database, revision: str, engine: str, made: dict[str, Any]
) -> None:
    """From nothing and from every earlier revision, the newest tables are reached."""
    if revision != "base":
        await migrate(fresh, revision)
    await migrate(fresh)
    async with fresh.transaction() as connection:
        assert await connection.run_sync(difference) == []
        migrated = await connection.run_sync(shape)
        if engine not in made:
            await connection.run_sync(metadata.drop_all)
            await connection.run_sync(metadata.create_all)
            made[engine] = await connection.run_sync(shape)
        assert made[engine] == migrated


WRITTEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
A_POST = text(
    "INSERT INTO posts (id, server_id, channel_id, author_id, state, revision, created_at)"
    " VALUES (:id, :server, 1, 1, 'draft', 1, :at)"
).bindparams(bindparam("at", type_=Moment))
A_REVISION = text(
    "INSERT INTO revisions (post_id, number, caption, title, media, targets, when_text, zone, digest,"
    " created_by, created_at) VALUES (:id, 1, '', '', :media, '[]', '', 'UTC', '', 1, :at)"
).bindparams(bindparam("at", type_=Moment))


async def test_files_that_were_there_before(fresh: Database) -> None:
    """The files of posts that were written before are known afterwards, each once for its server."""
    await migrate(fresh, "0008")
    photo = {"sha256": "ab" * 32, "content_type": "image/jpeg", "size": 9, "filename": "a.jpg"}
    film = {"sha256": "cd" * 32, "content_type": "video/mp4", "size": 9, "filename": "b.mp4"}
    async with fresh.transaction() as connection:
        for number, server, media in ((1, 7, [photo, film]), (2, 7, [photo]), (3, 8, [photo])):
            row = {"id": number, "server": server, "media": json.dumps(media), "at": WRITTEN}
            await connection.execute(A_POST, row)
            await connection.execute(A_REVISION, row)
    await migrate(fresh)
    async with fresh.reading() as reading:
        rows = (await reading.execute(select(files).order_by(files.c.server_id))).all()
    known = sorted((row.server_id, row.sha256[:2], row.extension) for row in rows)
    assert known == [(7, "ab", "jpg"), (7, "cd", "mp4"), (8, "ab", "jpg")]
    assert all(row.needed_at.tzinfo for row in rows)


def test_the_newest_is_known_without_alembic() -> None:
    """The newest revision, told by the names of the files, is the last of those Alembic goes through."""
    assert revisions()[-1] == NEWEST
    names = sorted(path.name for path in (FOLDER / "versions").glob("*_*.py"))
    assert [name.partition("_")[0] for name in names] == revisions()


async def test_a_start_without_migrations_loads_no_alembic(database_url: str) -> None:
    """A database that is new already is known by a query: Alembic is not loaded."""
    program = (
        "import sys; from tests.engines import migrate_new; migrate_new(sys.argv[1]);"
        "sys.exit('alembic' in sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, database_url, cwd=ROOT
    )
    assert await process.wait() == 0


async def test_again_changes_nothing(database: Database) -> None:
    """Migrating what is new already does nothing: every start migrates."""
    async with database.reading() as reading:
        before = await reading.run_sync(shape)
    await migrate(database)
    async with database.reading() as reading:
        assert await reading.run_sync(shape) == before


async def test_failure_leaves_nothing(fresh: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails half way leaves the database as it was."""
    monkeypatch.setattr("alembic.op.f", lambda name: 1 / 0 if "deliveries" in name else name)
    with pytest.raises(ZeroDivisionError):
        await migrate(fresh)
    async with fresh.reading() as reading:
        assert (
            await reading.run_sync(lambda connection: inspect(connection).get_table_names()) == []
        )


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_two_processes_start_together(fresh_url: str) -> None:
    """Of processes that migrate one PostgreSQL database at the same moment, all end well."""
    program = "import sys; from tests.engines import migrate_new; migrate_new(sys.argv[1])"
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, fresh_url, cwd=ROOT)
        for _ in range(4)
    ]
    assert [await process.wait() for process in processes] == [0] * 4


async def test_what_was_approved_before_there_were_covers(fresh: Database) -> None:
    """A revision that was kept by then has no cover, and the digest it was approved with."""
    await migrate(fresh, "0013")
    film = {"sha256": "aa" * 32, "content_type": "video/mp4", "size": 1, "filename": "a"}
    row = {"id": 1, "server": 7, "media": json.dumps([film]), "at": WRITTEN}
    async with fresh.transaction() as connection:
        await connection.execute(A_POST, row)
        await connection.execute(A_REVISION, row)
    await migrate(fresh)
    async with fresh.reading() as reading:
        (kept,) = await find_revisions(reading, server_id=7, post_id=1)
    assert kept.content.cover is None
    digest = kept.content.digest()
    assert digest == "318f31f4dc15e477d300f7d612d4ea2239d0bdd64581131b0e98e0569017c537"
