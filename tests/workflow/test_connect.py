"""Connecting services, and a server's settings."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.event import EventKind
from bot.domain.server import Server
from bot.errors import AccountBrokenError, InputError, NotFoundError, RefusedError
from bot.workflow import accounts as accounts_of
from bot.workflow import configure, connect
from bot.workflow.desk import Desk
from db.tables import accounts, connections, events
from tests.factories import APPROVER, SERVER
from tests.scripted import ACCOUNTS, Clock, ScriptedService

KEY = "sk_canary_0123456789"


async def connected(desk: Desk, credentials: Mapping[str, str] | None = None, server: int = SERVER):
    """Connect the service; the accounts found."""
    return await connect.connect(
        desk,
        server_id=server,
        provider="wahdx",
        credentials=credentials or {"key": KEY},
        user_id=APPROVER,
    )


async def rows(desk: Desk, table) -> list:
    """Read a table."""
    async with desk.database.reading() as reading:
        return list((await reading.execute(select(table))).mappings())


def stored(folder: Path) -> bytes:
    """Read all that stands in the files of a folder."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_connect(desk: Desk) -> None:
    """Connecting keeps the accounts the service lists, and says who did it."""
    found = await connected(desk)
    assert [(account.remote_id, account.platform, account.usable) for account in found] == [
        (account.remote_id, account.platform, True) for account in ACCOUNTS
    ]
    made, added = await rows(desk, events)
    assert (made["kind"], made["actor_id"]) == (EventKind.CONNECTED, APPROVER)
    assert (added["kind"], added["tell_at"]) == (EventKind.ACCOUNT_ADDED, None)


async def test_wrong_key_keeps_nothing(desk: Desk, service: ScriptedService) -> None:
    """Of a key the service refuses nothing is kept but who tried it, and where."""
    service.listed = AccountBrokenError("Wrong key.")
    with pytest.raises(AccountBrokenError):
        await connected(desk)
    for table in (connections, accounts):
        assert await rows(desk, table) == []
    [noted] = await rows(desk, events)
    assert (noted["kind"], noted["actor_id"]) == (EventKind.CONNECT_REFUSED, APPROVER)
    assert (noted["data"], noted["tell_at"]) == ({"provider": "wahdx"}, None)


@pytest.mark.parametrize("credentials", [{"key": "  "}, {"other": "k"}])
async def test_empty_key(desk: Desk, service: ScriptedService, credentials: dict[str, str]) -> None:
    """An empty field is named, and the service is not asked."""
    with pytest.raises(InputError, match=r"API key: it is empty\. Paste it"):
        await connected(desk, credentials)
    assert service.credentials == []


async def test_unknown_service(desk: Desk) -> None:
    """A service that does not exist is refused with those that do."""
    with pytest.raises(RefusedError, match="Choose one of wahdx"):
        await connect.connect(
            desk, server_id=SERVER, provider="nothing", credentials={"key": "k"}, user_id=1
        )


async def test_same_key_twice(desk: Desk, service: ScriptedService) -> None:
    """The same key again keeps its connection and the accounts' ids, and renews their names."""
    first = await connected(desk)
    service.listed = [replace(ACCOUNTS[0], name="Renamed", usable=False)]
    second = await connected(desk, {"key": f" {KEY} "})
    assert len(await rows(desk, connections)) == 1
    assert [account.id for account in second] == [account.id for account in first]
    assert (second[0].name, second[0].usable) == ("Renamed", False)
    assert [account.usable for account in second[1:]] == [False] * 3  # no longer listed
    service.listed = list(ACCOUNTS)
    assert await accounts_of.refresh(desk, SERVER) == []
    assert all(account.usable for account in await connect.accounts(desk, SERVER))


async def test_two_keys(desk: Desk) -> None:
    """Another key is another connection with accounts of its own."""
    first, second = await connected(desk), await connected(desk, {"key": "another"})
    assert not {a.id for a in first} & {a.id for a in second}
    assert len(await connect.accounts(desk, SERVER)) == 8


async def test_servers_are_apart(desk: Desk) -> None:
    """What one server connects is not seen in another, even with the same key."""
    await connected(desk)
    assert await connect.accounts(desk, SERVER + 1) == []
    await connected(desk, server=SERVER + 1)
    assert len(await rows(desk, connections)) == 2


async def test_key_is_nowhere(desk: Desk, database_path: Path) -> None:
    """The key stands in no row, no event and no file in clear text; four characters are shown."""
    await connected(desk)
    [connection] = await rows(desk, connections)
    assert connection["hint"] == KEY[-4:]
    assert desk.services.vault.unlock(connection["secret"]) == {"key": KEY}
    assert stored(database_path.parent)
    assert KEY.encode() not in stored(database_path.parent)


async def test_hint_of_a_short_key(desk: Desk) -> None:
    """Of a key so short that four characters would give it away, none are shown."""
    await connected(desk, {"key": "short_key"})
    assert (await rows(desk, connections))[0]["hint"] == ""


async def test_refresh_of_nothing(desk: Desk) -> None:
    """Where nothing is connected, the answer says who connects what."""
    with pytest.raises(NotFoundError, match="/provider connect"):
        await accounts_of.refresh(desk, SERVER)


async def test_providers_stay_open(desk: Desk, service: ScriptedService) -> None:
    """A connection's provider is opened once with the key that was kept, for its server only."""
    await connected(desk)
    service.credentials.clear()
    for _ in range(2):
        assert await desk.services.of(SERVER, 1) is service
    assert service.credentials == [{"key": KEY}]
    with pytest.raises(NotFoundError, match="The connection is gone"):
        await desk.services.of(SERVER + 1, 1)


async def test_settings(desk: Desk, clock: Clock) -> None:
    """Settings change one by one, and each change says who made it."""
    assert await configure.get(desk, SERVER) == Server(server_id=SERVER)
    await configure.change(desk, server_id=SERVER, user_id=1, approvals_channel_id=5)
    await configure.change(desk, server_id=SERVER, user_id=2, approver_role_id=6, zone="Asia/Tokyo")
    assert await configure.get(desk, SERVER) == Server(
        server_id=SERVER, approvals_channel_id=5, approver_role_id=6, zone="Asia/Tokyo"
    )
    assert [event["actor_id"] for event in await rows(desk, events)] == [1, 2]


async def test_settings_with_a_wrong_zone(desk: Desk) -> None:
    """A zone that is none changes nothing at all."""
    with pytest.raises(InputError):
        await configure.change(
            desk, server_id=SERVER, user_id=1, approver_role_id=6, zone="Middle/Earth"
        )
    assert await configure.get(desk, SERVER) == Server(server_id=SERVER)
