"""Discord that drops, refuses or is not there: nothing is lost, nothing said twice."""

import pytest

from tests.wire.people import THREADS
from tests.wire.town import Town


async def test_socket_dropped_and_session_lost(town: Town) -> None:
    """Votes given while the socket is gone count, by a resume and by a new session."""
    await town.start()
    for caption in ("resumed", "anew", "after"):
        await town.write_post("ann", caption=caption, accounts=[THREADS])
    cards = {caption: await town.card(caption) for caption in ("resumed", "anew", "after")}
    (session,) = town.discord.gateway.sessions.values()
    await town.discord.drop_gateways(resumable=True)
    await town.react("paul", cards["resumed"], "✅")
    await town.wait_for(lambda: any('"RESUMED"' in frame for _, frame in session.buffer))
    await town.wait_for(lambda: len(town.feed().get(THREADS, [])) == 1)
    await town.discord.invalidate_sessions()
    await town.react("paul", cards["anew"], "✅")
    await town.wait_for(lambda: town.discord.bot_connected)
    assert session.id not in town.discord.gateway.sessions
    await town.react("paul", cards["after"], "✅")
    await town.wait_for(town.is_settled)
    assert sorted(post.text for post in town.feed()[THREADS]) == ["after", "anew", "resumed"]
    assert town.wahdx.calls == len(await town.results()) == 3


@pytest.mark.parametrize("after", [False, True])
async def test_messages_that_do_not_get_through(town: Town, after: bool) -> None:
    """A card, a note and a result whose sending fails, or is not answered, are there once."""
    effect = "reset" if after else 503
    for channel in ("approvals", "social"):
        place = rf"channels/{town.channel(channel)}/messages$"
        town.discord.fail_next("POST", place, effect, after=after)
    await town.start()
    await town.write_post("ann")
    await town.react("paul", await town.card(), "✅")
    await town.wait_for(lambda: town.rows("SELECT id FROM deliveries"))
    place = rf"channels/{town.channel('social')}/messages$"
    town.discord.fail_next("POST", place, "reset", after=after)
    await town.published_once()
    assert town.rows("SELECT max(tries) FROM events")[0] > 1


async def test_discord_away_at_the_start(approved_town: Town) -> None:
    """What is approved and due goes out without Discord, and is told when Discord is back."""
    town = approved_town
    await town.close_discord()
    await town.start_alone()
    await town.wait_for(lambda: len(town.feed()) == 3)
    town.discord.fail_next("PUT", "/commands$", "reset")
    await town.open_discord()
    await town.published_once()
    assert town.bot.is_running
