"""Failover: a definite refusal, and nothing else, sends a post through the backup, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

import db.takeovers
from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.domain.server import RemoteAccount
from bot.domain.times import Timing
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from bot.workflow import backups, configure, lapse, recover
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from bot.workflow.recover import Answerer
from bot.workflow.warn import Warner
from db.tables import accounts
from providers.capabilities import Idempotency, Schedule
from providers.submission import Receipt
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import ACCOUNTS, PUBLISHED, SCHEDULED, START, Clock, ScriptedService

S = DeliveryState
HOUR = timedelta(hours=1)
RUDE = ContentRejectedError("Too rude.", remedy="Be nice.")
PAUL = Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
ELSEWHERE = [
    RemoteAccount(remote_id="th-2", platform=Platform.THREADS, name="Talk", username="talk")
]

on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


@pytest.fixture
async def pair(life: Life, service: ScriptedService, desk: Desk) -> tuple[int, int]:
    """Have two connections for one Threads account, the second the backup; failover is on."""
    main = (await life.connect())[Platform.THREADS]
    service.listed = ELSEWHERE
    spare = (await life.connect("sk_another_0123456789"))[Platform.THREADS]
    await choose(desk, main, spare)
    await switch(desk, on=True)
    return main, spare


async def choose(desk: Desk, account: int, backup: int | None) -> None:
    """Have an admin name a backup."""
    await backups.choose(
        desk, server_id=SERVER, user_id=APPROVER, account_id=account, backup_id=backup
    )


async def switch(desk: Desk, *, on: bool) -> None:
    """Have an admin turn failover on or off."""
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, failover=on)


async def break_account(desk: Desk, account: int) -> None:
    """Make an account one that must be reconnected."""
    async with desk.database.transaction() as transaction:
        await transaction.execute(
            update(accounts).where(accounts.c.id == account).values(usable=False)
        )


def asked(service: ScriptedService) -> list[str]:
    """The accounts of all calls that were made, by the ids their service has for them."""
    return [to.remote_id for call in service.submissions for to in call.recipients]


async def kinds(life: Life, post: Post) -> list[EventKind]:
    """What happened to a post."""
    return [event.kind for event in await life.events(post)]


@on_both_engines
@pytest.mark.parametrize("refusal", [RUDE, AccountBrokenError("Expired.")])
async def test_a_refusal_goes_to_the_backup(
    life: Life, service: ScriptedService, pair: tuple[int, int], refusal: Exception
) -> None:
    """What one account definitely refused goes out once through the other, and is told once."""
    service.to_publish.extend([refusal, PUBLISHED])
    post = await life.approved(accounts=pair[:1])
    await life.publish()
    given = await life.delivery(post)
    assert (given.state, given.target.account_id) == (S.WAITING, pair[1])
    assert (given.attempts, given.tried_since, given.target.backup) == (0, None, None)
    assert given.takeover in str(refusal)
    assert await life.settled(post) == 0
    for _ in range(2):
        await life.publish()
    out = await life.delivery(post)
    assert (out.state, out.takeover, out.reason) == (S.PUBLISHED, given.takeover, "")
    assert asked(service) == ["th", "th-2"]
    assert len({call.key for call in service.submissions}) == 2
    assert [outcome for outcome, _ in await life.ledger()] == ["failed", "accepted"]
    assert await life.settled(post) == 1
    [event] = [item for item in await life.events(post) if item.kind is EventKind.FAILED_OVER]
    assert event.data["backup"] == "Threads · Talk"
    assert event.data["reason"] == given.takeover


@on_both_engines
async def test_both_refuse(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk
) -> None:
    """Where the backup refuses as well, the delivery fails: it never goes back and forth."""
    await choose(desk, pair[1], pair[0])
    service.to_publish.append(RUDE)
    post = await life.approved(accounts=pair[:1])
    for _ in range(4):
        await life.publish()
    failed = await life.delivery(post)
    assert (failed.state, failed.reason, failed.remedy) == (S.FAILED, "Too rude.", "Be nice.")
    assert asked(service) == ["th", "th-2"]
    assert await life.settled(post) == 1


@on_both_engines
async def test_of_one_call_only_what_has_a_backup_is_given_on(
    life: Life, service: ScriptedService, pair: tuple[int, int]
) -> None:
    """Of two accounts refused in one call, one is given to its backup, the other has failed."""
    service.can(accounts_per_submission=10)
    service.to_publish.extend([RUDE, PUBLISHED])
    post = await life.approved(Platform.FACEBOOK, accounts=pair[:1])
    for _ in range(2):
        await life.publish()
    states = {item.target.remote_id: item.state for item in await life.deliveries(post)}
    assert states == {"th-2": S.PUBLISHED, "fb": S.FAILED}
    assert sorted(asked(service)) == ["fb", "th", "th-2"]
    assert await life.settled(post) == 1


@on_both_engines
@pytest.mark.parametrize("trouble", [OutcomeUnknownError("Reset."), ProtocolBrokenError("Odd.")])
async def test_never_after_unknown(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk, trouble: Exception
) -> None:
    """What may be out is never given on, not even when people say it is not and it is refused:
    a service also refuses what it has already.
    """
    service.to_publish.extend([trouble, RUDE])
    post = await life.approved(accounts=pair[:1])
    await life.publish()
    unknown = await life.delivery(post)
    assert unknown.state is S.UNKNOWN
    await recover.publish_again(desk, PAUL, [unknown.id])
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.FAILED
    assert asked(service) == ["th", "th"]


async def test_a_repeated_call_is_no_reason(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk, clock: Clock
) -> None:
    """A refusal under a key that may have been accepted before says nothing about the first call."""
    service.can(idempotency=Idempotency.KEY)
    service.to_publish.extend([OutcomeUnknownError("Reset."), RUDE])
    post = await life.approved(accounts=pair[:1])
    await life.publish()
    publisher = Publisher(desk)
    for _ in range(40):
        clock.forward(timedelta(minutes=1))
        await publisher.resolve()
        await publisher.drain(5)
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert set(asked(service)) == {"th"}


@on_both_engines
async def test_a_refusal_that_comes_too_late(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk, clock: Clock
) -> None:
    """When people were asked before the refusal came, it is told, and the backup stays out of it."""
    service.to_publish.append(RUDE)
    service.gate.clear()
    post = await life.approved(accounts=pair[:1])
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    clock.forward(pace.LEASE)
    await lapse.reap(desk)
    assert (await life.delivery(post)).state is S.UNKNOWN
    service.gate.set()
    await publisher.drain(5)
    await life.publish()
    failed = await life.delivery(post)
    assert (failed.state, failed.target.account_id) == (S.FAILED, pair[0])
    assert asked(service) == ["th"]


async def test_being_kept_waiting_is_no_refusal(
    life: Life, service: ScriptedService, pair: tuple[int, int], clock: Clock
) -> None:
    """A service that is away is waited for; after the budget it has failed, and people decide."""
    service.to_publish.append(TryLaterError("Away."))
    post = await life.approved(accounts=pair[:1])
    for _ in range(200):
        await life.publish()
        clock.forward(timedelta(minutes=5))
    failed = await life.delivery(post)
    assert (failed.state, failed.target.account_id) == (S.FAILED, pair[0])
    assert set(asked(service)) == {"th"}


async def test_no_call_is_no_refusal(
    life: Life,
    service: ScriptedService,
    pair: tuple[int, int],
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no call could be made, since the connection is gone, nobody refused anything."""

    async def gone(_server_id: int, _connection_id: int) -> None:
        raise NotFoundError("The connection is gone.")

    post = await life.approved(accounts=pair[:1])
    with monkeypatch.context() as patched:
        patched.setattr(desk.services, "of", gone)
        await life.publish()
    await life.publish()
    failed = await life.delivery(post)
    assert (failed.state, failed.target.account_id) == (S.FAILED, pair[0])
    assert asked(service) == []


async def test_what_its_service_knows_stays_there(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk
) -> None:
    """What a service accepted and then failed is not given on, whoever refuses what afterwards."""
    service.to_publish.extend([Receipt(state=S.FAILED, remote_id="remote-1", reason="No."), RUDE])
    post = await life.approved(accounts=pair[:1])
    await life.publish()
    failed = await life.delivery(post)
    assert (failed.state, failed.remote_id) == (S.FAILED, "remote-1")
    await recover.publish_again(desk, PAUL, [failed.id])
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.FAILED
    assert asked(service) == ["th", "th"]


async def test_off_by_default(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk
) -> None:
    """Without the setting no post gets a backup, and what is refused has failed."""
    await switch(desk, on=False)
    service.to_publish.append(RUDE)
    post = await life.approved(accounts=pair[:1])
    assert post.content.targets[0].backup is None
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.FAILED
    assert asked(service) == ["th"]


@on_both_engines
@pytest.mark.parametrize("change", ["switched off", "cleared", "broken"])
async def test_what_changed_since_the_approval_counts(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk, change: str
) -> None:
    """A backup that was approved is left alone when an admin or its service has taken it back."""
    main, spare = pair
    service.to_publish.append(RUDE)
    post = await life.approved(accounts=[main])
    if change == "switched off":
        await switch(desk, on=False)
    elif change == "cleared":
        await choose(desk, main, None)
    else:
        await break_account(desk, spare)
    for _ in range(2):
        await life.publish()
    failed = await life.delivery(post)
    assert (failed.state, failed.reason, failed.takeover) == (S.FAILED, "Too rude.", "")
    assert asked(service) == ["th"]
    assert EventKind.FAILED_OVER not in await kinds(life, post)
    assert await life.settled(post) == 1


@on_both_engines
async def test_killed_before_the_refusal_is_recorded(
    life: Life,
    service: ScriptedService,
    pair: tuple[int, int],
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The refusal and what follows from it are one transaction: cut off within it, all of it is
    undone, and as nobody knows of a refusal then, people are asked and nothing is sent again.
    """
    make = db.takeovers.make

    async def killed(transaction, steps) -> None:
        await make(transaction, steps)
        raise OSError("The process is gone.")

    service.to_publish.append(RUDE)
    post = await life.approved(accounts=pair[:1])
    with monkeypatch.context() as patched:
        patched.setattr(db.takeovers, "make", killed)
        await life.publish()
    under_way = await life.delivery(post)
    assert (under_way.state, under_way.target.account_id) == (S.SUBMITTING, pair[0])
    assert under_way.target.backup is not None
    assert await life.ledger() == [(None, "")]
    assert EventKind.FAILED_OVER not in await kinds(life, post)
    await lapse.reap(desk, everything=True)
    await life.publish()
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert asked(service) == ["th"]
    assert await life.settled(post) == 1


async def test_what_was_missed_keeps_its_backup(
    life: Life, service: ScriptedService, pair: tuple[int, int], desk: Desk, clock: Clock
) -> None:
    """What never left and is published late after all goes to the backup when it is refused."""
    service.to_publish.extend([RUDE, PUBLISHED])
    post = await life.approved(accounts=pair[:1])
    clock.forward(HOUR)
    await life.publish()
    missed = await life.delivery(post)
    assert missed.state is S.MISSED
    await recover.publish_again(desk, PAUL, [missed.id])
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert asked(service) == ["th", "th-2"]


@pytest.mark.parametrize("keeps_times", [True, False])
async def test_a_time_that_a_service_was_to_keep(
    life: Life,
    service: ScriptedService,
    pair: tuple[int, int],
    clock: Clock,
    keeps_times: bool,
) -> None:
    """Refused when it was handed over early, a post is handed to the backup early too; where that
    one keeps no times, it waits here.
    """
    window = Schedule(lead=timedelta(minutes=5), horizon=timedelta(days=30))
    service.can(schedule=window)
    service.to_publish.extend([RUDE, SCHEDULED if keeps_times else PUBLISHED])
    post = await life.approved(accounts=pair[:1], when="in 2 hours", timing=Timing.SERVICE)
    service.gate.clear()
    publisher = Publisher(life.desk)
    await publisher.tick()
    await service.called.wait()
    service.can(schedule=window if keeps_times else None)  # from here on it is the backup
    service.gate.set()
    await publisher.drain(5)
    assert (await life.delivery(post)).timing is (Timing.SERVICE if keeps_times else Timing.HERE)
    await life.publish()
    assert len(service.submissions) == 1 + keeps_times
    clock.forward(0 * HOUR if keeps_times else 2 * HOUR)
    await life.publish()
    assert asked(service) == ["th", "th-2"]
    assert [call.at for call in service.submissions] == [
        START + 2 * HOUR,
        START + 2 * HOUR if keeps_times else None,
    ]
    after = S.SCHEDULED_AT_PROVIDER if keeps_times else S.PUBLISHED
    assert (await life.delivery(post)).state is after


async def warned(life: Life, clock: Clock, post: Post) -> str:
    """Check a post that is due in 30 hours, a day ahead; what is told."""
    clock.forward(7 * HOUR)
    warner = Warner(life.desk)
    await warner.tick()
    await warner.drain(5)
    kept = {EventKind.CHECKED, EventKind.WARNED}
    [event] = [item for item in await life.events(post) if item.kind in kept]
    return event.data.get("problems", "")


def answer_by_key(
    service: ScriptedService, main: RemoteAccount | Exception, spare: RemoteAccount | Exception
) -> None:
    """Have the first connection list one thing from now on, and the second another."""
    answers = [main, spare]

    async def accounts() -> list[RemoteAccount]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return [answer]

    service.accounts = accounts  # pyright: ignore[reportAttributeAccessIssue]


[_MAIN] = [item for item in ACCOUNTS if item.remote_id == "th"]
_NO_MORE = replace(ELSEWHERE[0], usable=False)


@pytest.mark.parametrize(
    ("spare", "said"),
    [
        (AccountBrokenError("The key is refused.", remedy="Make a new one."), "key is refused"),
        (TryLaterError("Away."), "it cannot be asked now"),
        (_NO_MORE, "must be reconnected"),
        (replace(ELSEWHERE[0], expires_soon=True), "about to be disconnected"),
    ],
)
async def test_a_warning_looks_at_the_backup(
    life: Life,
    service: ScriptedService,
    pair: tuple[int, int],
    clock: Clock,
    spare: RemoteAccount | Exception,
    said: str,
) -> None:
    """What would keep the backup from taking over is told ahead of the time, named as its."""
    post = await life.approved(accounts=pair[:1], when="in 30 hours")
    answer_by_key(service, _MAIN, spare)
    [problem] = (await warned(life, clock, post)).splitlines()
    assert problem.startswith("Threads · Talk (WAHDX): its backup via WAHDX: ")
    assert said in problem


async def test_a_backup_that_may_not_take_over_warns_of_nothing(
    life: Life, service: ScriptedService, pair: tuple[int, int], clock: Clock, desk: Desk
) -> None:
    """Where failover was turned off, a broken backup is in nobody's way."""
    post = await life.approved(accounts=pair[:1], when="in 30 hours")
    await switch(desk, on=False)
    answer_by_key(service, _MAIN, _NO_MORE)
    assert await warned(life, clock, post) == ""


async def test_a_warning_after_a_takeover(
    life: Life, service: ScriptedService, pair: tuple[int, int], clock: Clock, desk: Desk
) -> None:
    """What its backup took over ahead of its time is checked there, and not where it was refused."""
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, timing=Timing.SERVICE)
    service.can(schedule=Schedule(lead=pace.LEASE, horizon=40 * HOUR))
    service.to_publish.append(RUDE)
    post = await life.approved(accounts=pair[:1], when="in 30 hours")
    await life.publish()
    assert (await life.delivery(post)).target.account_id == pair[1]
    answer_by_key(service, AccountBrokenError("The key is refused."), ELSEWHERE[0])
    assert await warned(life, clock, post) == ""
