"""Discord that drops, refuses or is not there: nothing is lost, nothing said twice."""

from tests.wire.people import THREADS
from tests.wire.town import TOKEN, Town


async def test_socket_dropped_and_session_lost(town: Town) -> None:
    """Votes given while the socket is gone count once, by a resume and by a new session, and a vote
    that is delivered twice counts once.
    """
    await town.start()
    for caption in ("resumed", "anew", "after"):
        await town.write_post("ann", caption=caption, accounts=[THREADS])
    cards = {caption: await town.card(caption) for caption in ("resumed", "anew", "after")}
    (session,) = town.discord.gateway.sessions.values()
    await town.discord.drop_gateways(resumable=True)
    await town.react("paul", cards["resumed"], "✅")
    await town.wait_for(lambda: any('"RESUMED"' in frame for _, frame in session.buffer))
    assert town.discord.repeat_event("MESSAGE_REACTION_ADD")
    await town.wait_for(lambda: len(town.feed().get(THREADS, [])) == 1)
    assert town.discord.repeat_event("MESSAGE_REACTION_ADD")
    await town.discord.invalidate_sessions()
    await town.react("paul", cards["anew"], "✅")
    await town.wait_for(lambda: town.discord.bot_connected)
    assert session.id not in town.discord.gateway.sessions
    await town.react("paul", cards["after"], "✅")
    await town.wait_for(town.is_settled)
    assert sorted(post.text for post in town.feed()[THREADS]) == ["after", "anew", "resumed"]
    assert town.wahdx.calls == len(await town.results()) == 3


async def test_messages_that_do_not_get_through(town: Town) -> None:
    """A message that was refused, or sent without an answer, is there once in the end."""

    def fail(channel: str, effect: int | str, *, after: bool) -> None:
        place = rf"channels/{town.channel(channel)}/messages$"
        town.discord.fail_next("POST", place, effect, after=after)

    fail("approvals", "reset", after=True)
    fail("social", 503, after=False)
    await town.start()
    await town.write_post("ann")
    await town.wait_for(town.notes)
    fail("social", "reset", after=True)
    await town.react("paul", await town.card(), "✅")
    await town.published_once()
    tries = "SELECT max(tries) > 1 FROM events WHERE kind = 'post.{}'"
    assert town.rows(tries.format("review_asked")) == town.rows(tries.format("settled")) == [1]


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


async def test_a_thread_that_was_begun_without_an_answer(town: Town) -> None:
    """Where the channel of origin is gone, the result is in the post's thread: one thread, one
    message, whatever was refused or cut off on the way.
    """
    await town.start()
    await town.write_post("ann", accounts=[THREADS])
    card = await town.card()
    await town.wait_for(town.has_told_all)
    place = f"/api/v10/channels/{town.channel('social')}"
    async with town.http.delete(place, headers={"Authorization": f"Bot {TOKEN}"}) as answer:
        assert answer.status == 200
    messages = rf"channels/{card['id']}/messages$"
    town.discord.fail_next("POST", r"/threads$", "reset", after=True)
    town.discord.fail_next("POST", messages, 503, times=2)
    town.discord.fail_next("POST", messages, "reset", after=True)
    await town.react("paul", card, "✅")
    await town.wait_for(town.is_settled)
    said = await town.act("mara", "GET", f"channels/{card['id']}/messages?limit=100")
    results = [each for each in said if each["embeds"]]
    assert [each["embeds"][0]["title"] for each in results] == ["Post 1: published"]
    assert len(await town.messages("approvals")) == 1
    assert town.wahdx.calls == 1
