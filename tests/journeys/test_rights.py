"""Rights are checked when something is done, at every door."""

import simcord

from bot.client import Admitted
from cogs.ui import rights
from tests.journeys import doors
from tests.journeys.team import THREADS, Team, text_of


async def close_to_all(team: Team) -> simcord.RoleHandle:
    """Let only people with certain roles write and see; the role of authors."""
    author, viewer = (team.guild.create_role(name) for name in ("Author", "Viewer"))
    said = await team.admin.slash(
        team.social, "desk settings", authors=author.mention, viewers=viewer.mention
    )
    assert f"Authors: {author.mention}" in text_of(said)
    assert f"Viewers: {viewer.mention}" in text_of(said)
    return author


def is_refused(said: str) -> bool:
    """Whether an answer says who may, or suggests nothing."""
    told = any(words in said for words in rights.ONLY.values())
    return told or '"choices": []' in said


async def test_nothing_is_open_to_those_without_the_right(team: Team) -> None:
    """Where roles are named, people without one are refused by every command, suggestion, button,
    menu and form; they are told who may, and what they typed is given back, unless it was a key.
    """
    card = await team.put_before_approvers(caption="Seen", accounts=[THREADS])
    await close_to_all(team)
    bot = doors.bot_of(team)
    ways = [*await doors.commands(bot), *doors.parts(bot), *doors.forms()]
    assert len(ways) > 60
    answers = {way.name: await doors.use(team, team.stranger, way, card) for way in ways}
    open_ones = [name for name, said in answers.items() if not is_refused(said)]
    assert [name for name in open_ones if answers[name] != doors.NOTHING] == []
    for name in doors.FORMS:
        is_for_keys = name.startswith("provider:")
        assert (doors.TYPED in answers[name]) is not is_for_keys, name


async def test_every_door_is_in_the_table(team: Team) -> None:
    """Each command and each kind of button says what it asks for; no button is without a door."""
    bot = doors.bot_of(team)
    ways = await doors.commands(bot)
    assert {way.name for way in ways if not way.name.endswith(":")} == rights.COMMANDS.keys()
    items = doors.items_of(bot)
    assert [item for item in items.values() if not issubclass(item, Admitted)] == []
    assert {pattern.pattern.partition(":")[0] for pattern in items} <= rights.PARTS.keys()


async def test_roles_open_the_doors(team: Team) -> None:
    """Whoever gets the role may write; whoever is asked to approve sees."""
    role = await close_to_all(team)
    said = await team.author.slash(team.social, "post new")
    assert "Only authors write posts here" in text_of(said)
    assert "Ask an admin for one of these roles." in text_of(said)
    seen = text_of(await team.approver.slash(team.social, "queue calendar"))
    assert "Only" not in seen
    writer = team.guild.add_member(team.env.create_user("wil"), roles=[role])
    assert (await writer.slash(team.social, "post new")).modal
    await team.admin.slash(team.social, "desk settings", authors="everyone", viewers="everyone")
    assert "Only" not in text_of(await team.stranger.slash(team.social, "post list"))
