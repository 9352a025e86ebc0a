"""Bring a database to the newest revision of its tables."""

from pathlib import Path

from sqlalchemy import Connection, String, column, func, inspect, select, table

from bot.errors import DatabaseAwayError, SetupError
from db.database import Database

NEWEST = max(path.name for path in (Path(__file__).parent / "migrations/versions").glob("0*.py"))[
    :4
]
"""The revision of this Copydesk's tables: the names of migrations begin with theirs."""

_LOCK = 0x636F7079  # "copy": a number nobody else locks
_VERSION = "alembic_version"


async def migrate(database: Database, revision: str = NEWEST) -> None:
    """Run every migration up to `revision` in one transaction. Raises SetupError where the
    database does not answer, or was written by a newer Copydesk.
    """
    try:
        async with database.transaction() as connection:
            if not database.is_sqlite:
                # Several processes may start at once; SQLite's transaction locks the file anyway.
                await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            await connection.run_sync(_migrate, revision)
    except DatabaseAwayError as error:
        raise _no_answer(error) from None


async def check_migrated(database: Database) -> None:
    """Raise SetupError unless the database answers and has the tables of this Copydesk."""
    try:
        async with database.reading() as connection:
            found = await connection.run_sync(_revisions)
    except DatabaseAwayError as error:
        raise _no_answer(error) from None
    if found != [NEWEST]:
        raise SetupError(
            "The database is of another Copydesk, or empty.",
            remedy="Start this one, or run python -m bot migrate.",
        )


def _migrate(connection: Connection, revision: str) -> None:
    if _revisions(connection) == [revision]:
        return
    # Most starts end above, and do without the megabytes that Alembic would fill for good.
    from db.upgrade import upgrade

    upgrade(connection, revision)


def _revisions(connection: Connection) -> list[str]:
    """What Alembic wrote down last: one revision, none for an empty database."""
    if not inspect(connection).has_table(_VERSION):
        return []
    return list(
        connection.scalars(select(column("version_num", String)).select_from(table(_VERSION)))
    )


def _no_answer(error: DatabaseAwayError) -> SetupError:
    return SetupError(
        f"The database does not answer ({type(error.__cause__).__name__}).",
        remedy="Check DATABASE_URL, and that the database runs.",
    )
