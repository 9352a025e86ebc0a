"""The two database engines of the tests: a migrated SQLite file, a migrated PostgreSQL database."""

import asyncio
import os
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from db.database import Database
from db.migrate import migrate
from db.tables import metadata
from tests.absent import absent

SERVER = os.environ.get(
    "COPYDESK_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


def migrate_new(url: str) -> None:
    """Run every migration on the database at `url`, on a loop of its own."""

    async def run() -> None:
        database = Database(url)
        try:
            await migrate(database)
        finally:
            await database.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(run())).result()


@contextmanager
def postgres_database() -> Iterator[str]:
    """Make an empty PostgreSQL database and drop it in the end; its URL.

    It answers before the disk has what was committed: what a crash of the server leaves of it
    concerns nobody.
    """
    name = f"copydesk_test_{uuid.uuid4().hex[:12]}"
    with connect(SERVER) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        hurried = sql.SQL("ALTER DATABASE {} SET synchronous_commit = off")
        server.execute(hurried.format(sql.Identifier(name)))
        try:
            yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def connect(url: str) -> psycopg.Connection:
    """Connect to a PostgreSQL database."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        return psycopg.connect(plain, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        absent(
            f"PostgreSQL does not answer at {make_url(url).render_as_string()}",
            "start it, or set COPYDESK_TEST_POSTGRES",
        )


def empty_tables(connection: psycopg.Connection) -> None:
    """Delete every row of a PostgreSQL database, and count ids from 1 again.

    For tables of a few rows this takes a tenth of what TRUNCATE takes, which makes new files.
    """
    tables = reversed(metadata.sorted_tables)
    emptied = [sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)) for table in tables]
    connection.execute(sql.SQL("; ").join(emptied))
    connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")
