"""The first run: an admin is led through all steps, may leave, and comes back to the next one."""

import discord
import simcord
from simcord import InteractionResult

from bot.workflow import browse, configure
from tests.journeys.team import KEY, THREADS, Team, text_of


async def start(team: Team) -> InteractionResult:
    """Have the admin begin, or come back."""
    return await team.admin.slash(team.social, "desk setup")


async def choose(team: Team, said: InteractionResult, what: str, value: object) -> None:
    """Choose in a select of the message."""
    assert said.response
    await team.admin.select(said.response, [value], custom_id=f"setup:{what}")


async def press(team: Team, said: InteractionResult, label: str) -> InteractionResult:
    """Press a button of the message."""
    assert said.response
    return await team.admin.click(said.response, label=label)


def shown(said: InteractionResult) -> str:
    """What the message shows now."""
    assert said.response
    return text_of(said.response.message)


async def test_a_server_is_set_up_step_by_step(newcomers: Team) -> None:
    """From an empty server to a rehearsed post, in one message; what is chosen is kept at once."""
    team = newcomers
    said = await start(team)
    assert said.ephemeral
    assert "Setting up · 1 of 7 · Where posts are approved" in shown(said)
    await choose(team, said, "approvals", team.approvals)
    assert f"Approvals: {team.approvals.mention}" in shown(said)
    await press(team, said, "Go on")
    await choose(team, said, "approver", team.role)
    assert f"Approves: {team.role.mention}" in shown(said)
    await press(team, said, "Go on")
    await choose(team, said, "zone", "Europe/Berlin")
    assert "4 of 7" in shown(said)
    await choose(team, said, "rule", "two")
    assert "5 of 7 · Your publishing service" in shown(said)
    server = await configure.get(team.desk, team.guild.id)
    assert (server.approvals_channel_id, server.approver_role_id, server.zone) == (
        team.approvals.id,
        team.role.id,
        "Europe/Berlin",
    )
    assert server.approval.stages[0].needed == 2
    form = await chosen_form(team, said, "wahdx")
    wrong = await team.admin.submit_modal(form, {"key": "sk_wrong_0123456789"})
    assert "Invalid API key" in text_of(wrong)
    connected = await team.admin.submit_modal(await chosen_form(team, said, "wahdx"), {"key": KEY})
    assert "WAHDX is connected" in text_of(connected)
    await press(team, said, "Go on")
    assert "6 of 7" in shown(said)
    assert THREADS in shown(said)
    await press(team, said, "Go on")
    assert "All is set." in shown(said)
    assert "⚠️" not in shown(said)


async def chosen_form(team: Team, said: InteractionResult, service: str) -> InteractionResult:
    """Choose a service: its form."""
    assert said.response
    return await team.admin.select(said.response, [service], custom_id="setup:service")


async def test_whoever_left_goes_on_where_they_were(newcomers: Team) -> None:
    """What is done follows from what is set, whoever set it and wherever, and after a restart."""
    team = newcomers
    said = await start(team)
    await choose(team, said, "approvals", team.approvals)
    await team.restart()
    again = await start(team)
    assert "2 of 7 · Who approves" in shown(again)
    await press(team, said, "Go on")  # the message of before the restart still works
    assert "2 of 7" in shown(said)
    await team.set_up(zone="Asia/Tokyo")
    assert "7 of 7" in shown(await start(team))


async def test_a_rehearsal_keeps_and_sends_nothing(team: Team) -> None:
    """A post is written, checked like any other, and approved, and goes nowhere."""
    said = await start(team)
    assert "7 of 7 · A rehearsal" in shown(said)
    form = await press(team, said, "Write a post")
    card = await team.admin.submit_modal(form, {"answer": "Hello, harbour"})
    assert "Hello, harbour" in text_of(card)
    assert "Waits for" in text_of(card)
    approved = await press(team, card, "Approve")
    assert "Rehearsal: approved" in shown(card), text_of(approved)
    assert "What would happen" in shown(card)
    assert "Waits for" not in shown(card)
    await team.tick()
    assert team.published == []
    assert await browse.recent(team.desk, server_id=team.guild.id) == []
    form = await press(team, said, "Write a post")
    wrong = await team.admin.submit_modal(form, {"answer": "x" * 600})
    assert "takes 500 characters" in text_of(wrong)


async def test_what_is_missing_is_named_at_each_step(newcomers: Team) -> None:
    """Permissions are those the bot really has in the chosen channel, asked for anew each time."""
    team = newcomers
    bot = team.env.bot.user
    assert bot
    closed = team.guild.create_text_channel(
        "closed",
        overwrites={bot: discord.PermissionOverwrite(embed_links=False)},
    )
    said = await start(team)
    await choose(team, said, "approvals", closed)
    assert "Copydesk lacks embed links" in shown(said)
    await press(team, said, "Go on")
    assert "Copydesk lacks embed links" in shown(said)
    await press(team, said, "Back")
    await choose(team, said, "approvals", team.approvals)
    assert "Copydesk lacks" not in shown(said)


async def test_another_zone_is_typed(team: Team) -> None:
    """A zone that the list has not is typed; one that does not exist is told, and nothing changes."""
    await configure.change(team.desk, server_id=team.guild.id, user_id=1, zone="UTC")
    said = await start(team)
    for _ in range(4):
        await press(team, said, "Back")
    assert "3 of 7" in shown(said)
    wrong = await team.admin.submit_modal(
        await press(team, said, "Another zone"), {"answer": "Middle/Earth"}
    )
    assert "is not a time zone" in text_of(wrong)
    await team.admin.submit_modal(
        await press(team, said, "Another zone"), {"answer": "Pacific/Auckland"}
    )
    assert (await configure.get(team.desk, team.guild.id)).zone == "Pacific/Auckland"


async def test_only_admins_set_up(team: Team) -> None:
    """Whoever may not manage the server is told whom to ask."""
    said: simcord.InteractionResult = await team.author.slash(team.social, "desk setup")
    assert "manage server" in text_of(said)
