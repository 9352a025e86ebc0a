"""What becomes of a connection: its name, its key, how it answers."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.server import ConnectionHealth
from bot.errors import (
    AccountBrokenError,
    ConflictError,
    InputError,
    NotFoundError,
    TryLaterError,
)
from bot.workflow import connect
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from bot.workflow.replace_key import Replaced, replace_key
from bot.workflow.try_out import try_out
from db.tables import events
from providers.plan import Plan
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import ACCOUNTS, ScriptedService

KEY = "sk_canary_0123456789_second"


async def replaced(desk: Desk, key: str = KEY, server: int = SERVER) -> Replaced:
    """Give the connection another key."""
    return await replace_key(
        desk,
        server_id=server,
        connection_id=1,
        credentials={"key": f" {key} "},
        user_id=APPROVER,
    )


async def noted(desk: Desk) -> Sequence[tuple[EventKind, int | None]]:
    """Read what happened to connections, and who did it."""
    chosen = select(events.c.kind, events.c.actor_id).where(events.c.kind.like("provider.%"))
    async with desk.database.reading() as reading:
        return [(EventKind(row.kind), row.actor_id) for row in await reading.execute(chosen)]


async def test_another_key_with_the_same_accounts(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """The accounts keep their ids, what waits goes out with the new key, and it is noted who."""
    before = await connect.accounts(desk, SERVER)
    post = await life.approved(Platform.THREADS)
    await desk.services.of(SERVER, 1)
    service.credentials.clear()
    done = await replaced(desk)
    assert [item.id for item in done.accounts] == [item.id for item in before]
    assert done.lost == done.endangered == []
    await life.publish()
    assert (await life.delivery(post)).state == "published"
    assert service.credentials == [{"key": KEY}, {"key": KEY}]  # once to look, once to publish
    [connection] = await connect.connections(desk, SERVER)
    assert connection.hint == KEY[-4:]
    assert (EventKind.KEY_REPLACED, APPROVER) in await noted(desk)


async def test_a_refused_key_changes_nothing(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A key that the service refuses is not kept; the old one goes on."""
    [before] = await connect.connections(desk, SERVER)
    for trouble in (AccountBrokenError("Wrong key."), TryLaterError("It is away.")):
        service.listed = trouble
        with pytest.raises(type(trouble)):
            await replaced(desk)
    assert await connect.connections(desk, SERVER) == [before]


async def test_a_key_that_opens_less(life: Life, desk: Desk, service: ScriptedService) -> None:
    """The accounts that the new key does not open are said, with the posts that wait for them."""
    post = await life.approved(Platform.THREADS, when="tomorrow 9:00")
    service.listed = [item for item in ACCOUNTS if item.platform is not Platform.THREADS]
    done = await replaced(desk)
    assert [item.platform for item in done.lost] == [Platform.THREADS]
    assert list(done.endangered) == [post.id]
    assert len(done.accounts) == 3


async def test_a_key_of_something_else(life: Life, desk: Desk, service: ScriptedService) -> None:
    """A key that opens none of the accounts is refused: it is another connection's."""
    service.listed = [replace(item, remote_id=f"x-{item.remote_id}") for item in ACCOUNTS]
    with pytest.raises(InputError, match="opens none of the accounts") as caught:
        await replaced(desk)
    assert KEY not in str(caught.value)
    assert len(await connect.accounts(desk, SERVER)) == 4


async def test_a_key_of_another_connection(life: Life, desk: Desk) -> None:
    """A key that another connection of the server has is not taken twice."""
    await life.connect(KEY)
    with pytest.raises(ConflictError, match="Another connection of this server has this key"):
        await replaced(desk)


async def test_connections_of_other_servers(life: Life, desk: Desk) -> None:
    """No server renames, tries or changes what is another's."""
    elsewhere = {"server_id": SERVER + 1, "connection_id": 1, "user_id": 1}
    with pytest.raises(NotFoundError):
        await replaced(desk, server=SERVER + 1)
    with pytest.raises(NotFoundError):
        await connect.rename(desk, **elsewhere, name="Mine")
    with pytest.raises(NotFoundError):
        await try_out(desk, **elsewhere)
    [connection] = await connect.connections(desk, SERVER)
    assert connection.name == "WAHDX"


async def test_names(life: Life, desk: Desk) -> None:
    """A name is kept without what stands around it, may be taken back, and has its length."""
    for given, kept in (("  Brand \n A ", "Brand A"), ("", "")):
        renamed = await connect.rename(
            desk, server_id=SERVER, connection_id=1, user_id=APPROVER, name=given
        )
        assert renamed.name == kept
    with pytest.raises(InputError, match="it has 65 characters; 64 are the most"):
        await connect.rename(desk, server_id=SERVER, connection_id=1, user_id=1, name="x" * 65)
    assert (EventKind.CONNECTION_RENAMED, APPROVER) in await noted(desk)


async def test_trying_out(life: Life, desk: Desk, service: ScriptedService) -> None:
    """A connection tells its accounts, its plan and how quickly it answered; who asked is noted."""
    service.plan_told = Plan(name="Maximum", left=("3 of 5 are left.",))
    tried = await try_out(desk, server_id=SERVER, connection_id=1, user_id=APPROVER)
    assert [item.platform for item in tried.accounts] == [item.platform for item in ACCOUNTS]
    assert tried.plan == service.plan_told
    assert 0 <= tried.milliseconds < 5000
    assert (EventKind.TESTED, APPROVER) in await noted(desk)


async def test_a_plan_that_is_not_told(life: Life, desk: Desk, service: ScriptedService) -> None:
    """Where only the plan cannot be read, the rest is told all the same."""
    service.plan_told = TryLaterError("Not now.")
    tried = await try_out(desk, server_id=SERVER, connection_id=1, user_id=APPROVER)
    assert tried.plan is None
    assert tried.accounts


async def test_trying_a_key_that_died(life: Life, desk: Desk, service: ScriptedService) -> None:
    """A key that is refused is said, kept as the connection's health, and another one mends it."""
    service.listed = AccountBrokenError("Revoked.")
    with pytest.raises(AccountBrokenError, match="Revoked"):
        await try_out(desk, server_id=SERVER, connection_id=1, user_id=APPROVER)
    [connection] = await connect.connections(desk, SERVER)
    assert connection.health is ConnectionHealth.REFUSED
    service.listed = list(ACCOUNTS)
    await replaced(desk)
    [connection] = await connect.connections(desk, SERVER)
    assert (connection.health, connection.trouble) == (ConnectionHealth.GOOD, "")


async def test_a_call_under_way_ends_as_it_began(
    life: Life, desk: Desk, service: ScriptedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A post that is being sent while the key is replaced is not cut off, and sent once."""
    closed: list[str] = []

    async def close() -> None:
        closed.append("closed")

    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    service.gate.clear()
    await publisher.tick()
    await service.called.wait()
    monkeypatch.setattr(service, "close", close)
    await replaced(desk)
    assert closed == ["closed"]  # of the one that only looked whether the key is good
    service.gate.set()
    await publisher.drain(5)
    assert (await life.delivery(post)).state == "published"
    assert len(service.submissions) == 1
    await desk.services.close()
    assert len(closed) == 2
