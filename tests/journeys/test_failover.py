"""Failover as people see it: named, switched on, approved with the post, and told of."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.workflow import connect
from bot.workflow.desk import Desk
from db.database import Database
from sandbox.services.genviral.service import Genviral
from sandbox.services.wahdx.service import Wahdx
from tests.journeys.team import AT_ONCE, INSTAGRAM, JPEG, Team, a_desk, a_listener, serve, text_of
from tests.scripted import Clock

GENVIRAL_KEY = "gva_live_journey.0123456789"
BEANS = ("beans.jpg", JPEG)


@pytest.fixture
def genviral(tmp_path: Path) -> Genviral:
    """The simulated Genviral."""
    return Genviral(tmp_path / "genviral", GENVIRAL_KEY, pace=AT_ONCE)


@pytest.fixture
async def desk(
    database: Database, tmp_path: Path, clock: Clock, wahdx: Wahdx, genviral: Genviral
) -> AsyncIterator[Desk]:
    """A desk with two services that reach one social account."""
    async with AsyncExitStack() as stack:
        urls: dict[str, str] = {}
        for variable, simulator in (("WAHDX_URL", wahdx), ("GENVIRAL_URL", genviral)):
            listener, address = a_listener()
            urls[variable] = address + simulator.base_path
            await stack.enter_async_context(serve(simulator.app(), listener))
        yield await stack.enter_async_context(a_desk(database, tmp_path, clock, urls))


@pytest.fixture
async def team(team: Team) -> Team:
    """A team that has Genviral as well."""
    await connect.connect(
        team.desk,
        server_id=team.guild.id,
        provider="genviral",
        credentials={"key": GENVIRAL_KEY},
        user_id=team.admin.id,
    )
    return team


async def offered(team: Team, option: str, **chosen: int) -> dict[str, int]:
    """What the command offers for an option, by name."""
    found = await team.admin.autocomplete(
        team.social, "account backup", option, "instagram", **chosen
    )
    return {choice["name"]: choice["value"] for choice in found}


async def name_the_backup(team: Team) -> str:
    """Have the admin name Genviral's account as the backup of WAHDX's; what was answered."""
    accounts = await offered(team, "account")
    main = accounts[f"{INSTAGRAM} (WAHDX)"]
    fitting = await offered(team, "backup", account=main)
    assert all(name.startswith("Instagram") and "WAHDX" not in name for name in fitting)
    spare = fitting[f"{INSTAGRAM} (Genviral)"]
    return text_of(
        await team.admin.slash(team.social, "account backup", account=main, backup=spare)
    )


async def published_there(genviral: Genviral) -> list[int]:
    """How often each post of Genviral went out."""
    return [post.times for account in genviral.feed() for post in account.posts]


async def test_a_refused_post_goes_out_through_the_backup(team: Team, genviral: Genviral) -> None:
    """An admin names the backup and turns failover on; the card shows it; after a refusal the post
    goes out once through the other service, and people read why.
    """
    assert "Failover is off here" in await name_the_backup(team)
    said = await team.admin.slash(team.social, "desk settings", failover="on")
    assert "Failover: on" in text_of(said)
    card = await team.put_before_approvers(caption="Beans", accounts=[INSTAGRAM], media=[BEANS])
    assert f"backup: {INSTAGRAM} via Genviral" in text_of(card)
    team.wahdx.fault = "refused"
    await team.approver.react(card, "✅")
    for _ in range(3):
        await team.tick()
        await team.advance(10)
    assert team.published == []
    assert await published_there(genviral) == [1]
    shown = text_of(team.card)
    assert "published" in shown
    assert "moved to its backup via Genviral because: " in shown
    told = team.social.last_message
    assert told is not None
    assert "Post 1: published" in text_of(told)
    assert "moved to its backup via Genviral because: " in text_of(told)


async def test_off_means_off(team: Team, genviral: Genviral) -> None:
    """Without the setting a refused post has failed, and the backup is not on its card."""
    await name_the_backup(team)
    card = await team.put_before_approvers(caption="Beans", accounts=[INSTAGRAM], media=[BEANS])
    assert "backup" not in text_of(card)
    team.wahdx.fault = "refused"
    await team.approver.react(card, "✅")
    for _ in range(2):
        await team.tick()
    assert "failed" in text_of(team.card)
    assert await published_there(genviral) == []


async def test_backups_are_listed_and_cleared(team: Team) -> None:
    """`/account check` shows who takes over; without a backup the command clears it."""
    await name_the_backup(team)
    assert f"Backup: {INSTAGRAM} via Genviral" in await listed(team)
    main = int(await team.account(INSTAGRAM))
    cleared = text_of(await team.admin.slash(team.social, "account backup", account=main))
    assert "has no backup now" in cleared
    assert "Backup" not in await listed(team)


async def listed(team: Team) -> str:
    """All pages of the list of accounts."""
    said = await team.author.slash(team.social, "account check")
    assert said.response
    read = [text_of(said)]
    while "Page 1 of 3" in read[0] and len(read) < 3:
        await team.author.click(said.response, label="More")
        read.append(text_of(said.response.message))
    return "\n".join(read)


async def test_only_admins_name_backups(team: Team) -> None:
    """Whoever may not manage the server is told so, and nothing changes."""
    main = int(await team.account(INSTAGRAM))
    said = await team.author.slash(team.social, "account backup", account=main)
    assert "This needs the permission: manage server. Ask an admin." in text_of(said)
