"""Holding back what was approved, until the call leaves, and letting it go."""

from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.errors import ConflictError, NotAllowedError
from bot.workflow import catch_up, hold
from bot.workflow.desk import Desk
from tests.factories import APPROVER
from tests.life import Life
from tests.scripted import Clock, ScriptedService

S = DeliveryState


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_held_and_let_go(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService
) -> None:
    """What is held does not go out at its time; let go, it goes out."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    await hold.hold(desk, life.voter(), post)
    assert (await life.delivery(post)).state is S.HELD
    assert (await catch_up.ballot(desk, post)).held_by == APPROVER
    clock.forward(timedelta(minutes=2))
    await life.publish()
    assert service.submissions == []
    await hold.release(desk, life.voter(), post)
    await life.publish()
    assert len(service.submissions) == 1
    assert (await catch_up.ballot(desk, post)).held_by is None
    kinds = [event.kind for event in await life.events(post)]
    assert [kind for kind in kinds if kind in (EventKind.HELD, EventKind.RELEASED)] == [
        EventKind.HELD,
        EventKind.RELEASED,
    ]


async def test_let_go_too_late(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService
) -> None:
    """The late policy holds for what is let go: people are asked."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    await hold.hold(desk, life.voter(), post)
    clock.forward(timedelta(hours=2))
    await hold.release(desk, life.voter(), post)
    await life.publish()
    assert (await life.delivery(post)).state is S.MISSED
    assert service.submissions == []


async def test_what_left_is_not_held(life: Life, desk: Desk) -> None:
    """Once the call has left there is nothing to hold, and nothing to let go."""
    post = await life.approved(Platform.THREADS)
    await life.publish()
    with pytest.raises(ConflictError, match="waits any more"):
        await hold.hold(desk, life.voter(), post)
    with pytest.raises(ConflictError, match="is not held"):
        await hold.release(desk, life.voter(), post)
    assert (await catch_up.ballot(desk, post)).held_by is None


async def test_who_may_hold(life: Life, desk: Desk) -> None:
    """Those who decide; nobody else."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    stranger = life.voter(99, frozenset())
    for act in (hold.hold, hold.release):
        with pytest.raises(NotAllowedError):
            await act(desk, stranger, post)


async def test_what_is_held_can_be_cancelled(life: Life, desk: Desk) -> None:
    """A held post is cancelled like one that waits."""
    post = await life.approved(Platform.THREADS, when="in 1 minute")
    await hold.hold(desk, life.voter(), post)
    await life.cancel(post)
    assert await life.state(post) is PostState.CANCELLED
    assert (await life.delivery(post)).state is S.CANCELLED
