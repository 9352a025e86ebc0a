"""Towns, each begun from a copy of one that was set up once."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.wire.town import KEY, Town, open_town


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose admin has set up the bot."""
    folder = tmp_path_factory.mktemp("set-up")
    async with open_town(folder) as town:
        await town.start()
        role = next(role["id"] for role in town.store.roles if role["name"] == "Approver")
        approvals = town.channel("approvals")
        await town.command(
            "mara", "desk settings", approvals=approvals, approver=role, zone="Europe/Berlin"
        )
        opened = await town.command("mara", "provider connect", service="wahdx")
        await town.send_form("mara", opened, {"key": KEY})
        await town.wait_for(lambda: town.rows("SELECT id FROM accounts"))
        await town.bot.end(15)
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def approved(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose bot died when a post for three accounts was approved."""
    folder = tmp_path_factory.mktemp("approved") / "town"
    shutil.copytree(set_up, folder)
    async with open_town(folder) as town:
        await town.start("bot.workflow.review:decide:after")
        await town.write_post("ann")
        await town.react("paul", await town.card(), "✅")
        await town.died()
        assert town.states() == dict.fromkeys(("tiktok", "instagram", "threads"), "waiting")
    return folder


@pytest_asyncio.fixture
async def town(set_up: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """Open a town that is set up; its bot is not started yet."""
    folder = tmp_path / "town"
    shutil.copytree(set_up, folder)
    async with open_town(folder) as opened:
        yield opened
