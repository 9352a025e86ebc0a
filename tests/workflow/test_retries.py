"""The law of retries: what each outcome of a call means for its delivery."""

from datetime import timedelta

import pytest
from sqlalchemy import update

import db.moves
from bot.domain import pace
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import PostState
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from bot.workflow import claim, lapse
from bot.workflow.desk import Desk
from bot.workflow.publish import Publisher
from db.tables import connections, revisions
from providers.submission import Receipt
from tests.life import Life
from tests.scripted import ACCEPTED, PUBLISHED, Clock, ScriptedService

S = DeliveryState
DAY = timedelta(days=1)


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
        await lapse.reap(desk)
    delivery = await life.delivery(post)
    assert delivery.state is state
    assert delivery.reason.startswith(reason)
    assert len(service.submissions) == 1
    [(ended, detail)] = await life.ledger()
    assert ended == outcome
    assert detail == getattr(answer, "excerpt", "")


async def test_unknown_asks_people_to_look(life: Life, service: ScriptedService) -> None:
    """Where nobody knows whether it went out, people are told to look before anything else."""
    service.to_publish.append(OutcomeUnknownError("Reset.", remedy="Call again."))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert (await life.delivery(post)).remedy.startswith("Look at the account")
    assert await life.settled(post) == 1


async def test_try_later_waits(life: Life, service: ScriptedService, clock: Clock) -> None:
    """What was never sent is tried again after a while, under the same key, until it succeeds."""
    service.to_publish.extend([TryLaterError("Refused."), TryLaterError("Refused."), PUBLISHED])
    post = await life.approved(Platform.THREADS)
    await life.publish()
    waiting = await life.delivery(post)
    assert (waiting.state, waiting.reason) == (S.WAITING, "Refused.")
    await life.publish()
    assert len(service.submissions) == 1  # not yet
    for _ in range(2):
        clock.forward(timedelta(seconds=15))
        await life.publish()
    ended = await life.delivery(post)
    assert (ended.state, ended.reason, ended.attempts) == (S.PUBLISHED, "", 3)
    assert len({submission.key for submission in service.submissions}) == 1
    assert await life.settled(post) == 1


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
    while (await life.delivery(post)).state is not S.FAILED:
        await life.publish()
        clock.forward(timedelta(seconds=60))
        assert clock() - started < 2 * pace.RETRY_BUDGET
    assert clock() - started > pace.RETRY_BUDGET / 2
    failed = await life.delivery(post)
    assert (failed.reason, failed.remedy) == ("Refused.", "See its status page.")
    assert await life.settled(post) == 1


async def test_wait_beyond_the_budget(life: Life, service: ScriptedService) -> None:
    """A service that wants a longer wait than the budget is not waited for."""
    service.to_publish.append(TryLaterError("Tomorrow.", retry_after=86_400))
    post = await life.approved(Platform.THREADS)
    await life.publish()
    assert (await life.delivery(post)).state is S.FAILED


async def test_other_content_is_refused(life: Life, service: ScriptedService, desk: Desk) -> None:
    """What is not exactly what was approved never leaves."""
    post = await life.approved(Platform.THREADS)
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(revisions).values(caption="Something else"))
    await life.publish()
    refused = await life.delivery(post)
    assert refused.state is S.FAILED
    assert refused.reason == "The post is not what was approved; nothing was sent."
    assert service.submissions == []
    assert await life.settled(post) == 1


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
    failed = await life.delivery(post)
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
