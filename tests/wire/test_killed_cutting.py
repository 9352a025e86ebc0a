"""The bot killed at exact points of an order of clips, which costs: it is made once, and its message
goes on telling how far it is.
"""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.wire import cutting
from tests.wire.town import Town, in_towns, open_town

Check = Callable[[Town], Awaitable[None]]

_SERVICE = "providers.wayinvideo.service:WayinVideo"

# What must have become of an order after the next start, by where the bot was killed.
WHILE_ORDERED: dict[str, Check] = {
    "db.project_moves:make:after": cutting.cut_once,  # the claim is not committed yet
    "bot.workflow.cut:Cutter._order:before": cutting.cut_once,
    "bot.workflow.clip_order:of:after": cutting.cut_once,
    f"{_SERVICE}.make_clips:before": cutting.unsent,
    f"{_SERVICE}.make_clips:after": cutting.perhaps_sent,
    "db.project_moves:make:after:3": cutting.perhaps_sent,  # the answer is not committed yet
}
TAKEN = "bot.workflow.cut:Cutter._record:after:3"
"""Where it is known that the service has taken the order."""

WHILE_FOLLOWED = (
    f"{_SERVICE}.clip_job:before",
    "db.project_moves:make:after",  # how far it is is not committed yet
    "cogs.clip_news:ClipNews._tell:before",
    "cogs.clip_news:ClipNews._tell:after",
    "cogs.clip_news:ClipNews._tell:after:2",
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ordered(set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose bot died when clips were ordered from it, and not yet by it."""
    folder = tmp_path_factory.mktemp("ordered") / "town"
    shutil.copytree(set_up, folder)
    async with open_town(folder) as town:
        await town.start("bot.workflow.order:start:after")
        await cutting.connect(town)
        town.discord.interactions.patience = 3.0
        await cutting.order(town)
        await town.died()
        assert town.rows("SELECT state FROM projects") == ["waiting"]
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def taken(ordered: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the state of a town whose bot died when it knew that the service has the order."""
    folder = tmp_path_factory.mktemp("taken") / "town"
    shutil.copytree(ordered, folder)
    async with open_town(folder) as town:
        await town.start_alone(TAKEN)
        await town.died()
        assert town.rows("SELECT state FROM projects") == ["working"]
    return folder


async def test_killed_while_clips_are_ordered(ordered: Path, tmp_path: Path) -> None:
    """What was not sent is ordered; what was perhaps sent is put to people, and never sent again."""

    async def live(town: Town, point: str) -> None:
        await town.start_alone(point)
        await cutting.died(town)
        await town.start()
        await WHILE_ORDERED[point](town)

    await in_towns(tmp_path, ordered, WHILE_ORDERED, live)


async def test_killed_while_a_project_is_followed(taken: Path, tmp_path: Path) -> None:
    """The one message of the order goes on changing after the next start, up to its clips."""

    async def live(town: Town, point: str) -> None:
        await town.start_alone(point)
        await cutting.died(town)
        await town.start()
        await cutting.cut_once(town)

    await in_towns(tmp_path, taken, WHILE_FOLLOWED, live)


async def test_killed_while_the_service_has_the_order(ordered: Path, tmp_path: Path) -> None:
    """An order whose answer is still to come is not given again: the service may have it."""
    folder = tmp_path / "town"
    shutil.copytree(ordered, folder)
    async with open_town(folder) as town:
        town.wayinvideo.fault = "slow"
        await town.start()
        await town.wait_for(lambda: town.wayinvideo.orders)
        await town.kill()
        town.wayinvideo.fault = "none"
        await town.start()
        await cutting.perhaps_sent(town)
