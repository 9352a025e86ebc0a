"""What people see of posts that are too late, and of pauses."""

from dataclasses import replace
from typing import Any

import discord
import pytest

import db.servers
from bot.domain.pause import Scope
from bot.workflow import configure, connect, pause
from tests.journeys.team import FACEBOOK, THREADS, Team, text_of

HOUR = 3600


async def a_missed_post(team: Team) -> discord.Message:
    """A post whose time passed while Copydesk was stopped; the announcement of it."""
    card = await team.put_before_approvers(
        caption="Beans", accounts=[THREADS], when="in 10 minutes"
    )
    await team.approver.react(card, "✅")
    await team.advance(HOUR)
    await team.tick()
    told = team.social.last_message
    assert told is not None
    return told


async def opened(team: Team, message: discord.Message) -> Any:
    """The panel an approver sees after pressing the button under a message."""
    panel = await team.approver.click(message, label="What to do")
    assert panel.response is not None
    return panel.response


async def test_the_channel_is_asked_about_what_was_missed(team: Team) -> None:
    """It is told where the post began why it did not go out, and what can be done about it."""
    told = await a_missed_post(team)
    assert "Post 1: missed" in text_of(told)
    assert "It was more than 15 min late." in text_of(told)
    assert team.wahdx.calls == 0
    panel = await opened(team, told)
    for label in ("Now", "Next free slot", "New time", "Drop it"):
        assert label in labels_of(panel)
    assert "missed" in text_of(team.card)
    for _ in range(2):
        await team.tick()
    assert team.social.last_message == told


def labels_of(panel: Any) -> set[str]:
    """The buttons of a panel."""
    rows = panel.message.components
    return {button.label for row in rows for button in row.children}


async def test_now(team: Team) -> None:
    """Pressed now, it goes out once and at once."""
    panel = await opened(team, await a_missed_post(team))
    said = await team.approver.click(panel, label="Now")
    assert "goes out now" in text_of(said)
    for _ in range(3):
        await team.advance(5)
        await team.tick()
    assert [post.times for post in team.published] == [1]
    assert "published" in text_of(team.card)


async def test_next_free_slot(team: Team) -> None:
    """It goes to the next weekly slot; without slots the answer says who sets them."""
    panel = await opened(team, await a_missed_post(team))
    said = await team.approver.click(panel, label="Next free slot")
    assert "This server has no slots." in text_of(said)
    await give_slots(team, "thu 09:00")  # simcord's clock begins on a Thursday
    said = await team.approver.click(panel, label="Next free slot")
    assert "goes out <t:" in text_of(said)
    await team.tick()
    assert team.published == []
    await team.advance(8 * HOUR)
    await team.tick()
    assert [post.times for post in team.published] == [1]


async def give_slots(team: Team, slots: str) -> None:
    """Set the weekly times of the server."""
    server = await configure.get(team.desk, team.guild.id)
    async with team.desk.database.transaction() as transaction:
        await db.servers.save(transaction, replace(server, slots=slots))


async def test_a_new_time(team: Team) -> None:
    """It waits for another time, and goes out then."""
    panel = await opened(team, await a_missed_post(team))
    form = await team.approver.click(panel, label="New time")
    await team.approver.submit_modal(form, {"answer": "in 2 hours"})
    await team.tick()
    assert team.published == []
    await team.advance(2 * HOUR)
    await team.tick()
    assert [post.times for post in team.published] == [1]


async def test_drop(team: Team) -> None:
    """Dropped, it never goes out, and nobody is asked any more."""
    panel = await opened(team, await a_missed_post(team))
    said = await team.approver.click(panel, label="Drop it")
    assert "Dropped" in text_of(said)
    await team.advance(HOUR)
    await team.tick()
    assert team.wahdx.calls == 0
    assert "cancelled" in text_of(team.card)
    assert team.card.components == []


async def test_how_late_is_a_setting(team: Team) -> None:
    """An admin lets posts be two hours late, and what is an hour late goes out."""
    said = await team.admin.slash(team.social, "desk settings", late=120)
    assert "May be late: 120 min" in text_of(said)
    await a_missed_post(team)
    assert [post.times for post in team.published] == [1]
    said = await team.admin.slash(team.social, "desk settings", late=0)
    assert "May be late: 0 min" in text_of(said)


@pytest.mark.parametrize("who", ["admin", "approver"])
async def test_a_server_is_paused_and_resumed(team: Team, who: str) -> None:
    """The card says so meanwhile; resumed in time, the post goes out."""
    person = getattr(team, who)
    card = await team.put_before_approvers(caption="Beans", accounts=[THREADS], when="in 5 minutes")
    await team.approver.react(card, "✅")
    said = await person.slash(team.social, "desk pause", what="server")
    assert "Paused" in text_of(said)
    assert said.ephemeral
    await team.tick()
    assert "waiting · paused" in text_of(team.card)
    assert f"⏸️ **{THREADS}** · paused" in text_of(team.card)
    await team.advance(10 * 60)
    await team.tick()
    assert team.wahdx.calls == 0
    said = await person.slash(team.social, "desk resume", what="server")
    assert "Resumed" in text_of(said)
    await team.tick()
    assert [post.times for post in team.published] == [1]
    assert "paused" not in text_of(team.card)


async def test_an_account_is_paused(team: Team) -> None:
    """Accounts are offered by name; the paused one waits, the other goes out."""
    offered = await team.approver.autocomplete(
        team.social, "desk pause", "which", "threads", what="account"
    )
    [choice] = offered
    assert choice["name"] == THREADS
    offer = team.approver.autocomplete
    assert await offer(team.social, "desk resume", "which", "", what="account") == []
    await team.approver.slash(team.social, "desk pause", what="account", which=choice["value"])
    card = await team.put_before_approvers(caption="Beans", accounts=[THREADS, FACEBOOK])
    await team.approver.react(card, "✅")
    await team.tick()
    assert team.wahdx.calls == 1
    shown = text_of(team.card)
    assert "1 of 2 published, 1 waiting · paused." in shown
    [left] = await offer(team.social, "desk resume", "which", "", what="account")
    assert left["value"] == choice["value"]
    twice = await team.approver.slash(
        team.social, "desk pause", what="account", which=choice["value"]
    )
    assert "paused already" in text_of(twice)


async def test_a_connection_is_paused(team: Team) -> None:
    """Connections are offered as people tell them apart."""
    [choice] = await team.approver.autocomplete(
        team.social, "desk pause", "which", "", what="connection"
    )
    assert "WAHDX" in choice["name"]
    await team.approver.slash(team.social, "desk pause", what="connection", which=choice["value"])
    [felt] = await pause.find(team.desk, team.guild.id)
    assert (felt.scope, felt.scope_id) == (Scope.CONNECTION, choice["value"])


@pytest.mark.parametrize("command", ["desk pause", "desk resume"])
async def test_a_stranger_pauses_nothing(team: Team, command: str) -> None:
    """Without the role it is refused when it is done."""
    said = await team.stranger.slash(team.social, command, what="server")
    assert f"Only approvers and admins do this: {team.role.mention}." in text_of(said)
    assert await pause.find(team.desk, team.guild.id) == []


async def test_nothing_of_elsewhere_is_paused(team: Team) -> None:
    """A number that is none of the offered ones is refused."""
    said = await team.admin.slash(team.social, "desk pause", what="account", which=777)
    assert "There is no such account here." in text_of(said)
    assert len(await connect.accounts(team.desk, team.guild.id)) > 1


async def test_the_operators_pause_is_told(team: Team) -> None:
    """Who resumes a server under a pause of everything is told why nothing goes out."""
    await team.admin.slash(team.social, "desk pause", what="server")
    await pause.pause_everything(team.desk.database, now=team.clock())
    said = await team.admin.slash(team.social, "desk resume", what="server")
    assert "Whoever runs Copydesk has paused everything" in text_of(said)
