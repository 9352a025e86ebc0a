"""A start that cannot be: one clear line, with the remedy, and no traceback."""

import os
import socket
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from bot.settings import Settings
from tests.outside.checkout import ROOT, finished
from tests.wire.commands import ended


def start(folder: Path, settings: Mapping[str, str]) -> CompletedProcess[str]:
    """Run the bot in an empty folder with these settings, until it gives up."""
    return ended("run", folder, {"DISCORD_TOKEN": "canary-token"} | dict(settings))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"DATABASE_URL": "mysql://host/name"}, "DATABASE_URL: it begins with sqlite"),
        ({"MEDIA_URL": "ftp://host"}, "MEDIA_URL: it begins with file: or s3://"),
        ({"HTTP_PORT": "many"}, "HTTP_PORT: Input should be a valid integer"),
        (
            {"DATABASE_URL": "postgresql+psycopg://nobody:canary@127.0.0.1:1/none"},
            "The database does not answer (OperationalError). Check DATABASE_URL",
        ),
        ({"COPYDESK_SECRET_KEYS": "canary-key"}, "A secret key is not 32 bytes"),
    ],
)
def test_settings_that_cannot_be(tmp_path: Path, settings: dict[str, str], told: str) -> None:
    """A setting that cannot be ends the start; the variable is named, its secrets are not."""
    given_up = start(tmp_path, settings)
    assert (given_up.returncode, given_up.stdout) == (1, "")
    assert told in given_up.stderr
    assert "canary" not in given_up.stderr
    assert "Traceback" not in given_up.stderr


def test_port_that_is_taken(tmp_path: Path) -> None:
    """A port that someone else has is named, and how to choose another."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        given_up = start(tmp_path, {"HTTP_PORT": str(port)})
    assert given_up.returncode == 1
    assert f"Port {port} cannot be had" in given_up.stderr
    assert "Traceback" not in given_up.stderr


def test_database_of_a_newer_version(tmp_path: Path) -> None:
    """A database that a newer version wrote is left as it is."""
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data/copydesk.db")) as database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
        database.commit()
    given_up = start(tmp_path, {})
    assert given_up.returncode == 1
    assert "written by a newer Copydesk" in given_up.stderr
    assert "Traceback" not in given_up.stderr


LATER = {"av", "alembic", "psycopg", "puremagic"}
"""What an idle bot does without: it is loaded with the first file, migration or PostgreSQL database."""


def test_what_a_start_leaves_for_later(tmp_path: Path) -> None:
    """The entry loads nothing of the bot, and the bot nothing that only some of its work needs."""
    program = (
        "import sys, importlib, bot.__main__;"
        "print(sorted({'discord', 'sqlalchemy', 'httpx'} & sys.modules.keys()));"
        "import bot.program; list(map(importlib.import_module, bot.client.COGS));"
        f"print(sorted({LATER} & sys.modules.keys()))"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    code, words = finished(
        (sys.executable, "-W", "ignore", "-c", program), cwd=tmp_path, env=environ
    )
    assert (code, words.split()) == (0, ["[]", "[]"])


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite+aiosqlite:////var/lib/desk/copydesk.db", "/var/lib/desk"),
        ("sqlite+aiosqlite:///here/copydesk.db?cache=shared/no", "here"),
        ("sqlite+aiosqlite:///", "data"),
        ("postgresql+psycopg://user:word@host:5432/desk", "data"),
    ],
)
def test_where_the_state_lies(url: str, folder: str) -> None:
    """The key file and the lock lie beside the SQLite file, else in `data`."""
    assert Settings.model_validate({"database_url": url}).state_folder == Path(folder)
