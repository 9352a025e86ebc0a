"""Services that are broken: they are left alone, asked by reads, and hold up nobody else."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain import pace
from bot.domain.breaker import FAILURES
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from bot.workflow import connect
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from bot.workflow.track import Tracker
from providers.capabilities import Idempotency
from tests.factories import SERVER, a_video
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
BUSY = TryLaterError("Refused.")
OTHER_KEY = "sk_another_key_0001"

on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


async def fail(life: Life, service: ScriptedService, error: Exception, times: int) -> list[Post]:
    """Have as many calls fail, one after the other, each for a post of its own."""
    posts: list[Post] = []
    for _ in range(times):
        service.to_publish.clear()
        service.to_publish.append(error)
        posts.append(await life.approved(Platform.THREADS))
        await life.publish()
    service.to_publish.clear()
    return posts


def is_broken(desk: Desk) -> bool:
    """Whether a connection of the server is left alone."""
    return bool(desk.breakers.broken(SERVER))


@pytest.mark.parametrize(
    ("error", "opens"),
    [
        (TryLaterError("Refused."), True),
        (OutcomeUnknownError("Reset."), True),
        (ProtocolBrokenError("Odd."), True),
        (TryLaterError("Slow down.", retry_after=0.001), False),
        (ContentRejectedError("Too rude."), False),
        (AccountBrokenError("Expired."), False),
    ],
)
async def test_what_opens_a_breaker(
    life: Life, service: ScriptedService, desk: Desk, error: Exception, *, opens: bool
) -> None:
    """Five failures in a row that are the service's own; never what it says about a post."""
    await fail(life, service, error, FAILURES - 1)
    assert not is_broken(desk)
    await fail(life, service, error, FAILURES)
    assert is_broken(desk) is opens


@pytest.mark.parametrize("answer", [PUBLISHED, ContentRejectedError("Too rude.")])
async def test_an_answer_begins_the_row_anew(
    life: Life, service: ScriptedService, desk: Desk, answer: object
) -> None:
    """A service that answers now and then is not broken."""
    for _ in range(3):
        await fail(life, service, BUSY, FAILURES - 1)
        service.to_publish.append(answer)  # pyright: ignore[reportArgumentType]
        await life.approved(Platform.THREADS)
        await life.publish()
    assert not is_broken(desk)


@on_both_engines
async def test_nothing_is_sent_while_it_is_open(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Deliveries wait untried; a good read closes the breaker, and they go out."""
    tried = await fail(life, service, BUSY, FAILURES)
    sent = len(service.submissions)
    post = await life.approved(Platform.THREADS)
    service.listed = BUSY
    for _ in range(6):
        await life.publish()
        clock.forward(5 * SECOND)
    assert len(service.submissions) == sent
    assert (await life.delivery(post)).attempts == 0
    [broken] = desk.breakers.broken(SERVER)
    assert broken.reason == "Refused."
    assert broken.until - broken.since == 30 * SECOND

    await life.publish()  # a bad read: it rests for a minute more
    clock.forward(59 * SECOND)
    service.listed = []
    await life.publish()
    assert is_broken(desk)
    clock.forward(SECOND)
    await life.publish()
    assert not is_broken(desk)
    assert len(service.submissions) == sent
    for _ in range(3):
        await life.publish()
    for item in [post, *tried]:
        assert (await life.delivery(item)).state is S.PUBLISHED


@pytest.mark.parametrize(
    ("answer", "closes"),
    [
        (AccountBrokenError("Expired."), True),
        (TryLaterError("Busy."), False),
        (ProtocolBrokenError("Odd."), False),
        (RuntimeError("a bug"), False),
    ],
)
async def test_what_a_read_says(
    life: Life,
    service: ScriptedService,
    clock: Clock,
    desk: Desk,
    answer: Exception,
    *,
    closes: bool,
) -> None:
    """A refused key is an answer too; anything else leaves the breaker open."""
    await fail(life, service, BUSY, FAILURES)
    service.listed = answer
    clock.forward(30 * SECOND)
    await life.publish()
    assert is_broken(desk) is not closes


async def test_one_read_at_a_time(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a read is under way no other begins, however often the tick runs."""
    await fail(life, service, BUSY, FAILURES)
    gate, reads = asyncio.Event(), 0

    async def slow() -> list[object]:
        nonlocal reads
        reads += 1
        await gate.wait()
        return []

    monkeypatch.setattr(service, "accounts", slow)
    clock.forward(30 * SECOND)
    publisher = Publisher(desk)
    for _ in range(3):
        await publisher.tick()
        await asyncio.sleep(0)
    gate.set()
    await publisher.drain(5)
    assert reads == 1
    assert not is_broken(desk)


async def test_waiting_for_a_broken_service_uses_up_no_budget(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """The time in which it could not be tried is added to the budget of retries."""
    [first, *_] = await fail(life, service, BUSY, FAILURES)
    service.listed = BUSY
    started = clock()
    while clock() - started < pace.RETRY_BUDGET:
        clock.forward(MINUTE)
        await life.publish()
    service.listed = []
    for _ in range(11):
        clock.forward(MINUTE)
        await life.publish()
    assert not is_broken(desk)
    ended = await life.delivery(first)
    assert ended.state is S.PUBLISHED
    assert ended.attempts == 2


async def test_a_retry_that_fails_after_the_rest_has_its_budget_still(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Tried half an hour after its first try because of the rest, it is tried once more."""
    [first, *_] = await fail(life, service, BUSY, FAILURES)
    service.listed = BUSY
    started = clock()
    while clock() - started < pace.RETRY_BUDGET:
        clock.forward(MINUTE)
        await life.publish()
    service.listed = []
    service.to_publish.append(BUSY)
    while len(service.submissions) <= FAILURES:
        clock.forward(MINUTE)
        await life.publish()
    assert (await life.delivery(first)).state is S.WAITING


async def test_lost_calls_are_not_made_again_while_it_is_open(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Where the key makes a repetition safe it waits for the breaker, and is made after it."""
    safe = replace(service.capabilities, idempotency=Idempotency.KEY)
    service.capabilities = safe  # pyright: ignore[reportAttributeAccessIssue]
    posts = await fail(life, service, OutcomeUnknownError("Reset."), FAILURES)
    publisher = Publisher(desk)
    for _ in range(5):
        clock.forward(5 * SECOND)
        await publisher.resolve()
        await publisher.drain(5)
    assert len(service.submissions) == FAILURES
    for _ in range(8):
        clock.forward(10 * SECOND)
        await publisher.tick()
        await publisher.resolve()
        await publisher.drain(5)
    assert len({call.key for call in service.submissions}) == FAILURES
    for post in posts:
        assert (await life.delivery(post)).state is S.PUBLISHED


async def test_status_reads_feed_the_breaker_and_respect_it(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Questions that fail open it, none is asked while it is open, and they go on after it."""
    service.to_publish.append(ACCEPTED)
    posts = [await life.approved(Platform.TIKTOK, media=[a_video()]) for _ in range(FAILURES + 2)]
    for _ in range(2):
        await life.publish()
    service.to_publish.clear()
    one_at_a_time = replace(service.capabilities, status_batch=1)
    service.capabilities = one_at_a_time  # pyright: ignore[reportAttributeAccessIssue]
    service.to_tell.append(BUSY)
    clock.forward(2 * SECOND)
    await life.track()
    assert is_broken(desk)
    asked = len(service.questions)
    await life.approved(Platform.THREADS)
    for _ in range(5):
        clock.forward(5 * SECOND)
        await life.track()
        await life.publish()
    assert len(service.questions) == asked
    assert len(service.submissions) == len(posts)
    service.to_tell.clear()
    clock.forward(10 * SECOND)
    await life.publish()
    clock.forward(MINUTE)
    await life.track()
    for post in posts:
        assert (await life.delivery(post)).state is S.PUBLISHED


async def test_an_open_breaker_never_hides_an_end_for_ever(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A service that stays broken for a day: people are asked about what it has."""
    service.to_publish.append(ACCEPTED)
    post = await life.approved(Platform.TIKTOK, media=[a_video()])
    await life.publish()
    await fail(life, service, BUSY, FAILURES)
    service.listed = BUSY
    service.to_tell.append(BUSY)
    started = clock()
    while (await life.delivery(post)).state is S.SUBMITTED:
        clock.forward(timedelta(minutes=30))
        await life.publish()
        await life.track()
        assert clock() - started < 2 * pace.FOLLOW_BOUND
    assert (await life.delivery(post)).state is S.UNKNOWN
    assert len(service.questions) < 5


@on_both_engines
async def test_a_broken_service_holds_up_no_other_connection(
    life: Life,
    service: ScriptedService,
    desk: Desk,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While one connection's calls hang or its breaker is open, the other publishes at once."""
    fine = ScriptedService()

    def build(_provider: str, credentials: Mapping[str, str]) -> ScriptedService:
        return fine if credentials["key"] == OTHER_KEY else service

    monkeypatch.setattr(desk.services, "build", build)
    await life.connect(OTHER_KEY)
    fine.submissions.clear()
    service.gate.clear()
    publisher, tracker = Publisher(desk), Tracker(desk)
    for _ in range(10):
        await life.approved(Platform.THREADS)  # at both connections
    most = fine.capabilities.calls_at_once
    for _ in range(3):
        await publisher.tick()
        await end_all_but(publisher, most)
    assert len(fine.submissions) == 10
    assert len(service.submissions) == most
    service.to_publish.append(BUSY)
    service.gate.set()
    await publisher.drain(5)
    for _ in range(2):
        await publisher.tick()
        await publisher.drain(5)
    assert [item.connection_id for item in desk.breakers.broken(SERVER)] == [1]
    await life.approved(Platform.THREADS)
    await publisher.tick()
    await publisher.drain(5)
    await tracker.drain(5)
    assert len(fine.submissions) == 11
    assert len({call.key for call in fine.submissions}) == 11


async def end_all_but(publisher: Publisher, left: int) -> None:
    """Let calls end until only those that hang are left."""
    while len(publisher._calls) > left:
        running = list(publisher._in_flight._tasks)
        await asyncio.wait(running, timeout=5, return_when=asyncio.FIRST_COMPLETED)


async def test_a_connection_that_is_gone_is_not_asked_for_ever(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """Where the connection cannot be found any more, its breaker closes; the calls say why."""
    await fail(life, service, BUSY, FAILURES)
    desk.breakers.heard(SERVER, 999, None, clock())
    for _ in range(FAILURES):
        desk.breakers.heard(SERVER, 999, BUSY, clock())
    clock.forward(30 * SECOND)
    await life.publish()
    assert 999 not in desk.breakers.resting()
    assert await connect.accounts(desk, SERVER)
