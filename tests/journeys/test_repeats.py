"""Posts that repeat, slots, and the queue, as people see them."""

from tests.journeys.team import THREADS, Team, text_of

DAY = 24 * 3600
TUESDAY = 5 * DAY + 8 * 3600  # seconds from the new year to Tuesday, 9:00 in Berlin


async def a_series(team: Team) -> None:
    """Have a post approved that repeats every Tuesday."""
    await team.set_up(zone="Europe/Berlin")
    card = await team.put_before_approvers(
        caption="Tuesday beans", accounts=[THREADS], when="every tue 9:00"
    )
    await team.approver.react(card, "✅")


async def test_a_post_repeats(newcomers: Team) -> None:
    """Approved once, it goes out every week: each time it gets a card and a line where it began,
    that says so, and nobody is asked or pinged for it.
    """
    team = newcomers
    await a_series(team)
    await team.tick()
    card = text_of(team.card)
    assert "Repeats: every Tue 09:00 (Europe/Berlin), next <t:1768291200:F>" in card
    assert team.published == []
    await team.advance(TUESDAY)
    await team.tick()
    await team.tick()
    assert len(team.published) == 1
    card = text_of(team.card)
    assert card.startswith("Post 2")
    assert f"Approved by <@{team.approver.id}> <t:" in card
    assert team.card.reactions == []
    told = [message for message in team.social.history() if "is repeated by" in text_of(message)]
    assert len(told) == 1
    assert "Post 1 is repeated by post 2, approved with it" in text_of(told[0])
    assert told[0].mentions == []
    await team.advance(7 * DAY)
    await team.tick()
    assert len(team.published) == 2


async def test_a_series_is_skipped_and_ended(newcomers: Team) -> None:
    """One post is left out; then the series ends, and that is told."""
    team = newcomers
    await a_series(team)
    await team.author.slash(team.social, "post cancel", post=1)
    await team.tick()
    assert text_of(team.card).startswith("Post 2")
    said = await team.author.slash(team.social, "post cancel", post=1, following=True)
    assert "repeats no more" in text_of(said)
    await team.tick()
    told = team.social.last_message
    assert told is not None
    assert "cancelled post 2" in text_of(told)
    assert "It repeats no more" in text_of(told)
    await team.advance(30 * DAY)
    await team.tick()
    assert team.published == []


async def test_the_author_is_told_what_the_clocks_do(newcomers: Team) -> None:
    """A time that the clocks skip or show twice is named before anyone approves it."""
    team = newcomers
    await team.set_up(zone="Europe/Berlin")
    said = text_of(await team.ask(caption="Night", accounts=[THREADS], when="every sun 2:30"))
    await team.announce()
    for text in (said, text_of(team.card)):
        assert "On 2026-03-29 the clocks skip 02:30: it goes out at 03:30." in text
        assert "On 2026-10-25 the clocks show 02:30 twice: it goes out the first time" in text
    said = text_of(await team.ask(caption="Day", accounts=[THREADS], when="every sun 12:30"))
    assert "clocks" not in said


async def test_a_rule_that_is_not_understood_is_kept(team: Team) -> None:
    """What was typed is kept as a draft, and how to write a rule is said."""
    said = text_of(await team.write(caption="Beans", accounts=[THREADS], when="every full moon"))
    assert "“every full moon” is not understood" in said
    assert "tue 9:00" in said


async def test_slots_and_the_queue(team: Team) -> None:
    """An admin sets slots; posts take the next free one; everyone sees what goes out when."""
    none = await team.author.slash(team.social, "queue next")
    assert "an admin sets them" in text_of(none)
    said = await team.admin.slash(team.social, "desk settings", slots="mon,wed 9:00")
    assert "Slots: Mon, Wed 09:00" in text_of(said)
    card = await team.put_before_approvers(caption="One", accounts=[THREADS], when="next slot")
    await team.approver.react(card, "✅")
    await team.put_before_approvers(caption="Two", accounts=[THREADS], when="next slot")
    slots = text_of(await team.author.slash(team.social, "queue next")).split("\n")
    assert "**1** · waiting · One" in slots[1]
    assert "**2** · waits for approval · Two" in slots[2]
    assert "free" in slots[3]
    calendar = text_of(await team.author.slash(team.social, "queue calendar")).split("\n")
    assert calendar[1] == "Days are those of UTC, times are your own."
    assert calendar[2:] == [
        "Posts: __Mon 05 Jan__",
        "<t:1767603600:t> · **1** · waiting · One",
        "__Wed 07 Jan__",
        "<t:1767776400:t> · **2** · waits for approval · Two",
    ]
