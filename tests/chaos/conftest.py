"""The desk of the workflow's tests, on SQLite, and the towns of the tests over real sockets."""

import os

import pytest

from bot.workflow.desk import Desk
from tests.life import Life
from tests.wire.conftest import approved, approved_town, set_up, town

# What takes minutes runs with `make chaos`, so that everybody's suite stays short.
LONG = ["test_gauntlet.py", "test_network.py"]
collect_ignore = [] if os.environ.get("COPYDESK_CHAOS") else LONG

__all__ = ["approved", "approved_town", "set_up", "town"]


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
