"""Databases to measure on: a migrated SQLite file, and a PostgreSQL database if one answers."""

import os
import tempfile
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from db.database import Database
from db.migrate import migrate

ENGINES = SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
_SERVER = make_url(
    os.environ.get(
        "COPYDESK_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    )
)


def engines() -> list[str]:
    """The engines that are here; SQLite always is."""
    try:
        _connect(_SERVER).close()
    except psycopg.OperationalError:
        return [SQLITE]
    return [SQLITE, POSTGRESQL]


@asynccontextmanager
async def fresh(engine: str) -> AsyncGenerator[Database]:
    """A migrated, empty database, gone in the end."""
    async with _address(engine) as url:
        database = Database(url)
        try:
            await migrate(database)
            yield database
        finally:
            await database.close()


@asynccontextmanager
async def _address(engine: str) -> AsyncGenerator[str]:
    if engine == SQLITE:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite+aiosqlite:///{Path(folder) / 'copydesk.db'}"
        return
    name = f"copydesk_bench_{uuid.uuid4().hex[:12]}"
    with _connect(_SERVER) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield _SERVER.set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _connect(url: URL) -> psycopg.Connection:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=3)
