"""Towns, each begun from a copy of one that was prepared once."""

import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from filelock import FileLock

pytest.register_assert_rewrite("tests.wire.town")

from tests.wire.town import KEY, Town, open_town  # noqa: E402


async def prepared(
    name: str, temporary: pytest.TempPathFactory, prepare: Callable[[Path], Awaitable[None]]
) -> Path:
    """Return a folder of this name, which the first worker that needs it prepares for all."""
    own = temporary.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            begun = temporary.mktemp(name) / "town"
            await prepare(begun)
            begun.rename(folder)
    return folder


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def set_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose admin has set up the bot."""
    return await prepared("set-up-town", tmp_path_factory, set_up_town)


async def set_up_town(folder: Path) -> None:
    """Have an admin set up the bot."""
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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def approved(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose bot died when a post for three accounts was approved."""

    async def approve(folder: Path) -> None:
        shutil.copytree(set_up, folder)
        async with open_town(folder) as town:
            await town.start("bot.workflow.review:cast:after")
            await town.write_post("ann")
            card = await town.card()
            await town.wait_for(town.has_told_all)
            await town.react("paul", card, "✅")
            await town.died()
            assert set(town.states().values()) == {"waiting"}

    return await prepared("approved-town", tmp_path_factory, approve)


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
