"""/provider as an admin uses it: two services, their keys, and what becomes of the connections."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot import rotation
from bot.settings import Settings
from bot.vault import Vault, load_keys
from bot.workflow import backups, connect
from bot.workflow.desk import Desk
from db.database import Database
from sandbox.services.genviral.service import Genviral
from sandbox.services.wahdx.service import Wahdx
from tests.journeys.team import (
    AT_ONCE,
    INSTAGRAM,
    JPEG,
    KEY,
    THREADS,
    Team,
    a_desk,
    a_listener,
    serve,
    text_of,
)
from tests.scripted import Clock

GENVIRAL_KEY = "gva_canary_journey.0123456789"
BEANS = ("beans.jpg", JPEG)
WRONG = "sk_canary_0123456789_of_nobody"


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


async def give(team: Team, command: str, **options: object) -> str:
    """Have the admin give a command of /provider; what was answered."""
    return text_of(await team.admin.slash(team.social, f"provider {command}", **options))


async def enter(team: Team, service: str, key: str) -> str:
    """Have the admin connect a service with a key; what was answered."""
    form = await team.admin.slash(team.social, "provider connect", service=service)
    return text_of(await team.admin.submit_modal(form, {"key": key}))


async def replace_key(team: Team, key: str) -> str:
    """Have the admin give the first connection another key; what was answered."""
    form = await team.admin.slash(team.social, "provider replace-key", connection=1)
    return text_of(await team.admin.submit_modal(form, {"key": key}))


async def test_connecting_a_service(newcomers: Team, genviral: Genviral) -> None:
    """A plan too small, a wrong key, the right one, the service away: each is answered with what
    to do.
    """
    team = newcomers
    genviral.fault = "no_subscription"
    said = await enter(team, "genviral", GENVIRAL_KEY)
    assert "An active subscription is required" in said
    assert "Renew the subscription at Genviral" in said
    genviral.fault = "none"
    assert "is connected" not in await enter(team, "genviral", f"gva_wrong.{WRONG}")
    assert await connect.connections(team.desk, team.guild.id) == []
    assert "Genviral is connected" in await enter(team, "genviral", GENVIRAL_KEY)
    found = await give(team, "test", connection=1)
    assert "Answered after: " in found
    assert "Plan: Medium, active" in found
    assert INSTAGRAM in found
    genviral.fault = "rate_limited"
    assert "Genviral" in (said := await give(team, "test", connection=1))
    assert "Answered after" not in said
    assert "⏳ its service could not be read: Genviral" in await give(team, "list")


async def test_a_connection_and_its_name(team: Team) -> None:
    """The list tells the end of the key, health, accounts and who; the name stands everywhere."""
    said = await give(team, "list")
    assert f"WAHDX · key …{KEY[-4:]}" in said
    assert (
        f"✅ good · 6 accounts, 1 to be reconnected · since <t:1767225600:D> by <@{team.admin.id}>"
        in said
    )
    assert KEY not in said
    assert "Brand A · WAHDX" in await give(team, "rename", connection=1, name="Brand A")
    assert "**Brand A · WAHDX · key" in await give(team, "list")
    [offered] = await team.admin.autocomplete(team.social, "provider test", "connection", "brand")
    assert offered["value"] == 1
    assert "There is no such connection here" in await give(team, "rename", connection=9, name="x")


async def test_another_key_while_posts_wait(team: Team, wahdx: Wahdx) -> None:
    """A refused key changes nothing; with a good one what waits goes out."""
    card = await team.put_before_approvers(caption="Beans", accounts=[THREADS], when="in 2h")
    await team.approver.react(card, "✅")
    other = "sk_canary_0123456789_second"
    assert "Invalid API key" in await replace_key(team, WRONG)
    wahdx._key = other
    said = await replace_key(team, other)
    assert "WAHDX · key …cond has another key" in said
    assert THREADS in said
    await team.advance(7300)
    await team.tick()
    assert [post.text for post in team.published] == ["Beans"]


async def test_keys_are_rotated_while_posts_run(team: Team, database_path: Path) -> None:
    """Between approval and the call, the credentials are encrypted anew; the post goes out."""
    card = await team.put_before_approvers(caption="Beans", accounts=[THREADS], when="in 2h")
    await team.approver.react(card, "✅")
    path = database_path.parent / "secret.key"
    path.write_bytes((team.folder / "secret.key").read_bytes())
    settings = Settings.model_validate({"database_url": f"sqlite+aiosqlite:///{database_path}"})
    try:
        said = await rotation.rotate_keys(settings)
        team.desk.services.vault._read = lambda: rotation.read_keys(settings)
        assert "Encrypted anew: 1." in said
        [kept] = await connect.connections(team.desk, team.guild.id)
        assert Vault(load_keys("", path)[:1]).unlock(kept.secret) == {"key": KEY}
        team.desk.services.forget(team.guild.id, kept.id)  # as after a restart
        await team.advance(7300)
        await team.tick()
        assert [post.text for post in team.published] == ["Beans"]
    finally:
        path.unlink()


async def test_disconnecting(team: Team, genviral: Genviral) -> None:
    """Posts that wait are named first; moved to their backups they go out there, and the service is
    gone from every list.
    """
    await enter(team, "genviral", GENVIRAL_KEY)
    known = await connect.accounts(team.desk, team.guild.id)
    main, spare = (item.id for item in known if item.unmarked.label == INSTAGRAM)
    who = {"server_id": team.guild.id, "user_id": team.admin.id}
    await backups.choose(team.desk, **who, account_id=main, backup_id=spare)
    card = await team.put_before_approvers(
        caption="Beans", media=[BEANS], accounts=[INSTAGRAM], when="in 2h"
    )
    await team.approver.react(card, "✅")
    said = await give(team, "disconnect", connection=1)
    assert "Something waits there: post 1." in said
    said = await give(team, "disconnect", connection=1, waiting="move")
    assert "is disconnected and its key forgotten" in said
    assert "Posts moved to other accounts: 1." in said
    await team.announce()
    listed = await give(team, "list")
    assert "WAHDX" not in listed
    assert "Genviral" in listed
    await team.advance(7300)
    await team.tick()
    assert [post for account in genviral.feed() for post in account.posts]
    assert team.published == []
