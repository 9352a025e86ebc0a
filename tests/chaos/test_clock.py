"""The clock put an hour forward and back: nothing twice, and nothing stuck for ever."""

from datetime import timedelta

import pytest

from bot.domain import pace
from bot.domain.delivery import OPEN, DeliveryState
from bot.domain.platform import Platform
from bot.errors import OutcomeUnknownError, TryLaterError
from bot.workflow import announce
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from providers.capabilities import Idempotency
from tests.factories import a_video
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
HOUR = timedelta(hours=1)
STEPS = pytest.mark.parametrize("step", [HOUR, -HOUR], ids=["forward", "back"])


async def live_on(life: Life, clock: Clock, hours: float = 2.0) -> None:
    """Let the machine tick for a while, once every five minutes."""
    publisher = Publisher(life.desk)
    for _ in range(int(hours * 12)):
        await publisher.tick()
        await publisher.resolve()
        await publisher.drain(5)
        await life.track()
        clock.forward(timedelta(minutes=5))


@STEPS
async def test_while_it_waits_for_its_time(
    life: Life, service: ScriptedService, clock: Clock, step: timedelta
) -> None:
    """A post goes out once, or is missed and told, whatever the clock does before its time."""
    post = await life.approved(Platform.THREADS, when="in 2 hours")
    clock.forward(step)
    await live_on(life, clock, 4)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1
    assert await life.settled(post) == 1


@STEPS
@pytest.mark.parametrize("kind", list(Idempotency))
async def test_during_a_call(
    life: Life,
    service: ScriptedService,
    clock: Clock,
    desk: Desk,
    step: timedelta,
    kind: Idempotency,
) -> None:
    """A call under way is neither made again nor taken for lost, and its result is told once."""
    service.can(idempotency=kind)
    service.gate.clear()
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    await publisher.tick()
    await service.called.wait()
    clock.forward(step)
    await publisher.tick()
    await publisher.resolve()
    assert (await life.delivery(post)).state is S.SUBMITTING
    service.gate.set()
    await publisher.drain(5)
    await live_on(life, clock)
    assert await life.settled(post) == 1
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 1


@STEPS
async def test_while_it_backs_off(
    life: Life, service: ScriptedService, clock: Clock, step: timedelta
) -> None:
    """What waits to be tried again is, once the clock has come by; or it is told that it failed."""
    service.to_publish.extend([TryLaterError("Busy."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    clock.forward(step)
    await live_on(life, clock)
    assert (await life.delivery(post)).state in (S.PUBLISHED, S.FAILED, S.MISSED)
    assert len(service.submissions) <= 2
    assert await life.settled(post) == 1


@STEPS
@pytest.mark.parametrize("kind", list(Idempotency))
async def test_while_it_finds_out(
    life: Life, service: ScriptedService, clock: Clock, step: timedelta, kind: Idempotency
) -> None:
    """A lost call is made again under its key only, or people are asked; it stays open no longer
    than the clock was wrong.
    """
    service.can(idempotency=kind, idempotency_window=HOUR)
    service.to_publish.extend([OutcomeUnknownError("Reset."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    clock.forward(step)
    await live_on(life, clock)
    assert (await life.delivery(post)).state in (S.PUBLISHED, S.UNKNOWN)
    assert len({call.key for call in service.submissions}) == 1
    assert kind is not Idempotency.NONE or len(service.submissions) == 1
    assert await life.settled(post) == 1


@STEPS
async def test_while_a_service_works_on_it(
    life: Life, service: ScriptedService, clock: Clock, step: timedelta
) -> None:
    """What was accepted is asked about again, and told once."""
    service.to_publish.append(ACCEPTED)
    post = await life.approved(Platform.TIKTOK, media=[a_video()])
    await life.publish()
    clock.forward(step)
    await live_on(life, clock)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert await life.settled(post) == 1


@STEPS
async def test_while_it_is_found_out(
    life: Life, service: ScriptedService, clock: Clock, step: timedelta
) -> None:
    """A lost call that is being made again under its key is not made a third time."""
    service.can(idempotency=Idempotency.KEY)
    service.to_publish.extend([OutcomeUnknownError("Reset."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(life.desk)
    await publisher.tick()
    await publisher.drain(5)
    clock.forward(timedelta(minutes=5))
    service.gate.clear()
    service.called.clear()
    await publisher.resolve()
    await service.called.wait()
    clock.forward(step)
    await publisher.resolve()
    service.gate.set()
    await publisher.drain(5)
    await live_on(life, clock)
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert len(service.submissions) == 2
    assert await life.settled(post) == 1


@STEPS
async def test_while_something_is_told(
    life: Life, clock: Clock, desk: Desk, step: timedelta
) -> None:
    """What was taken to be told by a process that died is taken again, as tried before."""
    post = await life.approved(Platform.THREADS)
    await announce.take(desk)
    clock.forward(step)
    clock.forward(HOUR + pace.TELL_LEASE)
    [telling] = await announce.take(desk)
    assert (telling.post.id, telling.tries) == (post.id, 2)


@STEPS
async def test_restart(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk, step: timedelta
) -> None:
    """A start takes up what a dead process held at once, whatever the clock did meanwhile."""
    post = await life.approved(Platform.THREADS)
    publisher = Publisher(desk)
    service.gate.clear()
    await publisher.tick()
    await service.called.wait()
    clock.forward(step)
    again = Publisher(desk)
    await again.resolve(everything=True)
    await announce.take_back(desk)
    assert (await life.delivery(post)).state not in OPEN
    assert await announce.take(desk)
    service.gate.set()
    await publisher.drain(5)
    assert len(service.submissions) == 1
