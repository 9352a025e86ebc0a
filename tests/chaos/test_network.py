"""The network between the bot and a service failing: nothing twice, and everything told."""

import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

from tests.chaos.hurry import hurry
from tests.chaos.proxy import NetFault, Proxy, open_proxy
from tests.wire.forked import ForkedBot
from tests.wire.people import TIKTOK
from tests.wire.town import Town, in_towns

PUBLISHED_AT_ALL = {
    NetFault.LATENCY: Town.published_once,
    NetFault.RESET: Town.unsent_once,
    NetFault.HALF_OPEN: Town.unsent_once,
    NetFault.CUT: Town.unknown_once,
}
"""What must have become of a post whose publish calls this befell."""


async def start(town: Town, address: str) -> None:
    """Start a bot in a hurry that finds WAHDX at an address."""
    town.bot = ForkedBot(town.folder, town.environment | {"WAHDX_URL": address}, hurry)
    await town.bot.start()
    await town.wait_for(lambda: town.discord.bot_connected or not town.bot.is_running)


async def live_with(town: Town, live: Callable[[Proxy], Awaitable[None]]) -> None:
    """Live with a proxy between the bot and WAHDX."""
    async with open_proxy(town.wahdx_port) as proxy:
        await live(proxy)
        await town.bot.end(signal.SIGTERM)


async def test_publish_calls(approved: Path, tmp_path: Path) -> None:
    """A publish call that was lost on its way is never made again, and its outcome is told as
    unknown; a slow one is waited for.
    """

    async def live(town: Town, fault: str) -> None:
        async def through(proxy: Proxy) -> None:
            proxy.spoil(NetFault(fault), "POST")
            await start(town, f"http://127.0.0.1:{proxy.port}")
            await PUBLISHED_AT_ALL[NetFault(fault)](town)
            assert proxy.befallen == 3  # a call for each account, and none again
            if fault == NetFault.CUT:
                assert len(town.feed()) == 3

        await live_with(town, through)

    await in_towns(tmp_path, approved, PUBLISHED_AT_ALL, live)


async def test_questions(set_up: Path, tmp_path: Path) -> None:
    """Questions that are lost are asked again, and what is published in the end is told once."""

    async def live(town: Town, fault: str) -> None:
        async def through(proxy: Proxy) -> None:
            town.wahdx.fault = "never_finishes"
            await start(town, f"http://127.0.0.1:{proxy.port}")
            await town.write_post("ann", accounts=[TIKTOK])
            await town.react("paul", await town.card(), "✅")
            await town.wait_for(lambda: town.states() == {"tiktok": "submitted"})
            proxy.spoil(NetFault(fault), "GET")
            await town.wait_for(lambda: proxy.befallen >= 3)
            assert town.states() == {"tiktok": "submitted"}
            proxy.spoil(NetFault.NONE, "GET")
            town.wahdx.fault = "none"
            await town.wait_for(town.is_settled)
            assert town.states() == {"tiktok": "published"}
            assert town.wahdx.calls == len(await town.results()) == 1

        await live_with(town, through)

    await in_towns(tmp_path, set_up, PUBLISHED_AT_ALL, live)


async def test_name_that_does_not_resolve(approved_town: Town) -> None:
    """What could not be sent because the service's name led nowhere waits, and goes out once."""
    town = approved_town
    await start(town, "http://wahdx.invalid")
    tried = "SELECT max(attempts) FROM deliveries"
    await town.wait_for(lambda: town.rows(tried)[0] >= 2)
    assert set(town.states().values()) <= {"waiting", "submitting"}
    assert not await town.results()
    await town.kill()
    await start(town, f"http://127.0.0.1:{town.wahdx_port}")
    await town.told_once()


async def test_database_held_while_the_services_answer(approved_town: Town) -> None:
    """A database that somebody holds is told by health and log; then each result is written once,
    and no service is asked again.
    """
    town = approved_town
    town.slow_down(0.5)
    town.wahdx.fault = "slow"
    await start(town, f"http://127.0.0.1:{town.wahdx_port}")
    await town.wait_for(lambda: town.wahdx.calls == 3)
    with closing(sqlite3.connect(town.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await town.wait_for(lambda: _health(town))
        other.execute("ROLLBACK")
    await town.published_once()
    assert town.bot.is_running
    log = town.bot.log.read_text()
    assert "cannot be written yet: database is locked" in log
    assert "failed; it is tried again every second" in log
    await town.wait_for(lambda: "works again" in town.bot.log.read_text())


async def _health(town: Town) -> bool:
    """Whether health says that the bot cannot work."""
    async with town.http.get(f"{town.environment['PUBLIC_URL']}/health") as answer:
        return answer.status == 503 and "the ticks fail" in await answer.text()
