"""Following what was accepted to its end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.errors import ProtocolBrokenError, TryLaterError
from bot.workflow import lapse, track
from bot.workflow.desk import Desk
from bot.workflow.track import Tracker
from db.tables import deliveries
from providers.submission import Receipt
from tests.factories import a_delivery, a_target, a_video
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
UNSEEN = Receipt(state=S.PUBLISHED, remote_id="remote-1")


async def accepted(life: Life, service: ScriptedService, *platforms: Platform) -> Post:
    """Bring a post to where the service works on it."""
    service.to_publish.append(ACCEPTED)
    post = await life.approved(*platforms, media=[a_video()])
    await life.publish()
    return post


async def told(life: Life, post: Post) -> list[EventKind]:
    """List what is told of the end."""
    return [e.kind for e in await life.events(post) if e.kind is EventKind.SETTLED]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (PUBLISHED, S.PUBLISHED),
        (Receipt(state=S.FAILED, reason="Too long.", remedy="Cut it."), S.FAILED),
        (Receipt(state=S.IN_INBOX), S.IN_INBOX),
    ],
)
async def test_end(
    life: Life, service: ScriptedService, clock: Clock, answer: Receipt, state: DeliveryState
) -> None:
    """The end a service tells is recorded with its link or its reason, and told once."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.append(answer)
    clock.forward(timedelta(seconds=2))
    for _ in range(3):
        await life.track()
        clock.forward(timedelta(days=2))
    ended = await life.delivery(post)
    assert (ended.state, ended.link) == (state, answer.link)
    assert (ended.reason, ended.remedy) == (answer.reason, answer.remedy)
    assert len(service.questions) == 1
    assert await told(life, post) == [EventKind.SETTLED]


async def test_question_names_the_submission(
    life: Life, service: ScriptedService, clock: Clock
) -> None:
    """A question names the account and the submission as the service knows them."""
    await accepted(life, service, Platform.TIKTOK)
    clock.forward(timedelta(seconds=2))
    await life.track()
    [[question]] = service.questions
    assert (question.account_remote_id, question.remote_id) == ("tt", "remote-1")


async def test_asked_in_batches(life: Life, service: ScriptedService, clock: Clock) -> None:
    """One question asks about many submissions of a connection."""
    for _ in range(3):
        await accepted(life, service, Platform.TIKTOK)
    clock.forward(timedelta(seconds=2))
    await life.track()
    assert [len(asked) for asked in service.questions] == [3]


async def test_batches_have_a_size(desk: Desk) -> None:
    """A question asks about as many submissions as the service takes, of one connection."""
    due = [a_delivery(target=a_target(connection_id=n % 2)) for n in range(130)]
    batches = Tracker(desk)._batches(due)
    assert [len(batch) for batch in batches] == [50, 15, 50, 15]
    assert all(len({d.target.connection_id for d in batch}) == 1 for batch in batches)


async def test_growing_intervals(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A service at work is asked again and again, more and more seldom."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.append(ACCEPTED)
    started = clock()
    waits: dict[int, float] = {}
    for age in (1, 60, 600, 7200):
        clock.moment = started + timedelta(seconds=age)
        await life.track()
        async with desk.database.reading() as reading:
            again = (await reading.execute(select(deliveries.c.poll_at))).scalar_one()
        waits[age] = (again - clock()).total_seconds()
    assert waits == {
        1: pytest.approx(1),  # asked for the first time after two seconds
        60: pytest.approx(10, rel=0.11),
        600: pytest.approx(60, rel=0.11),
        7200: pytest.approx(600, rel=0.11),
    }
    assert (await life.delivery(post)).state is S.SUBMITTED


@pytest.mark.parametrize("error", [TryLaterError("Busy."), ProtocolBrokenError("Odd.")])
async def test_question_that_fails(
    life: Life, service: ScriptedService, clock: Clock, error: Exception
) -> None:
    """A failed question changes nothing but the reason shown, and is asked again."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.extend([error, PUBLISHED])
    clock.forward(timedelta(seconds=2))
    await life.track()
    waiting = await life.delivery(post)
    assert waiting.state is S.SUBMITTED
    assert waiting.reason == str(error)
    clock.forward(timedelta(seconds=15))
    await life.track()
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_service_that_wants_to_be_left_alone(
    life: Life, service: ScriptedService, clock: Clock
) -> None:
    """A question is asked again no sooner than the service said."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.extend([TryLaterError("Slow down.", retry_after=100), PUBLISHED])
    clock.forward(timedelta(seconds=2))
    for seconds, asked in ((0, 1), (99, 1), (1, 2)):
        clock.forward(timedelta(seconds=seconds))
        await life.track()
        assert len(service.questions) == asked
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_start_asks_at_once(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A start asks at once what a dead process was asking, without waiting for its lease."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.extend([RuntimeError("died"), PUBLISHED])
    clock.forward(timedelta(seconds=2))
    await life.track()
    await lapse.reap(desk, everything=True)
    await life.track()
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_process_that_died_while_asking(
    life: Life, service: ScriptedService, clock: Clock
) -> None:
    """A question whose asker died is asked again after its lease."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.extend([RuntimeError("died"), PUBLISHED])
    clock.forward(timedelta(seconds=2))
    await life.track()
    clock.forward(pace.READ_LEASE - timedelta(seconds=1))
    await life.track()
    assert len(service.questions) == 1
    clock.forward(timedelta(seconds=1))
    await life.track()
    assert (await life.delivery(post)).state is S.PUBLISHED


async def test_link_is_waited_for(life: Life, service: ScriptedService, clock: Clock) -> None:
    """A post that is live is not announced before its address is known, for a short grace."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.extend([UNSEEN, PUBLISHED])
    clock.forward(timedelta(seconds=2))
    await life.track()
    assert await told(life, post) == []
    clock.forward(timedelta(seconds=5))
    await life.track()
    assert (await life.delivery(post)).link == PUBLISHED.link
    assert await told(life, post) == [EventKind.SETTLED]


async def test_link_found_later(life: Life, service: ScriptedService, clock: Clock) -> None:
    """An address that comes after the announcement goes onto the card, not into a second one."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.append(UNSEEN)
    clock.forward(pace.LINK_GRACE)
    await life.track()
    live = await life.delivery(post)
    assert (live.state, live.link) == (S.PUBLISHED, "")
    service.to_tell.clear()
    clock.forward(timedelta(minutes=5))
    for _ in range(2):
        await life.track()
    assert (await life.delivery(post)).link == PUBLISHED.link
    assert await told(life, post) == [EventKind.SETTLED]
    assert (await life.events(post))[-1].data["link"] == PUBLISHED.link


async def test_published_at_once_without_link(
    life: Life, service: ScriptedService, clock: Clock
) -> None:
    """What is live with the call itself is told at once, and its address looked for."""
    service.to_publish.append(UNSEEN)
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert await told(life, post) == [EventKind.SETTLED]
    clock.forward(timedelta(seconds=2))
    await life.track()
    assert (await life.delivery(post)).link == PUBLISHED.link


@pytest.mark.parametrize(
    ("answer", "asks"), [(UNSEEN, False), (PUBLISHED, False), (ACCEPTED, True)]
)
async def test_bound_of_following(
    life: Life, service: ScriptedService, clock: Clock, answer: Receipt, asks: bool
) -> None:
    """After a day without an end people are asked; what is known to be live stays so."""
    post = await accepted(life, service, Platform.TIKTOK)
    service.to_tell.append(answer)
    clock.forward(pace.FOLLOW_BOUND + timedelta(seconds=1))
    for _ in range(3):
        await life.track()
        clock.forward(timedelta(hours=1))
    ended = await life.delivery(post)
    assert ended.state is (S.UNKNOWN if asks else S.PUBLISHED)
    assert ended.reason == ("The service told no end within 24 hours." if asks else "")
    assert await told(life, post) == [EventKind.SETTLED]
    asked = len(service.questions)
    clock.forward(timedelta(days=1))
    await life.track()
    assert len(service.questions) == asked


def test_tick_has_a_bound() -> None:
    """One tick asks about no more than PostgreSQL takes in one statement."""
    assert 0 < track.AT_ONCE < 10_000
