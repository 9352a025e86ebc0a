"""The law of retries: what each outcome of a call means for its delivery."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

import db.moves
from bot.domain import pace
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from bot.workflow import claim, record
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from db.tables import attempts, connections, revisions
from providers.base import Receipt
from tests.factories import a_video
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
DAY = timedelta(days=1)


async def only(life: Life, post: Post) -> Delivery:
    """Read a post's only delivery."""
    [delivery] = await life.deliveries(post)
    return delivery


async def settled(life: Life, post: Post) -> int:
    """Count how often the post's end was told."""
    return [event.kind for event in await life.events(post)].count(EventKind.SETTLED)


async def ledger(desk: Desk) -> list[tuple[str | None, str]]:
    """Read how the attempts ended."""
    async with desk.database.reading() as reading:
        rows = await reading.execute(
            select(attempts.c.outcome, attempts.c.detail).order_by(attempts.c.id)
        )
        return [(row.outcome, row.detail) for row in rows]


@pytest.mark.parametrize(
    ("answer", "state", "outcome", "reason"),
    [
        (PUBLISHED, S.PUBLISHED, "accepted", ""),
        (ACCEPTED, S.SUBMITTED, "accepted", ""),
        (Receipt(state=S.IN_INBOX), S.IN_INBOX, "accepted", ""),
        (Receipt(state=S.FAILED, reason="No."), S.FAILED, "accepted", "No."),
        (ContentRejectedError("Too rude.", excerpt="e"), S.FAILED, "failed", "Too rude."),
        (AccountBrokenError("Expired.", excerpt="e"), S.FAILED, "failed", "Expired."),
        (OutcomeUnknownError("Reset.", excerpt="e"), S.UNKNOWN, "unknown", "Reset."),
        (ProtocolBrokenError("Odd.", excerpt="e"), S.UNKNOWN, "unknown", "Odd."),
        (ValueError("a bug"), S.UNKNOWN, "unknown", "Copydesk failed while the call was under way"),
    ],
)
async def test_one_call_and_no_other(
    life: Life,
    service: ScriptedService,
    clock: Clock,
    desk: Desk,
    answer: Receipt | Exception,
    state: DeliveryState,
    outcome: str,
    reason: str,
) -> None:
    """Whatever the outcome of a call that was sent, it is recorded and never made again."""
    service.to_publish.append(answer)
    post = await life.approved(Platform.THREADS)
    for _ in range(3):
        await life.publish()
        clock.forward(DAY)
        await claim.reap(desk)
    delivery = await only(life, post)
    assert delivery.state is state
    assert delivery.reason.startswith(reason)
    assert len(service.submissions) == 1
    [(ended, detail)] = await ledger(desk)
    assert ended == outcome
    assert detail == getattr(answer, "excerpt", "")


async def test_unknown_asks_people_to_look(life: Life, service: ScriptedService) -> None:
    """Where nobody knows whether it went out, people are told to look before anything else."""
    service.to_publish.append(OutcomeUnknownError("Reset.", remedy="Call again."))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert (await only(life, post)).remedy.startswith("Look at the account")
    assert await settled(life, post) == 1


async def test_try_later_waits(life: Life, service: ScriptedService, clock: Clock) -> None:
    """What was never sent is tried again after a while, under the same key, until it succeeds."""
    service.to_publish.extend([TryLaterError("Refused."), TryLaterError("Refused."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    waiting = await only(life, post)
    assert (waiting.state, waiting.reason) == (S.WAITING, "Refused.")
    await life.publish()
    assert len(service.submissions) == 1  # not yet
    for _ in range(2):
        clock.forward(timedelta(seconds=15))
        await life.publish()
    ended = await only(life, post)
    assert (ended.state, ended.reason, ended.attempts) == (S.PUBLISHED, "", 3)
    assert len({submission.key for submission in service.submissions}) == 1
    assert await settled(life, post) == 1


async def test_retry_after_rests_the_connection(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """While a service wants to be left alone, nothing goes out through the whole connection."""
    service.to_publish.extend([TryLaterError("Slow down.", retry_after=120), PUBLISHED])
    publisher = Publisher(desk)
    await life.approved(Platform.THREADS)
    await publisher.tick()
    await publisher.drain(5)
    await life.approved(Platform.FACEBOOK)
    for seconds, calls in ((0, 1), (119, 1), (1, 3)):
        clock.forward(timedelta(seconds=seconds))
        await publisher.tick()
        await publisher.drain(5)
        assert len(service.submissions) == calls


async def test_other_connections_do_not_rest(
    life: Life, service: ScriptedService, desk: Desk
) -> None:
    """One connection's rest holds up no other."""
    service.to_publish.extend([TryLaterError("Slow down.", retry_after=120), PUBLISHED])
    publisher = Publisher(desk)
    await life.approved(Platform.THREADS)
    await publisher.tick()
    await publisher.drain(5)
    await life.connect("sk_another_key_0001")
    await life.approved(Platform.THREADS)  # on both connections
    await publisher.tick()
    await publisher.drain(5)
    assert len(service.submissions) == 2


async def test_budget_of_retries(life: Life, service: ScriptedService, clock: Clock) -> None:
    """After the budget of minutes a delivery that never left has failed."""
    service.to_publish.append(TryLaterError("Refused.", remedy="See its status page."))
    post = await life.approved(Platform.THREADS)
    started = clock()
    while (await only(life, post)).state is not S.FAILED:
        await life.publish()
        clock.forward(timedelta(seconds=60))
        assert clock() - started < 2 * pace.RETRY_BUDGET
    assert clock() - started > pace.RETRY_BUDGET / 2
    failed = await only(life, post)
    assert (failed.reason, failed.remedy) == ("Refused.", "See its status page.")
    assert await settled(life, post) == 1


async def test_wait_beyond_the_budget(life: Life, service: ScriptedService) -> None:
    """A service that wants a longer wait than the budget is not waited for."""
    service.to_publish.append(TryLaterError("Tomorrow.", retry_after=86_400))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert (await only(life, post)).state is S.FAILED


async def test_other_content_is_refused(life: Life, service: ScriptedService, desk: Desk) -> None:
    """What is not exactly what was approved never leaves."""
    post = await life.approved(Platform.THREADS)
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(revisions).values(caption="Something else"))
    await life.publish()
    refused = await only(life, post)
    assert refused.state is S.FAILED
    assert refused.reason == "The post is not what was approved; nothing was sent."
    assert service.submissions == []
    assert await settled(life, post) == 1


async def test_crash_after_the_claim(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A process that died after its claim leaves an unknown outcome, never a second call."""
    post = await life.approved(Platform.THREADS)
    assert await claim.take_due(desk, free={})
    await claim.reap(desk)
    assert (await only(life, post)).state is S.SUBMITTING  # it may live: its lease runs
    clock.forward(pace.LEASE)
    await claim.reap(desk)
    await life.publish()
    unknown = await only(life, post)
    assert unknown.state is S.UNKNOWN
    assert unknown.reason == "Copydesk stopped during the call: it may have gone out or not."
    assert service.submissions == []
    assert await ledger(desk) == [("interrupted", "")]
    assert await settled(life, post) == 1


async def test_start_reaps_all(life: Life, desk: Desk) -> None:
    """Where no other process can live, a start waits for no lease."""
    post = await life.approved(Platform.THREADS)
    await claim.take_due(desk, free={})
    await claim.reap(desk, everything=True)
    assert (await only(life, post)).state is S.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (PUBLISHED, S.PUBLISHED),
        (ContentRejectedError("Too rude."), S.FAILED),
        (OutcomeUnknownError("Reset."), S.UNKNOWN),
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
    await claim.reap(desk)
    assert (await only(life, post)).state is S.UNKNOWN
    assert await settled(life, post) == 1
    service.gate.set()
    await publisher.drain(5)
    assert (await only(life, post)).state is state
    assert await settled(life, post) == (1 if state is S.UNKNOWN else 2)
    assert len(service.submissions) == 1


async def test_slow_call_that_is_processed(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """A late acceptance is followed to its end, which is told."""
    service.to_publish.append(ACCEPTED)
    post = await life.approved(Platform.TIKTOK, media=[a_video()])
    [claimed] = await claim.take_due(desk, free={})
    await claim.reap(desk, everything=True)
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
    assert await settled(life, post) == 1
    await life.track()
    assert (await only(life, post)).state is S.PUBLISHED
    assert await settled(life, post) == 2


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
    assert (await only(life, post)).state is S.PUBLISHED


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
    cut = await only(life, post)
    assert cut.state is S.UNKNOWN
    assert cut.reason == "Copydesk was stopped while the service had not answered yet."


async def test_calls_at_once(life: Life, service: ScriptedService, desk: Desk) -> None:
    """A connection makes no more calls together than its service allows, tick after tick."""
    service.gate.clear()
    posts = [await life.approved(Platform.THREADS, Platform.FACEBOOK) for _ in range(3)]
    publisher = Publisher(desk)
    for _ in range(3):
        await publisher.tick()
    states = [delivery.state for post in posts for delivery in await life.deliveries(post)]
    assert states.count(S.SUBMITTING) == service.capabilities.calls_at_once
    service.gate.set()
    for _ in range(3):
        await publisher.drain(5)
        await publisher.tick()
    await publisher.drain(5)
    assert len(service.submissions) == 6


async def test_one_call_per_account(life: Life, service: ScriptedService) -> None:
    """WAHDX takes one account per call, so each account gets its own call and its own key."""
    await life.approved(Platform.THREADS, Platform.FACEBOOK, caption="Hello")
    await life.publish()
    assert sorted(len(call.recipients) for call in service.submissions) == [1, 1]
    assert {call.recipients[0].remote_id for call in service.submissions} == {"th", "fb"}
    assert len({call.key for call in service.submissions}) == 2


async def test_credentials_of_another_key(life: Life, service: ScriptedService, desk: Desk) -> None:
    """Without readable credentials nothing is sent, and the delivery says why."""
    post = await life.approved(Platform.THREADS)
    await desk.services.close()
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(connections).values(secret=b"of another installation"))
    await life.publish()
    failed = await only(life, post)
    assert (failed.state, failed.reason) == (S.FAILED, "Stored credentials cannot be decrypted.")
    assert service.submissions == []


async def test_retry_of_a_cancelled_post(
    life: Life, service: ScriptedService, clock: Clock, desk: Desk
) -> None:
    """What a person cancelled while it was being tried is not tried again."""
    service.gate.clear()
    service.to_publish.append(TryLaterError("Refused."))
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 1 minute")
    clock.forward(timedelta(minutes=1))
    [call, *_] = await claim.take_due(desk, free={1: 1})
    assert call.post.id == post.id
    await life.cancel(post)
    assert await life.state(post) is PostState.CANCELLED
    back = db.moves.Move(
        delivery_id=call.deliveries[0].id, expected=S.SUBMITTING, to=S.WAITING, try_at=clock()
    )
    async with desk.database.transaction() as transaction:
        await db.moves.make(transaction, [back])
    await life.publish()
    assert service.submissions == []
    first, _ = await life.deliveries(post)
    assert (first.state, first.reason) == (S.FAILED, "The post is cancelled; nothing was sent.")
