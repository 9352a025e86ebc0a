"""What people do while the bot is dead counts when it is back."""

from tests.wire.people import THREADS, Json
from tests.wire.town import PATIENCE, Town

HELD_AGAIN = ["post.voted", "post.vote_taken_back", "post.voted"]


VOTES = "SELECT kind FROM events WHERE post_id = 3 AND kind LIKE 'post.vote%' ORDER BY id"
"""What was voted on the third post and taken back, in order."""


async def hold_out_of_order(town: Town, card: Json) -> None:
    """Hold a post, let it go and hold it again, while events of it come twice and too late."""
    await town.react("paul", card, "⏸️")
    await town.wait_for(lambda: town.rows(VOTES) == HELD_AGAIN[:1])
    assert town.discord.repeat_event("MESSAGE_REACTION_ADD")
    await town.take_off("paul", card, "⏸️")
    await town.wait_for(lambda: town.rows(VOTES) == HELD_AGAIN[:2])
    assert town.discord.repeat_event("MESSAGE_REACTION_ADD"), "late: it is off the card"
    await town.react("paul", card, "⏸️")
    await town.wait_for(lambda: town.rows(VOTES) == HELD_AGAIN)
    assert town.discord.repeat_event("MESSAGE_REACTION_REMOVE"), "late: it is on the card"


async def test_what_is_done_while_the_bot_is_dead(town: Town) -> None:
    """Votes count though reading them fails once, one that was taken off is taken back, whoever
    rejects is asked why, a vote without the role is taken off, and a form opened before is taken.
    """
    await town.start()
    for caption in ("good", "bad", "open"):
        await town.write_post("ann", caption=caption, accounts=[THREADS])
    cards = {caption: await town.card(caption, reactions=4) for caption in ("good", "bad", "open")}
    form = await town.open_form("ann")
    await hold_out_of_order(town, cards["open"])
    await town.kill()
    await town.take_off("paul", cards["open"], "⏸️")
    await town.react("paul", cards["good"], "✅")
    await town.react("paul", cards["bad"], "❌")
    await town.react("tom", cards["open"], "✅")
    town.discord.interactions.patience = 0.1
    lost = await town.send_post("ann", form, "typed before", [THREADS])
    assert lost["outcome"] == "failed"
    town.discord.interactions.patience = PATIENCE
    town.discord.fail_next("GET", "/reactions/", 503)
    await town.start()
    taken = await town.send_post("ann", form, "typed before", [THREADS])
    assert taken["outcome"] == "deferred"
    await town.ask("ann", "typed before")
    await town.card("typed before")

    async def taken_off() -> bool:
        open_card = await town.card("open")
        return all(reaction["count"] == 1 for reaction in open_card["reactions"])

    await town.wait_for(taken_off)
    states = ["approved", "in_review", "in_review", "in_review"]
    await town.wait_for(lambda: town.rows("SELECT state FROM posts ORDER BY id") == states)
    await town.wait_for(lambda: town.rows("SELECT id FROM posts WHERE settled_at IS NOT NULL"))
    await town.wait_for(town.has_told_all)
    assert [post.text for post in town.feed()[THREADS]] == ["good"]
    (result,) = await town.results()
    assert "good" in result["embeds"][0]["description"]
    assert len(await town.cards()) == len(await town.notes()) == 4
    told = [each["content"] for each in await town.messages("approvals") if each["content"]]
    assert sorted(text.split("> ")[1][:16] for text in told) == [
        "Only approvers d",
        "Why is it reject",
    ]
    verdicts = town.rows("SELECT verdict, reason FROM votes ORDER BY post_id")
    assert verdicts == [("approve", ""), ("reject", "")]
    assert town.rows(VOTES) == [*HELD_AGAIN, "post.vote_taken_back"]


async def test_vote_on_a_card_that_was_not_recorded(town: Town) -> None:
    """A vote counts that was given after the bot died between sending the card and noting it."""
    await town.start("bot.workflow.announce:card_sent:before")
    await town.write_post("ann")
    await town.died()
    await town.react("paul", await town.card(reactions=0), "✅")
    await town.start()
    await town.published_once()


async def test_form_whose_sender_was_not_answered(town: Town) -> None:
    """What was typed is kept when the bot dies before it answers, and can be sent again."""
    await town.start("bot.workflow.examine:examine:before")
    form = await town.open_form("ann")
    await town.send_post("ann", form)
    await town.died()
    assert town.rows("SELECT caption FROM revisions") == ["Fresh coffee"]
    await town.start()
    await town.send_post("ann", form)
    await town.ask("ann")
    await town.card()
    assert town.rows("SELECT state FROM posts ORDER BY id") == ["draft", "in_review"]
    assert len(await town.cards()) == 1
    shown = await town.command("ann", "post show", post=1)
    assert shown["outcome"] == "deferred"


async def test_form_whose_files_were_being_fetched(town: Town) -> None:
    """What was typed is kept before its files are fetched, which takes a while."""
    await town.start("bot.workflow.intake:take_files:before")
    await town.send_post("ann", await town.open_form("ann"))
    await town.died()
    assert town.rows("SELECT caption FROM revisions") == ["Fresh coffee"]
