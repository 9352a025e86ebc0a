"""Migrations as Alembic runs them. It is loaded by `db.migrate` when there is something to run."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.errors import SetupError

FOLDER = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, revision: str) -> None:
    """Run every migration up to `revision`. Raises SetupError for a database of a newer Copydesk."""
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError:
        raise SetupError(
            "The database was written by a newer Copydesk.",
            remedy="Run that version, or restore a backup of this one.",
        ) from None


def revisions() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return config
