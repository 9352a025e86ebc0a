"""Tests of the workflow run on SQLite; those marked `on_both_engines` on PostgreSQL too.

`life` walks posts through the desk.
"""

import pytest

from bot.workflow.desk import Desk
from tests.life import Life


@pytest.fixture
def engine() -> str:
    """Run the test on SQLite."""
    return "sqlite"


@pytest.fixture
async def life(desk: Desk) -> Life:
    """Walk posts through the desk, its service connected."""
    life = Life(desk)
    await life.connect()
    return life
