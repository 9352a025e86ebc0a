"""Calls whose answer was lost: what the machine finds out by itself, and when it asks people."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import ContentRejectedError, OutcomeUnknownError, ProtocolBrokenError, TryLaterError
from bot.workflow import claim
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from db.tables import deliveries, revisions
from providers.capabilities import Idempotency
from tests.life import Life
from tests.scripted import NOT_FOUND, PUBLISHED, Clock, ScriptedService

S = DeliveryState
LOST = OutcomeUnknownError("Reset.")
MINUTE = timedelta(minutes=1)


async def resolve(desk: Desk, *, everything: bool = False) -> None:
    """Let the machine find out what it can now."""
    publisher = Publisher(desk)
    await publisher.resolve(everything=everything)
    await publisher.drain(5)


@pytest.fixture
def idempotent(service: ScriptedService) -> ScriptedService:
    """Take the same key for the same post."""
    service.can(idempotency=Idempotency.KEY)
    return service


@pytest.fixture
def readable(service: ScriptedService) -> ScriptedService:
    """Keep records in which a lost call can be looked for."""
    service.can(reconciles=True)
    return service


@pytest.mark.parametrize("trouble", [LOST, ProtocolBrokenError("No JSON.")])
async def test_an_idempotent_service_is_asked_again_under_the_same_key(
    life: Life, idempotent: ScriptedService, clock: Clock, desk: Desk, trouble: Exception
) -> None:
    """Where the key makes it safe, a lost call is made again, and nobody is asked."""
    idempotent.to_publish.extend([trouble, PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    waiting = await life.delivery(post)
    assert waiting.state is S.SUBMITTING
    assert "finding out" in waiting.remedy
    assert await life.settled(post) == 0
    await resolve(desk)
    assert len(idempotent.submissions) == 1  # its time has not come
    clock.forward(MINUTE)
    await resolve(desk)
    assert (await life.delivery(post)).state is S.PUBLISHED
    first, second = idempotent.submissions
    assert first.key == second.key
    assert await life.settled(post) == 1
    assert [outcome for outcome, _ in await life.ledger()] == ["unknown", "accepted"]


async def test_a_process_that_died_during_a_call_asks_again_where_it_is_safe(
    life: Life, idempotent: ScriptedService, desk: Desk
) -> None:
    """A restart repeats what an idempotent service may have got, under the same key."""
    post = await life.approved(Platform.THREADS)
    [cut_off] = await claim.take_due(desk, free={})
    await resolve(desk, everything=True)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert [call.key for call in idempotent.submissions] == [cut_off.key]


@pytest.mark.parametrize("answer", [TryLaterError("Busy."), ContentRejectedError("A conflict.")])
async def test_a_repeat_that_fails_says_nothing_about_the_first_call(
    life: Life, idempotent: ScriptedService, clock: Clock, desk: Desk, answer: Exception
) -> None:
    """The first call may have been accepted, so people are asked in the end, not told it failed."""
    idempotent.to_publish.extend([LOST, answer])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    for _ in range(40):
        clock.forward(MINUTE)
        await resolve(desk)
    unknown = await life.delivery(post)
    assert unknown.state is S.UNKNOWN
    assert unknown.remedy
    calls = len(idempotent.submissions)
    clock.forward(timedelta(days=1))
    await resolve(desk)
    assert len(idempotent.submissions) == calls  # and it stays so
    assert calls < 20
    assert await life.settled(post) == 1


async def test_a_key_that_lapses_is_not_used_after_its_window(
    life: Life, idempotent: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A service that remembers keys for five minutes is not called again after them."""
    idempotent.can(idempotency=Idempotency.WINDOW, idempotency_window=timedelta(minutes=5))
    idempotent.to_publish.append(LOST)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    clock.forward(timedelta(minutes=5))
    await resolve(desk)
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert len(idempotent.submissions) == 1


async def test_a_lost_call_is_looked_for_in_the_records(
    life: Life, readable: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """What the service's records show counts, and nothing is sent again."""
    readable.to_publish.append(LOST)
    readable.to_find.extend([NOT_FOUND, PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    for _ in range(2):
        clock.forward(MINUTE)
        await resolve(desk)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(readable.submissions) == 1
    assert len(readable.searches) == 2


async def test_records_that_show_nothing_prove_nothing(
    life: Life, readable: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """After the budget people are asked, and nothing was sent again."""
    readable.to_publish.append(LOST)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    for _ in range(40):
        clock.forward(MINUTE)
        await resolve(desk)
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert len(readable.submissions) == 1
    assert await life.settled(post) == 1


async def test_a_call_cut_off_long_ago_is_looked_for_once(
    life: Life, readable: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A process that was away for long still looks once before it asks people."""
    post = await life.approved(Platform.THREADS)
    await claim.take_due(desk, free={})
    clock.forward(pace.RETRY_BUDGET * 3)
    readable.to_find.append(PUBLISHED)
    await resolve(desk, everything=True)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert readable.submissions == []


async def test_a_lost_call_is_not_repeated_with_other_content(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """What was approved and perhaps sent is never sent again as something else, under no key."""
    service.can(idempotency=Idempotency.KEY)
    service.to_publish.extend([OutcomeUnknownError("Reset."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(revisions).values(caption="Unapproved"))
    await find_out(desk, clock)
    assert [call.caption for call in service.submissions] == ["Hello"]
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert await life.settled(post) == 1


async def test_a_lost_call_of_a_post_that_was_stopped_is_not_repeated(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Nobody wants it to go out any more, so people are asked whether it did."""
    service.can(idempotency=Idempotency.KEY)
    service.to_publish.extend([OutcomeUnknownError("Reset."), PUBLISHED])
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK)
    accounts = {item.target.platform: item.id for item in await life.deliveries(post)}
    async with desk.database.transaction() as transaction:
        await transaction.execute(
            update(deliveries)
            .where(deliveries.c.id == accounts[Platform.FACEBOOK])
            .values(try_at=clock() + timedelta(hours=1))
        )
    await life.publish()
    await life.cancel(post)
    await find_out(desk, clock)
    assert len(service.submissions) == 1
    states = {item.target.platform: item.state for item in await life.deliveries(post)}
    assert states == {Platform.THREADS: S.UNKNOWN, Platform.FACEBOOK: S.CANCELLED}


async def find_out(desk: Desk, clock: Clock) -> None:
    """Let half an hour pass in which lost calls are found out about."""
    publisher = Publisher(desk)
    for _ in range(6):
        clock.forward(timedelta(minutes=5))
        await publisher.resolve()
        await publisher.drain(5)
