"""What people do from the card when something failed or nobody knows what became of it."""

import discord
import simcord

from tests.journeys.team import INSTAGRAM, JPEG, THREADS, Team, text_of

PHOTO = ("beans.jpg", JPEG)
LIVE = "https://www.threads.net/@harbour_coffee_example/post/1"


async def an_unlucky_post(team: Team, fault: str, **typed: object) -> discord.Message:
    """Publish a post while the service misbehaves; its card afterwards."""
    card = await team.put_before_approvers(**({"caption": "Beans", "accounts": [THREADS]} | typed))
    team.wahdx.fault = fault
    await team.approver.react(card, "✅")
    await team.tick()
    team.wahdx.fault = "none"
    return team.card


async def opened(team: Team, message: discord.Message) -> simcord.InteractionResult:
    """What the approver sees after pressing the button."""
    return await team.approver.click(message, label="What to do")


async def test_it_is_live(team: Team) -> None:
    """Someone looks, pastes the address, and the card shows it; nothing is sent again."""
    card = await an_unlucky_post(team, "drop_after")
    assert "outcome unknown" in text_of(card)
    panel = await opened(team, card)
    assert panel.response is not None
    form = await team.approver.click(panel.response, label="It is live")
    wrong = await team.approver.submit_modal(form, {"answer": "https://elsewhere.example/1"})
    assert "is no address of a post on Threads" in text_of(wrong)
    form = await team.approver.click(panel.response, label="It is live")
    await team.approver.submit_modal(form, {"answer": LIVE})
    await team.tick()
    assert f"published · [open]({LIVE})" in text_of(team.card)
    assert team.card.components == []
    assert team.wahdx.calls == 1
    told = team.social.last_message
    assert told is not None
    assert "Post 1: published" in text_of(told)


async def test_it_is_not_live(team: Team) -> None:
    """Someone looks, finds nothing, and has it published again: it is out once."""
    card = await an_unlucky_post(team, "drop_before")
    panel = await opened(team, card)
    assert panel.response is not None
    said = await team.approver.click(panel.response, label="It is not: publish again")
    assert "goes out now" in text_of(said)
    await team.tick()
    assert [post.times for post in team.published] == [1]
    twice = await team.approver.click(panel.response, label="It is not: publish again")
    assert "is published" in text_of(twice)
    await team.tick()
    assert [post.times for post in team.published] == [1]


async def test_a_service_without_records_cannot_be_checked(team: Team) -> None:
    """Where the service keeps nothing that can be read, people are told to look themselves."""
    card = await an_unlucky_post(team, "drop_after")
    panel = await opened(team, card)
    assert panel.response is not None
    said = await team.approver.click(panel.response, label="Check again")
    assert "Look at the account itself" in text_of(said)


async def test_only_what_failed_is_published_again(team: Team) -> None:
    """Of two accounts one failed: only that one is tried again, what went out is not touched."""
    card = await an_unlucky_post(team, "refused", accounts=[THREADS, INSTAGRAM], media=[PHOTO])
    assert "all 2 failed" in text_of(card)
    panel = await opened(team, card)
    assert panel.response is not None
    said = await team.approver.click(panel.response, label="Publish all that failed again")
    assert "goes out now" in text_of(said)
    await team.tick()
    assert [post.times for post in team.published] == [1, 1]
    assert "all 2 published" in text_of(team.card)


async def test_another_time(team: Team) -> None:
    """What failed can be given another time, and waits for it."""
    card = await an_unlucky_post(team, "refused")
    panel = await opened(team, card)
    assert panel.response is not None
    form = await team.approver.click(panel.response, label="At another time")
    wrong = await team.approver.submit_modal(form, {"answer": "some day"})
    assert "not understood" in text_of(wrong)
    form = await team.approver.click(panel.response, label="At another time")
    await team.approver.submit_modal(form, {"answer": "in 2 hours"})
    await team.tick()
    assert team.published == []
    await team.advance(2 * 3600)
    await team.tick()
    assert [post.times for post in team.published] == [1]


async def test_a_stranger_decides_nothing(team: Team) -> None:
    """Without the role the panel can be read, and nothing can be done."""
    card = await an_unlucky_post(team, "refused")
    panel = await team.stranger.click(card, label="What to do")
    assert panel.response is not None
    said = await team.stranger.click(panel.response, label="Publish again")
    assert "Only approvers and admins" in text_of(said)
    await team.tick()
    assert team.published == []


async def test_the_buttons_outlive_a_restart(team: Team) -> None:
    """A button from before a restart still works after it."""
    card = await an_unlucky_post(team, "refused")
    panel = await opened(team, card)
    assert panel.response is not None
    await team.restart()
    await team.approver.click(panel.response, label="Publish again")
    await team.tick()
    assert [post.times for post in team.published] == [1]
