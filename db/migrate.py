"""Bring a database to the newest revision of its tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, select

from bot.errors import DatabaseAwayError, SetupError
from db.database import Database

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x636F7079  # "copy": a number nobody else locks


async def migrate(database: Database, revision: str = "head") -> None:
    """Run every migration up to `revision` in one transaction. Raises SetupError where the
    database does not answer, or was written by a newer Copydesk.
    """
    try:
        async with database.transaction() as connection:
            if not database.is_sqlite:
                # Several processes may start at once; SQLite's transaction locks the file anyway.
                await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            await connection.run_sync(_upgrade, revision)
    except DatabaseAwayError as error:
        raise _no_answer(error) from None
    except CommandError:
        raise SetupError(
            "The database was written by a newer Copydesk.",
            remedy="Run that version, or restore a backup of this one.",
        ) from None


async def check_migrated(database: Database) -> None:
    """Raise SetupError unless the database answers and has the tables of this Copydesk."""
    try:
        async with database.reading() as connection:
            found = await connection.run_sync(_revision)
    except DatabaseAwayError as error:
        raise _no_answer(error) from None
    if found != revisions()[-1]:
        raise SetupError(
            "The database is of another Copydesk, or empty.",
            remedy="Start this one, or run python -m bot migrate.",
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _no_answer(error: DatabaseAwayError) -> SetupError:
    return SetupError(
        f"The database does not answer ({type(error.__cause__).__name__}).",
        remedy="Check DATABASE_URL, and that the database runs.",
    )


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _upgrade(connection: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
