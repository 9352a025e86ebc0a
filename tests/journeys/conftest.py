"""The fixtures of the journeys: a running bot on simcord, and a team that is set up."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import simcord

from bot.client import Copydesk
from bot.workflow.desk import Desk
from db.database import Database
from sandbox.services.base import Simulator
from sandbox.services.wahdx.service import Wahdx
from sandbox.services.wayinvideo.service import WayinVideo
from tests.canaries import Canaries
from tests.journeys.team import (
    AT_ONCE,
    NEW_YEAR,
    WAYIN_KEY,
    Team,
    a_bot,
    a_desk,
    a_listener,
    a_wahdx,
    serve,
)
from tests.scripted import Clock


@pytest.fixture
def engine() -> str:
    """SQLite, the default; the workflow's own tests run on both engines."""
    return "sqlite"


@pytest.fixture
def clock() -> Clock:
    """A clock beside simcord's, which begins at the same moment."""
    clock = Clock()
    clock.moment = NEW_YEAR
    return clock


@pytest.fixture
def wahdx(tmp_path: Path) -> Wahdx:
    """The simulated WAHDX."""
    return a_wahdx(tmp_path / "wahdx")


@pytest.fixture
def wayinvideo(tmp_path: Path) -> WayinVideo:
    """The simulated WayinVideo."""
    return WayinVideo(tmp_path / "wayinvideo", WAYIN_KEY, pace=AT_ONCE)


@pytest.fixture
def simulators(wahdx: Wahdx, wayinvideo: WayinVideo) -> Mapping[str, Simulator]:
    """The simulated services, by the variable that holds their address."""
    return {"WAHDX_URL": wahdx, "WAYINVIDEO_URL": wayinvideo}


@pytest.fixture
async def desk(
    database: Database, tmp_path: Path, clock: Clock, simulators: Mapping[str, Simulator]
) -> AsyncIterator[Desk]:
    """A desk whose services are the simulated ones, over HTTP."""
    async with AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        for variable, simulator in simulators.items():
            listener, address = a_listener()
            urls[variable] = address + simulator.base_path
            await stack.enter_async_context(serve(simulator.app(), listener))
        yield await stack.enter_async_context(a_desk(database, tmp_path, clock, urls))


@pytest.fixture
def simcord_bot(desk: Desk) -> Copydesk:
    """The bot that simcord's own fixture runs; whatever it raises fails the test."""
    return a_bot(desk)


@pytest.fixture
def newcomers(
    simcord_env: simcord.Env,
    desk: Desk,
    clock: Clock,
    wahdx: Wahdx,
    tmp_path: Path,
    canaries: Canaries,
) -> Iterator[Team]:
    """A team that has just invited the bot; no key stands in what the bot sent to Discord."""
    yield Team(env=simcord_env, desk=desk, clock=clock, wahdx=wahdx, folder=tmp_path)
    sent = [(request.path, request.json) for request in simcord_env.http_requests]
    canaries.look_through("what was sent to Discord", repr(sent))


@pytest.fixture
async def team(newcomers: Team) -> Team:
    """A team that is set up."""
    await newcomers.set_up()
    return newcomers
