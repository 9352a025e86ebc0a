"""The bot told to stop, and two of them."""

import signal

from tests.wire.forked import ForkedBot
from tests.wire.town import Town

STOP_SECONDS = 3


async def test_stopped_with_calls_under_way(approved_town: Town) -> None:
    """It ends in time; calls that had no answer are unknown, told once, never made again."""
    town = approved_town
    town.wahdx.fault = "slow"
    await town.start()
    await town.wait_for(lambda: len(town.feed()) == 3)
    code, seconds = await town.bot.end(signal.SIGINT)
    assert (code, seconds < STOP_SECONDS) == (0, True), (code, seconds, town.bot.log.read_text())
    assert set(town.states().values()) == {"unknown"}
    town.wahdx.fault = "none"
    await town.start()
    await town.unknown_once()


async def test_stopped_just_before_the_answer(approved_town: Town) -> None:
    """Calls that are answered within the drain are recorded."""
    town = approved_town
    town.slow_down(0.7)
    town.wahdx.fault = "slow"
    await town.start_alone()
    await town.wait_for(lambda: len(town.feed()) == 3)
    code, seconds = await town.bot.end(signal.SIGTERM)
    assert (code, seconds < STOP_SECONDS) == (0, True)
    assert set(town.states().values()) == {"submitted", "published"}
    await town.start()
    await town.published_once()


async def test_second_bot_on_the_same_database(town: Town) -> None:
    """A second process refuses to start, in one line that says why."""
    await town.start()
    folder = town.folder / "second"
    folder.mkdir()
    second = ForkedBot(folder, town.environment)
    await second.start()
    assert await second.ended() == 1
    (line,) = second.log.read_text().splitlines()
    assert line.startswith("Another Copydesk has ")
    assert town.bot.is_running


async def test_stopped_while_discord_is_away(approved_town: Town) -> None:
    """It ends in time though Discord does not answer."""
    town = approved_town
    await town.close_discord()
    await town.start_alone()
    await town.wait_for(lambda: "cannot be reached" in town.bot.log.read_text())
    code, seconds = await town.bot.end(signal.SIGINT)
    assert (code, seconds < STOP_SECONDS) == (0, True)
