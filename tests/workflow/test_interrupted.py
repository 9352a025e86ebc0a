"""Calls that are cut off, or outlive their lease: never made again, and their results not lost."""

import asyncio
from datetime import timedelta

import pytest

import db.moves
from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import (
    ContentRejectedError,
    OutcomeUnknownError,
    TryLaterError,
)
from bot.workflow import claim, lapse, record
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from providers.submission import Receipt
from tests.factories import a_video
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
DAY = timedelta(days=1)


async def test_crash_after_the_claim(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A process that died after its claim leaves an unknown outcome, never a second call."""
    post = await life.approved(Platform.THREADS)
    assert await claim.take_due(desk, free={})
    await lapse.reap(desk)
    assert (await life.delivery(post)).state is S.SUBMITTING  # it may live: its lease runs
    clock.forward(pace.LEASE)
    await lapse.reap(desk)
    await life.publish()
    unknown = await life.delivery(post)
    assert unknown.state is S.UNKNOWN
    assert unknown.reason == "Copydesk stopped during the call: it may have gone out or not."
    assert service.submissions == []
    assert await life.ledger() == [("interrupted", "")]
    assert await life.settled(post) == 1


async def test_start_reaps_all(life: Life, desk: Desk) -> None:
    """Where no other process can live, a start waits for no lease."""
    post = await life.approved(Platform.THREADS)
    await claim.take_due(desk, free={})
    await lapse.reap(desk, everything=True)
    assert (await life.delivery(post)).state is S.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (PUBLISHED, S.PUBLISHED),
        (ContentRejectedError("Too rude."), S.FAILED),
        (OutcomeUnknownError("Reset."), S.UNKNOWN),
        (TryLaterError("Away."), S.UNKNOWN),  # people may have written it anew by now
    ],
)
async def test_slow_call_that_lives(
    life: Life,
    service: ScriptedService,
    clock: Clock,
    desk: Desk,
    answer: Receipt | Exception,
    state: DeliveryState,
) -> None:
    """A call that ends after its lease was reaped still tells its result, and it is told again."""
    service.to_publish.append(answer)
    service.gate.clear()
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    clock.forward(pace.LEASE)
    await lapse.reap(desk)
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert await life.settled(post) == 1
    service.gate.set()
    await publisher.drain(5)
    assert (await life.delivery(post)).state is state
    assert await life.settled(post) == (1 if state is S.UNKNOWN else 2)
    assert len(service.submissions) == 1


async def test_slow_call_that_is_processed(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A late acceptance is followed to its end, which is told."""
    service.to_publish.append(ACCEPTED)
    post = await life.approved(Platform.TIKTOK, media=[a_video()])
    [claimed] = await claim.take_due(desk, free={})
    await lapse.reap(desk, everything=True)
    receipt = db.moves.Move(
        delivery_id=claimed.deliveries[0].id,
        expected=S.SUBMITTING,
        to=S.SUBMITTED,
        attempt_id=claimed.attempt_id,
        remote_id="remote-1",
        submitted_at=clock(),
        poll_at=clock(),
    )
    outcome = record.Outcome(deliveries=claimed.deliveries, moves=[receipt])
    async with desk.database.transaction() as transaction:
        await record.write(transaction, [outcome], now=clock())
    assert await life.settled(post) == 1
    await life.track()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert await life.settled(post) == 2


async def test_drain_lets_calls_end(life: Life, service: ScriptedService, desk: Desk) -> None:
    """A stop waits for a call that ends soon."""
    service.gate.clear()
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    draining = asyncio.create_task(publisher.drain(5))
    service.gate.set()
    await draining
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_drain_records_what_it_cuts_off(
    life: Life, service: ScriptedService, desk: Desk
) -> None:
    """A call that a stop must cut off is written down as unknown before the process ends."""
    service.gate.clear()
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    await publisher.drain(0.01)
    cut = await life.delivery(post)
    assert cut.state is S.UNKNOWN
    assert cut.reason == "Copydesk was stopped while the service had not answered yet."
