"""The late policy: what is too late does not go out by itself, and people are asked."""

from datetime import timedelta

import pytest
from sqlalchemy import event

import db.claims
from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.errors import InputError, TryLaterError
from bot.workflow import claim, configure, recover
from bot.workflow.desk import Desk
from bot.workflow.recover import Answerer
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import PUBLISHED, Clock, ScriptedService

S = DeliveryState
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BY = Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


async def allow(desk: Desk, minutes: int) -> None:
    """Say how late posts may go out."""
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, late_minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "late"),
    [
        (None, 15 * MINUTE),
        (0, MINUTE),  # times are minutes, and a tick is never early
        (1, MINUTE),
        (90, 90 * MINUTE),
        (1440, 1440 * MINUTE),
    ],
)
async def test_how_late_a_post_may_go_out(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk, minutes: int, late: timedelta
) -> None:
    """Up to the minutes the server allows a post goes out; a moment later it is missed."""
    if minutes is not None:
        await allow(desk, minutes)
    in_time = await life.approved(Platform.THREADS, when="in 1 minute")
    clock.forward(MINUTE + late)
    await life.publish()
    assert (await life.delivery(in_time)).state is S.PUBLISHED

    too_late = await life.approved(Platform.THREADS, when="in 1 minute")
    clock.forward(MINUTE + late + SECOND)
    await life.publish()
    missed = await life.delivery(too_late)
    assert missed.state is S.MISSED
    assert missed.reason == f"It was more than {15 if minutes is None else minutes} min late."
    assert "What to do" in missed.remedy
    assert len(service.submissions) == 1


async def test_what_is_missed_is_told_once(life: Life, clock: Clock) -> None:
    """A missed delivery moves with its event, and its post is settled once."""
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 1 minute")
    clock.forward(timedelta(hours=1))
    for _ in range(3):
        await life.publish()
    told = [item for item in await life.events(post) if item.kind is EventKind.PROGRESSED]
    assert [item.data["state"] for item in told] == ["missed", "missed"]
    assert all(item.data["reason"] for item in told)
    assert await life.settled(post) == 1


async def test_lateness_is_the_servers_own(desk: Desk, life: Life, clock: Clock) -> None:
    """What one server allows changes nothing for another."""
    await configure.change(desk, server_id=SERVER + 1, user_id=APPROVER, late_minutes=1440)
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    clock.forward(timedelta(minutes=17))
    await life.publish()
    assert (await life.delivery(post)).state is S.MISSED


@pytest.mark.parametrize("minutes", [-1, 1441])
async def test_lateness_has_bounds(desk: Desk, minutes: int) -> None:
    """Nobody allows more than a day, or less than nothing."""
    with pytest.raises(InputError, match="from 0 to 1440"):
        await allow(desk, minutes)


async def test_a_claim_never_takes_what_is_too_late(life: Life, clock: Clock, desk: Desk) -> None:
    """Even where nothing was marked as missed before, what is too late is not claimed."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    clock.forward(timedelta(hours=1))
    async with desk.database.transaction() as transaction:
        taken = await db.claims.claim_due(
            transaction,
            now=clock(),
            lease_until=clock() + MINUTE,
            free={},
            calls_at_once={"wahdx": 4},
        )
    assert taken == []
    assert (await life.delivery(post)).state is S.WAITING


async def test_a_retry_keeps_its_own_budget(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """What was tried in time is tried on past the minutes that posts may be late."""
    await allow(desk, 0)
    service.to_publish.extend([TryLaterError("Refused.")] * 4 + [PUBLISHED])
    post = await life.approved(Platform.THREADS)
    for _ in range(12):
        await life.publish()
        clock.forward(MINUTE)
    assert (await life.delivery(post)).state is S.PUBLISHED


@pytest.mark.parametrize(
    ("allowed", "away", "state"),
    [
        (15, pace.RETRY_BOUND, S.PUBLISHED),
        (15, pace.RETRY_BOUND + 2 * MINUTE, S.MISSED),
        (1440, timedelta(hours=20), S.PUBLISHED),
    ],
)
async def test_a_retry_after_a_long_stop(
    life: Life,
    service: ScriptedService,
    clock: Clock,
    desk: Desk,
    allowed: int,
    away: timedelta,
    state: DeliveryState,
) -> None:
    """What was tried does not go out hours later, unless the server allows posts to be that late."""
    await allow(desk, allowed)
    service.to_publish.extend([TryLaterError("Refused."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    clock.forward(away)
    await life.publish()
    ended = await life.delivery(post)
    assert ended.state is state
    if state is S.MISSED:
        assert ended.reason == "It was more than 15 min late. Refused."


async def test_many_late_posts_take_as_many_statements_as_one(
    life: Life, clock: Clock, desk: Desk
) -> None:
    """A hundred that are late at once are moved, told and settled together."""

    async def statements() -> int:
        clock.forward(timedelta(hours=1))
        sent = 0

        def count(*_: object) -> None:
            nonlocal sent
            sent += 1

        engine = desk.database._writer.sync_engine
        event.listen(engine, "before_cursor_execute", count)
        assert await claim.take_due(desk, free={}) == []
        event.remove(engine, "before_cursor_execute", count)
        return sent

    one = await life.approved(Platform.THREADS, when="in 1 minute")
    for_one = await statements()
    many = [
        await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 1 minute")
        for _ in range(50)
    ]
    assert await statements() == for_one < 12
    for post in [one, *many]:
        assert {item.state for item in await life.deliveries(post)} == {S.MISSED}
        assert await life.settled(post) == 1


async def test_people_have_what_was_missed_go_out_now(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """What people send now is not late any more, and goes out once."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    clock.forward(timedelta(hours=1))
    await life.publish()
    missed = await life.delivery(post)
    await recover.publish_again(desk, BY, [missed.id])
    for _ in range(2):
        await life.publish()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1
    assert await life.settled(post) == 2
