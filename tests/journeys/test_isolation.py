"""Nothing of one server is seen or changed from another, whatever is used there.

Both have the same key, the same accounts and channels of the same names. The admin of the second
uses every door with the numbers of what the first one has.
"""

import pytest
from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.workflow import connect, sets, share, templates
from bot.workflow.share import Guest
from db.tables import metadata, posts
from tests.journeys import doors
from tests.journeys.team import EXPIRED, INSTAGRAM, THREADS, Team

CANARY = "only for the first server"


@pytest.fixture
async def second(team: Team) -> Team:
    """Another server with the same names, whose people use the same bot."""
    other = Team(
        env=team.env, desk=team.desk, clock=team.clock, wahdx=team.wahdx, folder=team.folder
    )
    await other.set_up()
    return other


async def fill(team: Team) -> int:
    """Have something of everything that people make; the number of numbers to try."""
    await team.put_before_approvers(caption=f"{CANARY} out", accounts=[THREADS])
    await team.approver.react(team.card, "✅")
    await team.tick()
    typed = {"caption": f"{CANARY} asked", "accounts": [THREADS], "when": "fri 9:00"}
    await team.put_before_approvers(**typed)
    await team.write(caption=f"{CANARY} draft", accounts=[EXPIRED])
    where = {"server_id": team.guild.id, "user_id": team.author.id}
    guests = [Guest(user_id=team.stranger.id)]
    await share.share(team.desk, **where, post_id=3, guests=guests)
    await templates.save(team.desk, **where, post_id=1, name=CANARY)
    account = int(await team.account(INSTAGRAM))
    await sets.save(team.desk, **where, name=CANARY, account_ids=[account])
    await connect.rename(team.desk, **where, connection_id=1, name=CANARY)
    await team.tick()
    return 3


async def kept(team: Team) -> dict[str, list[str]]:
    """Read all that a server has."""
    async with team.desk.database.reading() as reading:
        return {
            table.name: await _rows(reading, table, team.guild.id)
            for table in metadata.sorted_tables
        }


async def _rows(reading: AsyncConnection, table: Table, server_id: int) -> list[str]:
    statement = select(table)
    if "server_id" in table.c:
        statement = statement.where(table.c.server_id == server_id)
    elif "post_id" in table.c:
        mine = select(posts.c.id).where(posts.c.server_id == server_id)
        statement = statement.where(table.c.post_id.in_(mine))
    else:
        return []
    return sorted(map(repr, (await reading.execute(statement)).all()))


async def test_no_door_leads_into_another_server(team: Team, second: Team) -> None:
    """No command, suggestion, button, menu or form shows or changes what is another server's."""
    numbers = await fill(team)
    before = await kept(team)
    assert len(before["posts"]) == numbers
    bot = doors.bot_of(team)
    ways = [*await doors.commands(bot), *doors.forms()]
    for number in range(1, numbers + 1):
        numbered = await doors.commands(bot, number=number)
        ways += [way for way in numbered if way.is_numbered] + doors.parts(bot, number=number)
    card = await second.put_before_approvers(caption="Our own", accounts=[THREADS])
    seen = {way.name: await doors.use(second, second.admin, way, card) for way in ways}
    await second.tick()
    assert [name for name, said in seen.items() if CANARY in said] == []
    assert await kept(team) == before
