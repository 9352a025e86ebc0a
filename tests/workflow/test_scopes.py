"""Nothing of one server is read or changed in the name of another: every query is tried.

One server has something in every table. Then each function of `db` that is told a server, or given
something that has one, is called in the name of another server, with the ids of the first.
"""

import importlib
import inspect
import pkgutil
import typing
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

import db
import db.connections
import db.files
import db.joinings
import db.posts
import db.projects
from bot.domain.approval import Verdict, Vote
from bot.domain.media import Media
from bot.domain.pause import Pause, Scope
from bot.domain.platform import Platform
from bot.domain.post import Post, Revision
from bot.domain.project import Project, ProjectState
from bot.domain.server import Connection, RemoteAccount, Server
from bot.workflow import backups, configure, pause, sets, share, templates
from bot.workflow.desk import Desk
from bot.workflow.pause import Pauser
from bot.workflow.share import Guest
from db.joinings import Joining
from db.tables import metadata, posts
from tests.factories import APPROVER, AUTHOR, CHANNEL, SERVER, a_media, a_revision
from tests.life import Life
from tests.scripted import ACCOUNTS, START, ScriptedService

CANARY = "canary of the first server"
OTHER = SERVER + 1
MONTH = timedelta(days=30)


@pytest.fixture
async def full(desk: Desk, service: ScriptedService) -> Life:
    """Fill one server with something of everything, each naming it."""
    life = Life(desk)
    service.listed = [replace(item, name=f"{CANARY} {item.name}") for item in ACCOUNTS]
    await life.connect()
    second = await life.connect("sk_canary_0123456789_second")
    await backups.choose(
        desk, server_id=SERVER, user_id=APPROVER, account_id=1, backup_id=second[Platform.TIKTOK]
    )
    first = [3]
    for caption in ("published", "failed"):
        await life.approved(accounts=first, caption=f"{CANARY} {caption}")
        await life.publish()
    waiting = await life.approved(accounts=first, caption=f"{CANARY} w", when="tomorrow 9:00")
    await life.approved(accounts=first, caption=f"{CANARY} series", when="every fri 9:00")
    asked = await life.in_review(accounts=first, caption=f"{CANARY} asked", when="tomorrow 8:00")
    await life.vote(asked, Verdict.HOLD)
    draft = await life.write(accounts=first, caption=f"{CANARY} draft")
    await share.share(
        desk,
        server_id=SERVER,
        post_id=draft.id,
        user_id=AUTHOR,
        guests=[Guest(user_id=APPROVER)],
    )
    await templates.save(
        desk, server_id=SERVER, user_id=AUTHOR, post_id=waiting.id, name=f"{CANARY} template"
    )
    await sets.save(desk, server_id=SERVER, user_id=APPROVER, name=CANARY, account_ids=[3])
    by = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
    await pause.pause(desk, by, Scope.ACCOUNT, 4)
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, approvals_channel_id=CHANNEL)
    async with desk.database.transaction() as transaction:
        await db.files.keep(
            transaction, server_id=SERVER, media=a_media(f"{CANARY}.jpg"), now=START
        )
        await db.projects.insert(
            transaction,
            server_id=SERVER,
            connection_id=1,
            user_id=AUTHOR,
            channel_id=CHANNEL,
            state=ProjectState.DRAFT,
            now=START,
            name=CANARY,
        )
        joining = Joining(
            server_id=SERVER, connection_id=1, platform=Platform.TIKTOK, user_id=1, channel_id=1
        )
        await db.joinings.begin(transaction, joining, until=START + MONTH, poll_at=START)
    return life


def queries() -> list[str]:
    """Every function of `db` that is given a server, or something that has one."""
    found: list[str] = []
    for module in pkgutil.iter_modules(db.__path__):
        for name, function in inspect.getmembers(importlib.import_module(f"db.{module.name}")):
            is_own = getattr(function, "__module__", "") == f"db.{module.name}"
            if is_own and inspect.iscoroutinefunction(function) and not name.startswith("_"):
                hints = typing.get_type_hints(function)
                scoped = "server_id" in hints or {Post, Project, Connection} & set(hints.values())
                found += [f"{module.name}.{name}"] if scoped else []
    return found


OF_MACHINE = {"events.release"}
"""With a server or for all of them."""


class Caller:
    """Calls queries in the name of the other server; `rows` are what it says is its own."""

    def __init__(self, connection: AsyncConnection, rows: Mapping[Any, list[Any]]) -> None:
        self.connection = connection
        self.rows = rows

    async def call(self, name: str) -> AsyncIterator[str]:
        """Call a query with the ids of the first server, for each post where it is given one; what
        it answers each time.
        """
        module, _, function_name = name.partition(".")
        function = getattr(importlib.import_module(f"db.{module}"), function_name)
        hints = typing.get_type_hints(function)
        for number in range(max(len(self.rows.get(hint, [1])) for hint in hints.values())):
            place = await self.connection.begin_nested()
            # What would tie a row of one server to another's is refused as well.
            with suppress(IntegrityError):
                yield repr(await function(self.connection, **self._given(function, hints, number)))
            await place.rollback()

    def _given(
        self, function: Callable[..., Any], hints: Mapping[str, Any], number: int
    ) -> dict[str, Any]:
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return {
            item.name: self._value(item.name, hints[item.name], number)
            for item in parameters
            if item.kind is not item.VAR_POSITIONAL
            and (item.default is item.empty or item.name in _WANTED)
        }

    def _value(self, name: str, hint: Any, number: int) -> Any:
        if name in _BY_NAME:
            return _BY_NAME[name]
        if hint in self.rows:
            return self.rows[hint][number]
        origin, inner = typing.get_origin(hint), typing.get_args(hint)
        if origin in (typing.Union, UnionType):
            return self._value(name, next(one for one in inner if one is not NoneType), number)
        if origin is not None and issubclass(origin, Mapping):
            return {}
        if origin is not None:
            return list(inner[0]) if _is_enum(inner[0]) else [self._value(name, inner[0], number)]
        if _is_enum(hint):
            return next(iter(hint))
        assert hint in _PLAIN, f"say in _PLAIN what a query is to be given as {name}: {hint}"
        return _PLAIN[hint]


def _is_enum(hint: Any) -> bool:
    return inspect.isclass(hint) and issubclass(hint, Enum)


_WANTED = {"ids", "author_id", "connection_id"}
_BY_NAME = {
    "server_id": OTHER,
    "ids": list(range(1, 20)),
    "account_ids": list(range(1, 20)),
    "message_ids": list(range(1, 200)),
    "author_id": AUTHOR,
    "user_id": AUTHOR,
    "user_ids": [APPROVER],
    "since": START - MONTH,
    "until": START + MONTH,
    "limit": 100,
    "connection_id": 1,
    "scope_id": 4,
}
_PLAIN: Mapping[Any, Any] = {
    int: 1,
    str: CANARY,
    bytes: b"x",
    bool: True,
    datetime: START,
    Media: a_media(),
    Revision: a_revision(number=2),
    RemoteAccount: RemoteAccount(
        remote_id="th", platform=Platform.THREADS, name="Stolen", username="x"
    ),
    Vote: Vote(user_id=AUTHOR, verdict=Verdict.APPROVE, at=START),
    Pause: Pause(
        scope=Scope.ACCOUNT, scope_id=4, server_id=OTHER, paused_by=AUTHOR, paused_at=START
    ),
    Server: Server(server_id=OTHER),
}


async def kept(connection: AsyncConnection) -> dict[str, list[Any]]:
    """Read all that the first server has; of tables that name no server, all there is."""
    found: dict[str, list[Any]] = {}
    for table in metadata.sorted_tables:
        rows = (await connection.execute(_of_first(table))).all()
        found[table.name] = sorted(map(repr, rows))
    return found


def _of_first(table: Table) -> Any:
    if "server_id" in table.c:
        return select(table).where(table.c.server_id == SERVER)
    if "post_id" in table.c:
        mine = select(posts.c.id).where(posts.c.server_id == SERVER)
        return select(table).where(table.c.post_id.in_(mine))
    return select(table)


@pytest.fixture
async def caller(full: Life) -> AsyncIterator[Caller]:
    """Stand in the other server's shoes, with what the first one has; nothing of it is kept."""
    async with full.desk.database.transaction() as transaction:
        written = await db.posts.find(transaction, server_id=SERVER, limit=3)
        project = await db.projects.get(transaction, server_id=SERVER, project_id=1)
        connection = await db.connections.get(transaction, server_id=SERVER, connection_id=1)
        assert connection is not None
        assert project is not None
        rows = {
            Post: [replace(post, server_id=OTHER) for post in written],
            Project: [replace(project, server_id=OTHER)],
            Connection: [replace(connection, server_id=OTHER)],
        }
        yield Caller(transaction, rows)


async def test_every_query_keeps_to_its_server(caller: Caller) -> None:
    """In another server's name nothing of the first is found, and nothing of it is changed."""
    before = await kept(caller.connection)
    filled = ("posts", "writers", "accounts", "events", "account_sets", "projects")
    assert all(before[name] for name in filled)
    leaks: list[str] = []
    for name in set(queries()) - OF_MACHINE:
        async for answer in caller.call(name):
            after = await kept(caller.connection)
            leaks += [
                f"db.{name} changes {table}" for table in before if before[table] != after[table]
            ]
            leaks += [f"db.{name} shows it"] if CANARY in answer else []
    assert not leaks, "\n".join(sorted(leaks))
