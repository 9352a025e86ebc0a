"""Pausing and resuming: nothing of it goes out, and afterwards the late policy decides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

import db.accounts
import db.connections
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.pause import Scope
from bot.domain.platform import Platform
from bot.errors import ConflictError, NotAllowedError, NotFoundError
from bot.workflow import pause
from bot.workflow.desk import Desk
from bot.workflow.pause import Pauser
from db import tables
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import Clock, ScriptedService

S = DeliveryState
MINUTE = timedelta(minutes=1)
BY = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
STRANGER = Pauser(server_id=SERVER, user_id=99, may_decide=False)
ELSEWHERE = Pauser(server_id=SERVER + 1, user_id=APPROVER, may_decide=True)

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


async def account_of(desk: Desk, platform: Platform) -> int:
    """The id of the account on a platform."""
    async with desk.database.reading() as reading:
        found = await db.accounts.find(reading, server_id=SERVER)
    return next(account.id for account in found if account.platform is platform)


async def scope_id(desk: Desk, scope: Scope) -> int:
    """What a pause of this scope names, for a post on Threads."""
    async with desk.database.reading() as reading:
        [connection, *_] = await db.connections.find(reading, server_id=SERVER)
    ids = {Scope.ACCOUNT: await account_of(desk, Platform.THREADS), Scope.CONNECTION: connection.id}
    return ids.get(scope, 0)


@pytest.mark.parametrize("scope", [Scope.ACCOUNT, Scope.CONNECTION, Scope.SERVER])
async def test_what_is_paused_waits(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk, scope: Scope
) -> None:
    """While it is paused nothing goes out, however late; resumed in time, it goes out once."""
    which = await scope_id(desk, scope)
    await pause.pause(desk, BY, scope, which)
    post = await life.approved(Platform.THREADS)
    for _ in range(3):
        clock.forward(5 * MINUTE)
        await life.publish()
    waiting = await life.delivery(post)
    assert (waiting.state, waiting.paused, waiting.attempts) == (S.WAITING, True, 0)
    assert service.submissions == []
    assert await pause.resume(desk, BY, scope, which) == []
    assert not (await life.delivery(post)).paused
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1


@pytest.mark.parametrize("scope", [Scope.ACCOUNT, Scope.CONNECTION, Scope.SERVER])
async def test_what_waited_too_long_is_missed_when_resumed(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk, scope: Scope
) -> None:
    """It is not missed while it is paused; when the pause ends, people are asked."""
    which = await scope_id(desk, scope)
    await pause.pause(desk, BY, scope, which)
    post = await life.approved(Platform.THREADS)
    clock.forward(timedelta(hours=5))
    await life.publish()
    assert (await life.delivery(post)).state is S.WAITING
    await pause.resume(desk, BY, scope, which)
    await life.publish()
    assert (await life.delivery(post)).state is S.MISSED
    assert await life.settled(post) == 1
    assert service.submissions == []


async def test_a_pause_holds_up_nothing_else(
    life: Life, service: ScriptedService, desk: Desk
) -> None:
    """Of a post for two accounts the paused one waits and the other goes out."""
    await pause.pause(desk, BY, Scope.ACCOUNT, await account_of(desk, Platform.THREADS))
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK)
    await life.publish()
    by_platform = {item.target.platform: item.state for item in await life.deliveries(post)}
    assert by_platform == {Platform.THREADS: S.WAITING, Platform.FACEBOOK: S.PUBLISHED}
    assert [call.recipients[0].remote_id for call in service.submissions] == ["fb"]


async def test_another_servers_pause_holds_up_nothing_here(life: Life, desk: Desk) -> None:
    """A pause of a server is that server's alone."""
    await pause.pause(desk, ELSEWHERE, Scope.SERVER, 0)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_everything_is_the_operators(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """The operator pauses all servers; no server can, or can end it."""
    assert await pause.pause_everything(desk.database, now=clock())
    assert not await pause.pause_everything(desk.database, now=clock())
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert (await life.delivery(post)).paused
    with pytest.raises(NotAllowedError, match="the operator's"):
        await pause.resume(desk, BY, Scope.EVERYTHING, 0)
    [felt] = await pause.find(desk, SERVER)
    assert felt.scope is Scope.EVERYTHING
    assert await pause.resume_everything(desk.database, now=clock())
    assert not await pause.resume_everything(desk.database, now=clock())
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1


async def test_pauses_within_each_other(life: Life, desk: Desk) -> None:
    """Two pauses over one delivery both have to end; what is left is told."""
    account = await account_of(desk, Platform.THREADS)
    await pause.pause(desk, BY, Scope.ACCOUNT, account)
    await pause.pause(desk, BY, Scope.SERVER, 0)
    post = await life.approved(Platform.THREADS)
    [left] = await pause.resume(desk, BY, Scope.SERVER, 0)
    assert (left.scope, left.scope_id, left.paused_by) == (Scope.ACCOUNT, account, APPROVER)
    await life.publish()
    assert (await life.delivery(post)).state is S.WAITING
    await pause.resume(desk, BY, Scope.ACCOUNT, account)
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_cards_of_what_waits_are_told(life: Life, desk: Desk) -> None:
    """Each post that waits there has the event in its history, so that its card is made true."""
    waits = await life.approved(Platform.THREADS, when="in 1 hour")
    other = await life.approved(Platform.FACEBOOK, when="in 1 hour")
    account = await account_of(desk, Platform.THREADS)
    await pause.pause(desk, BY, Scope.ACCOUNT, account)
    await pause.resume(desk, BY, Scope.ACCOUNT, account)
    last = [(item.kind, item.actor_id) for item in (await life.events(waits))[-2:]]
    assert last == [(EventKind.PAUSED, APPROVER), (EventKind.RESUMED, APPROVER)]
    assert (await life.events(other))[-1].kind is EventKind.APPROVED


async def test_a_pause_is_in_the_audit_trail(life: Life, desk: Desk) -> None:
    """Who paused and resumed what is kept, also where nothing waited."""
    await pause.pause(desk, BY, Scope.SERVER, 0)
    await pause.resume(desk, BY, Scope.SERVER, 0)
    rows = select(tables.events).where(tables.events.c.post_id.is_(None)).order_by("id")
    async with desk.database.reading() as reading:
        kept = [(row.kind, row.actor_id, row.data) for row in await reading.execute(rows)][-2:]
    what = {"scope": "server", "scope_id": str(SERVER)}
    assert kept == [("desk.paused", APPROVER, what), ("desk.resumed", APPROVER, what)]


async def test_who_may_pause_what(life: Life, desk: Desk) -> None:
    """Only those who decide on posts, and only what is their server's."""
    account = await account_of(desk, Platform.THREADS)
    for action in (pause.pause, pause.resume):
        with pytest.raises(NotAllowedError):
            await action(desk, STRANGER, Scope.SERVER, 0)
        for scope in (Scope.ACCOUNT, Scope.CONNECTION):
            with pytest.raises(NotFoundError):
                await action(desk, ELSEWHERE, scope, account)
            with pytest.raises(NotFoundError):
                await action(desk, BY, scope, 10**9)
    with pytest.raises(ConflictError, match="not paused"):
        await pause.resume(desk, BY, Scope.SERVER, 0)
    await pause.pause(desk, BY, Scope.SERVER, 0)
    with pytest.raises(ConflictError, match="paused already"):
        await pause.pause(desk, BY, Scope.SERVER, 0)
    assert await pause.find(desk, SERVER + 1) == []
