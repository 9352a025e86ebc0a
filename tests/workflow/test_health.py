"""How connections and accounts are: what a reading changes, and what waits until all is well."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

import db.accounts
import db.connections
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.domain.server import AccountHealth, ConnectionHealth
from bot.errors import AccountBrokenError, ContentRejectedError, CopydeskError, TryLaterError
from bot.workflow import backups, configure, examine, health, notices
from bot.workflow.desk import Desk
from bot.workflow.watch import EVERY, JOINING_EVERY, Watcher
from db import joinings, tables
from db.joinings import Joining
from tests.factories import APPROVER, CHANNEL, SERVER
from tests.life import Life
from tests.scripted import ACCOUNTS, PUBLISHED, Clock, ScriptedService

S = DeliveryState
E = EventKind
REFUSED = AccountBrokenError("The key is refused.", remedy="Make a new one.")
THREADS = Platform.THREADS


def listed(**changes: object) -> list:
    """What the service lists when its Threads account is otherwise; None: not at all."""
    others = [item for item in ACCOUNTS if item.platform is not THREADS]
    threads = next(item for item in ACCOUNTS if item.platform is THREADS)
    return [*others, replace(threads, **changes)]  # pyright: ignore[reportArgumentType]


async def read(desk: Desk) -> None:
    """Read the connection, whatever comes of it."""
    with contextlib.suppress(CopydeskError):
        await health.read(desk, SERVER, 1)


async def told(desk: Desk) -> list[E]:
    """Take what is to be told of the server as a whole, as told."""
    found = await notices.take(desk)
    for notice in found:
        await notices.told(desk, notice)
    return [notice.event.kind for notice in found]


async def account(desk: Desk, platform: Platform = THREADS):
    """The account on a platform."""
    async with desk.database.reading() as reading:
        found = await db.accounts.find(reading, server_id=SERVER)
    return next(item for item in found if item.platform is platform)


async def connection(desk: Desk):
    """The connection."""
    async with desk.database.reading() as reading:
        found = await db.connections.get(reading, server_id=SERVER, connection_id=1)
    assert found
    return found


async def watch(desk: Desk) -> None:
    """Tick once, to the end of the readings."""
    watcher = Watcher(desk)
    await watcher.tick()
    await watcher.drain(5)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("seen", "after", "said"),
    [
        (listed(usable=False), AccountHealth.EXPIRED, [E.ACCOUNT_LOST]),
        (list(ACCOUNTS[:2]), AccountHealth.GONE, [E.ACCOUNT_LOST]),
        (listed(expires_soon=True), AccountHealth.EXPIRING, [E.ACCOUNT_EXPIRING]),
        (listed(followers=7, avatar_url="https://a.example/p.png"), AccountHealth.GOOD, []),
    ],
    ids=["expired", "gone", "expiring", "good"],
)
async def test_a_change_is_told_once(
    life: Life,
    desk: Desk,
    service: ScriptedService,
    seen: list,
    after: AccountHealth,
    said: Sequence[E],
) -> None:
    """What a service says of an account is kept, and told when it changes, not at each reading."""
    service.listed = seen
    for _ in range(3):
        await read(desk)
    assert (await account(desk)).health is after
    assert (await account(desk)).usable is after.is_usable
    assert (await account(desk)).trouble == after.trouble
    assert await told(desk) == list(said)
    service.listed = list(ACCOUNTS)
    for _ in range(2):
        await read(desk)
    assert (await account(desk)).health is AccountHealth.GOOD
    back = [E.ACCOUNT_BACK] if not after.is_usable else []
    assert await told(desk) == back


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_key_that_dies_is_told_once(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A refused key is kept with what the service said; while it is away, it stays refused."""
    service.listed = REFUSED
    for _ in range(2):
        await read(desk)
    service.listed = TryLaterError("Away.")
    await read(desk)
    assert (await connection(desk)).health is ConnectionHealth.REFUSED
    assert (await connection(desk)).trouble == str(REFUSED)
    service.listed = list(ACCOUNTS)
    for _ in range(2):
        await read(desk)
    assert (await connection(desk)).health is ConnectionHealth.GOOD
    assert (await connection(desk)).trouble == ""
    assert await told(desk) == [E.KEY_REFUSED, E.KEY_BACK]


async def test_a_service_that_is_away_is_only_noted(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """That a service does not answer now changes nothing for its posts, and nobody is told."""
    service.listed = TryLaterError("Away.")
    await read(desk)
    assert (await connection(desk)).health is ConnectionHealth.AWAY
    post = await life.approved(THREADS)
    await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    service.listed = list(ACCOUNTS)
    await read(desk)
    assert (await connection(desk)).health is ConnectionHealth.GOOD
    assert await told(desk) == []


async def broken(service: ScriptedService, how: str) -> None:
    """Let the Threads account expire, or the key die."""
    service.listed = REFUSED if how == "key" else listed(usable=False)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("how", ["account", "key"])
async def test_posts_wait_for_a_broken_account(
    life: Life, desk: Desk, service: ScriptedService, clock: Clock, how: str
) -> None:
    """Nothing is sent or missed while it is broken; connected again in time, it goes out once."""
    post = await life.approved(THREADS, when="in 1 hour")
    await broken(service, how)
    await read(desk)
    kind = E.KEY_REFUSED if how == "key" else E.ACCOUNT_LOST
    assert (await life.events(post))[-1].kind is kind
    clock.forward(timedelta(hours=1, minutes=10))
    for _ in range(2):
        await life.publish()
    waiting = await life.delivery(post)
    assert (waiting.state, waiting.disconnected, waiting.attempts) == (S.WAITING, True, 0)
    service.listed = list(ACCOUNTS)
    await read(desk)
    assert (await life.events(post))[-1].kind in {E.KEY_BACK, E.ACCOUNT_BACK}
    assert not (await life.delivery(post)).disconnected
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1


@pytest.mark.parametrize("how", ["account", "key"])
async def test_what_waited_too_long_is_missed(
    life: Life, desk: Desk, service: ScriptedService, clock: Clock, how: str
) -> None:
    """Connected again too late for its server, a post is missed, and people are asked."""
    post = await life.approved(THREADS, when="in 1 hour")
    await broken(service, how)
    await read(desk)
    clock.forward(timedelta(hours=5))
    await life.publish()
    assert (await life.delivery(post)).state is S.WAITING
    service.listed = list(ACCOUNTS)
    await read(desk)
    await life.publish()
    assert (await life.delivery(post)).state is S.MISSED
    assert service.submissions == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("how", ["account", "key"])
async def test_a_refusal_that_a_reading_confirms(
    life: Life, desk: Desk, service: ScriptedService, clock: Clock, how: str
) -> None:
    """A call refused for its account fails nothing: the post waits, and keeps its whole time of
    retries and lateness for when the account is there again.
    """
    post = await life.approved(THREADS, Platform.FACEBOOK)
    await broken(service, how)
    service.to_publish.append(AccountBrokenError("Expired.", excerpt="e"))
    await life.publish()
    waiting = {item.target.platform: item for item in await life.deliveries(post)}
    assert (waiting[THREADS].state, waiting[THREADS].disconnected) == (S.WAITING, True)
    assert (waiting[THREADS].attempts, waiting[THREADS].tried_since) == (0, None)
    assert waiting[THREADS].reason == "Expired."
    assert (await told(desk)) == [E.KEY_REFUSED if how == "key" else E.ACCOUNT_LOST]
    assert await life.settled(post) == 0
    calls = len(service.submissions)
    clock.forward(timedelta(minutes=5))
    await life.publish()
    assert len(service.submissions) == calls
    service.to_publish.clear()
    service.listed = list(ACCOUNTS)
    await read(desk)
    await life.publish()
    states = {item.target.platform: item.state for item in await life.deliveries(post)}
    assert states[THREADS] is S.PUBLISHED


async def test_a_refusal_that_a_reading_does_not_confirm(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Where the service lists the account as good, or says nothing, people must look at once."""
    for listing in (list(ACCOUNTS), TryLaterError("Away.")):
        service.listed = listing
        service.to_publish.append(AccountBrokenError("No access.", remedy="Ask WAHDX."))
        post = await life.approved(THREADS)
        await life.publish()
        failed = await life.delivery(post)
        assert (failed.state, failed.remedy) == (S.FAILED, "Ask WAHDX.")
    assert await told(desk) == []


async def test_the_other_accounts_of_a_refused_call_go_out(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """One account that must be reconnected does not keep those back that shared its call."""
    service.can(accounts_per_submission=4)
    post = await life.approved(THREADS, Platform.FACEBOOK)
    service.listed = listed(usable=False)
    service.to_publish.append(AccountBrokenError("Talk has expired."))
    await life.publish()
    service.to_publish.clear()
    await life.publish()
    states = {item.target.platform: item.state for item in await life.deliveries(post)}
    assert states == {THREADS: S.WAITING, Platform.FACEBOOK: S.PUBLISHED}
    sent = [sorted(one.remote_id for one in call.recipients) for call in service.submissions]
    assert sent == [["fb", "th"], ["fb"]]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_a_backup_takes_over_from_a_broken_account(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """With failover on, a post does not wait for its account while its backup can publish it; where
    the backup cannot, it waits.
    """
    main = (await account(desk)).id
    spare = (await life.connect("sk_another_0123456789"))[THREADS]
    await backups.choose(desk, server_id=SERVER, user_id=APPROVER, account_id=main, backup_id=spare)
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, failover=True)
    first = await life.approved(accounts=[main])
    second = await life.approved(accounts=[main], when="in 10 minutes")
    service.listed = listed(usable=False)
    await read(desk)
    assert not (await life.delivery(first)).disconnected
    service.to_publish.extend([AccountBrokenError("Expired."), PUBLISHED])
    for _ in range(2):
        await life.publish()
    out = await life.delivery(first)
    assert (out.state, out.target.account_id) == (S.PUBLISHED, spare)
    async with desk.database.reading() as reading:
        connections = await db.connections.find(reading, server_id=SERVER)
    service.listed = REFUSED
    with contextlib.suppress(CopydeskError):
        await health.read(desk, SERVER, connections[-1].id)
    assert (await life.delivery(second)).disconnected


async def test_a_refusal_of_the_content_reads_nothing(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """What is wrong with the post says nothing about its account."""
    service.listed = REFUSED
    service.to_publish.append(ContentRejectedError("Too rude."))
    post = await life.approved(THREADS)
    await life.publish()
    assert (await life.delivery(post)).state is S.FAILED
    assert (await connection(desk)).health is ConnectionHealth.GOOD


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@pytest.mark.parametrize("how", ["account", "key"])
async def test_of_many_readings_at_once_one_tells(
    life: Life, desk: Desk, service: ScriptedService, how: str
) -> None:
    """However many processes and people read a connection at the same moment, people hear once."""
    await broken(service, how)
    await asyncio.gather(*(read(desk) for _ in range(6)))
    assert await told(desk) == [E.KEY_REFUSED if how == "key" else E.ACCOUNT_LOST]
    service.listed = list(ACCOUNTS)
    await asyncio.gather(*(read(desk) for _ in range(6)))
    assert await told(desk) == [E.KEY_BACK if how == "key" else E.ACCOUNT_BACK]


async def test_every_connection_is_read_once_an_hour(
    life: Life, desk: Desk, service: ScriptedService, clock: Clock
) -> None:
    """The tick reads what was not read for an hour, and nothing sooner."""
    await read(desk)
    service.listed = REFUSED
    await watch(desk)
    assert (await connection(desk)).health is ConnectionHealth.GOOD
    clock.forward(EVERY)
    for _ in range(2):
        await watch(desk)
    assert (await connection(desk)).health is ConnectionHealth.REFUSED
    assert (await connection(desk)).checked_at == clock()
    assert await told(desk) == [E.KEY_REFUSED]


async def test_a_refusal_anywhere_has_the_connection_read(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """A question refused for the key makes the next tick look, without waiting an hour."""
    await read(desk)
    desk.breakers.heard(SERVER, 1, AccountBrokenError("401"), desk.now())
    service.listed = REFUSED
    await watch(desk)
    assert (await connection(desk)).health is ConnectionHealth.REFUSED
    assert desk.breakers.doubted() == set()


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_an_account_that_is_waited_for(
    life: Life, desk: Desk, service: ScriptedService, clock: Clock
) -> None:
    """While someone connects an account its connection is read every few seconds; when it is there,
    they are told where they asked, once. It outlives a restart: it is a row.
    """
    service.listed = list(ACCOUNTS[:2])
    await read(desk)
    await told(desk)
    joining = Joining(
        server_id=SERVER, connection_id=1, platform=THREADS, user_id=7, channel_id=CHANNEL
    )
    async with desk.database.transaction() as transaction:
        at, until = clock(), clock() + timedelta(minutes=30)
        await joinings.begin(transaction, joining, until=until, poll_at=at)
    await watch(desk)
    assert await told(desk) == []
    service.listed = list(ACCOUNTS)
    await watch(desk)  # it is not time yet
    clock.forward(JOINING_EVERY)
    await watch(desk)
    found = await notices.take(desk)
    assert {notice.event.kind for notice in found} == {E.ACCOUNT_JOINED, E.ACCOUNT_BACK}
    joined = next(item for item in found if item.event.kind is E.ACCOUNT_JOINED)
    assert joined.event.actor_id == 7
    assert joined.event.data["accounts"] == str((await account(desk)).id)
    assert joined.channels[0] == CHANNEL
    async with desk.database.reading() as reading:
        assert (await reading.execute(select(tables.joinings))).first() is None


async def test_what_is_waited_for_in_vain_ends(life: Life, desk: Desk, clock: Clock) -> None:
    """Nobody is waited for longer than half an hour."""
    joining = Joining(
        server_id=SERVER, connection_id=1, platform=Platform.YOUTUBE, user_id=7, channel_id=CHANNEL
    )
    async with desk.database.transaction() as transaction:
        until = clock() + timedelta(minutes=30)
        await joinings.begin(transaction, joining, until=until, poll_at=clock())
    clock.forward(timedelta(minutes=31))
    await watch(desk)
    async with desk.database.reading() as reading:
        assert (await reading.execute(select(tables.joinings))).first() is None


async def test_a_draft_for_a_refused_key_says_so(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Whoever writes meanwhile reads that the post would be held; it can be sent all the same."""
    service.listed = REFUSED
    await read(desk)
    seen = await examine.examine(desk, await life.write(THREADS))
    assert seen.all_problems == []
    assert any("the key behind it is refused" in item.message for item in seen.cautions)


async def test_where_a_notice_is_told(life: Life, desk: Desk, service: ScriptedService) -> None:
    """It is told where approvals are asked for, then in the fallback channel; what could not be told
    is tried again at once when a setting changes.
    """
    service.listed = REFUSED
    await read(desk)
    [notice] = await notices.take(desk)
    assert list(notice.channels) == []
    await notices.tell_later(desk, notice, trouble="No channel is set.", is_closed=True)
    assert await notices.take(desk) == []
    await configure.change(
        desk,
        server_id=SERVER,
        user_id=APPROVER,
        approvals_channel_id=5,
        fallback_channel_id=6,
    )
    [notice] = await notices.take(desk)
    assert list(notice.channels) == [5, 6]
    assert notice.tries == 2


async def cards(life: Life, post: Post) -> list[E]:
    """The kinds of events of a post."""
    return [event.kind for event in await life.events(post)]


async def test_only_what_waits_there_is_told(
    life: Life, desk: Desk, service: ScriptedService
) -> None:
    """Cards of posts for other accounts are left alone."""
    waits = await life.approved(THREADS, when="in 1 hour")
    other = await life.approved(Platform.FACEBOOK, when="in 1 hour")
    service.listed = listed(usable=False)
    await read(desk)
    assert E.ACCOUNT_LOST in await cards(life, waits)
    assert E.ACCOUNT_LOST not in await cards(life, other)
