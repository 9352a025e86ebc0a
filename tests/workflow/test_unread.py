"""Submissions whose status cannot be read: asked ever more seldom, and in the end people are."""

from datetime import timedelta

import pytest

from bot.domain import pace
from bot.domain.breaker import Breaker
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.errors import AccountBrokenError, ProtocolBrokenError, TryLaterError
from bot.workflow.desk import Desk
from providers.submission import Receipt
from tests.factories import SERVER, a_video
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
MINUTE = timedelta(minutes=1)
ODD = ProtocolBrokenError("Odd.")

pytestmark = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


async def accepted(life: Life, service: ScriptedService, receipt: Receipt = ACCEPTED) -> Post:
    """Bring a post to where the service works on it."""
    service.to_publish.append(receipt)
    post = await life.approved(Platform.TIKTOK, media=[a_video()])
    await life.publish()
    return post


async def ask(life: Life, clock: Clock, desk: Desk, minutes: int) -> None:
    """Let minutes pass in which the breaker is no obstacle: it has tests of its own."""
    for _ in range(minutes):
        clock.forward(MINUTE)
        desk.breakers._breakers.clear()
        await life.track()


@pytest.mark.parametrize("error", [ODD, AccountBrokenError("Expired.")])
async def test_people_are_asked_after_ten_failures_in_a_row(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk, error: Exception
) -> None:
    """Long before the bound of following, and the last reason is told."""
    post = await accepted(life, service)
    service.to_tell.append(error)
    started = clock()
    while (await life.delivery(post)).state is S.SUBMITTED:
        await ask(life, clock, desk, 1)
        assert clock() - started < pace.FOLLOW_BOUND / 4
    assert clock() - started > 10 * MINUTE
    assert len(service.questions) == pace.STATUS_FAILURES
    ended = await life.delivery(post)
    assert ended.state is S.UNKNOWN
    assert ended.reason == f"Its status could not be read 10 times in a row. {error}"
    assert ended.remedy.startswith("Look at the account")
    assert await life.settled(post) == 1
    await ask(life, clock, desk, 60)
    assert len(service.questions) == pace.STATUS_FAILURES


async def test_a_success_begins_the_row_anew(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Nine failures, an answer, and nine more: nobody is asked."""
    post = await accepted(life, service)
    nine = [ODD] * (pace.STATUS_FAILURES - 1)
    service.to_tell.extend([*nine, ACCEPTED, *nine, ACCEPTED])
    counted: set[int] = set()
    while len(service.questions) < 2 * pace.STATUS_FAILURES:
        await ask(life, clock, desk, 1)
        counted.add((await life.delivery(post)).failures)
    assert counted == set(range(pace.STATUS_FAILURES))
    assert (await life.delivery(post)).state is S.SUBMITTED
    service.to_tell.clear()
    service.to_tell.append(PUBLISHED)
    await ask(life, clock, desk, 60)
    ended = await life.delivery(post)
    assert (ended.state, ended.failures) == (S.PUBLISHED, 0)


async def test_a_service_that_wants_to_be_left_alone_is_not_counted(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Saying how long to wait is an answer: it does not use up the budget."""
    post = await accepted(life, service)
    service.to_tell.append(TryLaterError("Slow down.", retry_after=30))
    await ask(life, clock, desk, 3 * pace.STATUS_FAILURES)
    assert len(service.questions) > pace.STATUS_FAILURES
    waiting = await life.delivery(post)
    assert (waiting.state, waiting.failures) == (S.SUBMITTED, 0)


async def test_what_is_out_stays_so(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A published post whose address cannot be read is asked about no more, and stays published."""
    post = await accepted(life, service, Receipt(state=S.PUBLISHED, remote_id="remote-1"))
    service.to_tell.append(ODD)
    await ask(life, clock, desk, 120)
    assert len(service.questions) == pace.STATUS_FAILURES
    ended = await life.delivery(post)
    assert (ended.state, ended.link) == (S.PUBLISHED, "")
    assert await life.settled(post) == 1


async def test_an_outage_uses_up_no_budget(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """While the breaker is open nothing is asked, so an hour's outage asks nobody."""
    post = await accepted(life, service)
    service.to_tell.append(ODD)
    service.listed = ODD
    for _ in range(60):
        clock.forward(MINUTE)
        await life.track()
        await life.publish()
    assert desk.breakers.broken(SERVER)
    waiting = await life.delivery(post)
    assert waiting.state is S.SUBMITTED
    assert waiting.failures < pace.STATUS_FAILURES
    service.listed = []
    service.to_tell.clear()
    for _ in range(20):
        clock.forward(MINUTE)
        await life.publish()
        await life.track()
    assert (await life.delivery(post)).state is S.PUBLISHED
    assert desk.breakers._breakers.get((SERVER, 1), Breaker()) == Breaker()
