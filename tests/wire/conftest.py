"""Towns, each begun from a copy of one that was prepared once."""

import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

pytest.register_assert_rewrite("tests.wire.town")

from tests.wire.town import KEY, Town, open_town  # noqa: E402


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose admin has set up the bot."""
    folder = tmp_path_factory.mktemp("set-up") / "town"
    async with open_town(folder) as town:
        await town.start()
        channel, role = town.channel("approvals"), town.roles["Approver"]
        await town.command(
            "mara", "desk settings", approvals=channel, approver=role, zone="Europe/Berlin"
        )
        opened = await town.command("mara", "provider connect", service="wahdx")
        await town.send_form("mara", opened, {"key": KEY})

        async def answered() -> bool:
            return any("is connected" in str(each) for each in await town.messages("social"))

        await town.wait_for(answered)
        await town.bot.end(signal.SIGTERM)
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def approved(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose bot died when a post for three accounts was approved."""
    folder = tmp_path_factory.mktemp("approved") / "town"
    shutil.copytree(set_up, folder)
    async with open_town(folder) as town:
        await town.start("bot.workflow.review:cast:after")
        await town.write_post("ann")
        card = await town.card()
        await town.wait_for(town.has_told_all)
        await town.react("paul", card, "✅")
        await town.died()
        assert set(town.states().values()) == {"waiting"}
    return folder


@pytest_asyncio.fixture
async def town(set_up: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """Open a town that is set up; its bot is not started."""
    folder = tmp_path / "town"
    shutil.copytree(set_up, folder)
    async with open_town(folder) as opened:
        yield opened


@pytest_asyncio.fixture
async def approved_town(approved: Path, tmp_path: Path) -> AsyncIterator[Town]:
    """Open a town with a post that is approved and due; its bot is not started."""
    folder = tmp_path / "town"
    shutil.copytree(approved, folder)
    async with open_town(folder) as opened:
        yield opened
