"""The whole life of a post, from the form to the announcement."""

from datetime import timedelta

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.workflow import announce
from bot.workflow.desk import Desk
from tests.life import Life
from tests.scripted import ACCEPTED, Clock, ScriptedService

on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


@on_both_engines
async def test_whole_life(life: Life, service: ScriptedService, clock: Clock, desk: Desk) -> None:
    """A post that is written, approved, published and followed is told to be settled once."""
    service.to_publish.extend([ACCEPTED])
    post = await life.in_review(Platform.THREADS, Platform.FACEBOOK, when="in 2 minutes")
    await life.decide(post)
    await life.publish()
    assert service.submissions == []

    clock.forward(timedelta(minutes=2))
    await life.publish()
    assert len(service.submissions) == 2
    assert {d.state for d in await life.deliveries(post)} == {DeliveryState.SUBMITTED}

    clock.forward(timedelta(seconds=3))
    await life.track()
    await life.track()
    deliveries = await life.deliveries(post)
    assert {d.state for d in deliveries} == {DeliveryState.PUBLISHED}
    assert {d.link for d in deliveries} == {"https://social.example/1"}
    assert [len(asked) for asked in service.questions] == [2]
    assert await life.state(post) is PostState.APPROVED
    kinds = [event.kind for event in await life.events(post)]
    assert kinds == [
        EventKind.REVIEW_ASKED,
        EventKind.APPROVED,
        EventKind.SUBMITTING,
        *[EventKind.PROGRESSED] * 4,
        EventKind.SETTLED,
    ]
    [telling] = await announce.take(desk)
    assert [event.kind for event in telling.events] == kinds
    await announce.told(desk, telling)
    assert await announce.take(desk) == []
