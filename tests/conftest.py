"""What tests of several floors share.

`engine` runs a test once per database engine; a folder or a test that needs one only says so with
its own `engine`. `database` is a migrated, empty database of that engine, `database_url` its
address. `clock` stands still until a test moves it; `service` is the scripted service behind every
connection; `desk` puts them together with files in `tmp_path`.
"""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from sqlalchemy import make_url
from typing_extensions import override
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from bot.storage import Storage
from bot.vault import Vault
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from db.database import Database
from tests.canaries import Canaries, kept
from tests.compiled import compile_all
from tests.engines import connect, empty_tables, migrate_new, postgres_database
from tests.scripted import Clock, ScriptedService, ScriptedServices

LONGEST_FIRST = ("wire", "browser", "outside", "chaos", "journeys")
"""Folders whose tests wait for processes: begun last, they would leave the others idle."""


MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
"""Where a system has it, files are in memory: most of what a small transaction waits for is disks."""


SHARING = {
    "the page": ("test_page",),
    "the desk": ("test_approval", "test_cover_story", "test_sharing"),
}
"""Beginnings of the names of files in `browser` that share a Chromium and a sandbox."""


class ByFile(LoadFileScheduling):
    """The tests of a file stay together, and so do those that share what is dear to start."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        for scope, names in SHARING.items():
            if any(f"/browser/{name}" in nodeid for name in names):
                return scope
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Give the tests to the workers."""
    return ByFile(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Compile before the workers begin."""
    if not hasattr(config, "workerinput"):
        compile_all(config)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without looking for garbage: what thousands of tests are made of stays to the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    place = {folder: number for number, folder in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(place)))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Run the test on both database engines."""
    return request.param


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    """Migrate one SQLite file, to be copied for each test."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        path = Path(folder) / "template.db"
        migrate_new(f"sqlite+aiosqlite:///{path}")
        yield path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Migrate one PostgreSQL database, to be emptied for each test."""
    with postgres_database() as url:
        migrate_new(url)
        yield url


@pytest.fixture(scope="session")
def postgres(postgres_url: str) -> Iterator[psycopg.Connection]:
    """Stay connected: of emptying the database, connecting takes most."""
    with connect(postgres_url) as connection:
        yield connection


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str:
    """Prepare a migrated, empty database of the engine."""
    if engine == "postgresql":
        empty_tables(request.getfixturevalue("postgres"))
        return request.getfixturevalue("postgres_url")
    template: Path = request.getfixturevalue("sqlite_template")
    path = template.with_name("copydesk.db")
    for left in template.parent.glob("copydesk.db*"):
        left.unlink()
    shutil.copy(template, path)
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
def database_path(database_url: str) -> Path:
    """Find the SQLite file of the database; what SQLite keeps for it stands beside it."""
    return Path(make_url(database_url).database or "")


@pytest.fixture(scope="session")
def databases() -> Iterator[dict[str, Database]]:
    """Keep what statements were compiled to: an engine of its own for each test is slow."""
    databases: dict[str, Database] = {}
    yield databases
    with ThreadPoolExecutor(1) as thread:
        for database in databases.values():
            thread.submit(asyncio.run, database.close()).result()


@pytest.fixture(scope="session")
def all_canaries() -> Iterator[Canaries]:
    """Take notice of every key that is given to a service."""
    with kept() as canaries:
        yield canaries


@pytest.fixture(autouse=True)
def canaries(all_canaries: Canaries) -> Iterator[Canaries]:
    """Fail a test after which a key that it gave stands where none may."""
    all_canaries.begin()
    yield all_canaries
    assert all_canaries.found() == []


@pytest.fixture
async def database(
    database_url: str, databases: dict[str, Database], canaries: Canaries
) -> AsyncIterator[Database]:
    """Open the database."""
    database = databases.setdefault(database_url, Database(database_url))
    if database.is_sqlite:
        database._turn = asyncio.Lock()  # the last one may belong to the loop of another test
    yield database
    if database.is_sqlite:  # its file is replaced; to PostgreSQL it stays connected
        await database.close()
        path = Path(make_url(database_url).database or "")
        canaries.look_through_files(path.parent, f"{path.name}*")


@pytest.fixture
def clock() -> Clock:
    """Stand still until moved."""
    return Clock()


@pytest.fixture
def service() -> ScriptedService:
    """Answer as the test says, and remember every call."""
    return ScriptedService()


@pytest.fixture
async def desk(
    database: Database, tmp_path: Path, clock: Clock, service: ScriptedService
) -> AsyncIterator[Desk]:
    """Lay out a desk with a real database, real files and the scripted service."""
    vault = Vault([Fernet.generate_key().decode()])
    services = ScriptedServices(database, vault, service)
    yield Desk(
        database=database,
        storage=Storage(f"file:{tmp_path / 'media'}"),
        services=services,
        links=MediaLinks("https://desk.example", vault),
        now=clock,
    )
    await services.close()
