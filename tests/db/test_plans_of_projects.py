"""The ticks that have clips cut, and tell of it, find their rows by an index."""

import re

import pytest

from bot.domain.project import ProjectState
from bot.workflow import clip_news
from bot.workflow.cut import Cutter
from bot.workflow.desk import Desk
from db import projects
from tests.db.conftest import Rows
from tests.db.test_plans import sqlite_plan
from tests.db.test_plans_of_ticks import sent
from tests.factories import AUTHOR, CHANNEL, SERVER
from tests.scripted import START


@pytest.fixture
def engine() -> str:
    """SQLite names the index whatever stands in the table."""
    return "sqlite"


async def test_no_tick_scans_projects(desk: Desk, rows: Rows) -> None:
    """However many projects are remembered, only those that are due are read."""
    await rows.connection()
    async with desk.database.transaction() as transaction:
        await projects.insert(
            transaction,
            server_id=SERVER,
            connection_id=1,
            user_id=AUTHOR,
            channel_id=CHANNEL,
            state=ProjectState.READY,
            remote_id="prj1",
            now=START,
        )
    cutter = Cutter(desk)
    with sent(desk.database) as statements:
        await cutter.resolve(everything=True)
        await cutter.tick()
        await cutter.drain(5)
        await clip_news.take(desk)
        await clip_news.take_back(desk)
    assert len(statements) >= 5
    async with desk.database.transaction() as transaction:
        plans = {
            statement: await sqlite_plan(transaction, statement, parameters)
            for statement, parameters in statements.items()
        }
    scans = [text for text, plan in plans.items() if re.search(r"SCAN projects(?! USING)", plan)]
    assert scans == []
