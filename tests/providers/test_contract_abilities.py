"""What a service declares beyond publishing, done at its simulator over real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryState
from bot.errors import AccountBrokenError, ProviderError, TryLaterError
from providers.base import (
    Cancels,
    ReadsAccountLimits,
    ReadsStatus,
    Reconciles,
    Reschedules,
    TellsPlan,
)
from providers.capabilities import Capabilities
from providers.catalogue import PROVIDERS
from providers.submission import Receipt, Recipient, Submission, Submitted
from tests.providers.contract_recorded import no_secret
from tests.providers.contract_simulated import Scene, played

WRONG_KEY = "sk_canary.fedcba9876543210_wrong"


def those(can: Callable[[Capabilities], object]) -> list[str]:
    """The services that declare something."""
    return [name for name, provider in sorted(PROVIDERS.items()) if can(provider.capabilities)]


@pytest.fixture
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """The service a test is for."""
    async with played(request.param, tmp_path) as playing:
        yield playing


def a_day_ahead(scene: Scene) -> datetime:
    """A time the service takes, in whole minutes."""
    schedule = scene.capabilities.schedule
    assert schedule is not None
    at = datetime.now(UTC) + schedule.lead + timedelta(days=1)
    return at.replace(second=0, microsecond=0)


async def scheduled(scene: Scene) -> tuple[Submission, Receipt]:
    submission = await scene.submission(at=a_day_ahead(scene))
    (receipt,) = await scene.provider.publish(submission)
    assert receipt.state == DeliveryState(scene.case.get("scheduled", "scheduled_at_provider"))
    return submission, receipt


def is_live(scene: Scene) -> bool:
    return any(post.link for post in scene.posts)


@pytest.mark.parametrize("scene", those(lambda can: can.schedule), indirect=True)
async def test_a_time_is_handed_over(scene: Scene):
    """A post for later is accepted, is not live before, and is told so when asked."""
    submission, receipt = await scheduled(scene)
    assert receipt.remote_id
    assert not is_live(scene)
    if isinstance(scene.provider, ReadsStatus):
        question = scene.submitted(submission, receipt, at=submission.at)
        (read,) = await scene.provider.status([question])
        assert read.state is DeliveryState.SCHEDULED_AT_PROVIDER
    assert scene.simulator.calls == 1


@pytest.mark.parametrize("scene", those(lambda can: can.cancels), indirect=True)
async def test_a_scheduled_post_is_cancelled(scene: Scene):
    """It is gone after one cancelling, and cancelled as well after a second."""
    submission, receipt = await scheduled(scene)
    assert isinstance(scene.provider, Cancels)
    question = scene.submitted(submission, receipt, at=submission.at)
    for _ in range(2):
        assert (await scene.provider.cancel(question)).state is DeliveryState.CANCELLED
    assert not is_live(scene)
    assert scene.simulator.calls == 1


@pytest.mark.parametrize("scene", those(lambda can: can.reschedules), indirect=True)
async def test_a_scheduled_post_is_moved(scene: Scene):
    """It stands at its new time under the id that is told, once."""
    submission, receipt = await scheduled(scene)
    assert isinstance(scene.provider, Reschedules)
    later = a_day_ahead(scene) + timedelta(days=1)
    question = scene.submitted(submission, receipt, at=submission.at)
    moved = await scene.provider.reschedule(question, later)
    assert moved.state is DeliveryState.SCHEDULED_AT_PROVIDER
    assert moved.remote_id
    assert len(scene.posts) <= 1
    if isinstance(scene.provider, ReadsStatus):
        (read,) = await scene.provider.status([scene.submitted(submission, moved, at=later)])
        assert read.state is DeliveryState.SCHEDULED_AT_PROVIDER


@pytest.mark.parametrize("scene", those(lambda can: can.reconciles), indirect=True)
@pytest.mark.parametrize(("fault", "is_there"), [("drop_after", True), ("drop_before", False)])
async def test_a_lost_call_is_looked_up(scene: Scene, fault: str, is_there: bool):
    """The records show what was accepted; what they do not show stays unknown."""
    assert isinstance(scene.provider, Reconciles)
    submission, tried_at = await scene.submission(), datetime.now(UTC)
    scene.fault(fault)
    with pytest.raises(ProviderError):
        await scene.provider.publish(submission)
    scene.fault("none")
    (receipt,) = await looked_up(scene.provider, submission, tried_at, is_there=is_there)
    assert (receipt.state is not DeliveryState.UNKNOWN) == is_there
    assert scene.simulator.calls == 1
    if is_there:
        end = await scene.end_of(submission, receipt)
        assert end.state == DeliveryState(scene.case["ends"])


async def looked_up(
    provider: Reconciles, submission: Submission, tried_at: datetime, *, is_there: bool
) -> list[Receipt]:
    """What the records say; some show a post only when the service is done with it."""
    deadline = time.monotonic() + 5
    while True:
        receipts = await provider.reconcile(submission, tried_at)
        known = [receipt.state is not DeliveryState.UNKNOWN for receipt in receipts]
        if all(known) or not is_there or time.monotonic() > deadline:
            return receipts
        await asyncio.sleep(0.01)


async def partner(scene: Scene, submission: Submission) -> Recipient:
    """Another account that the same submission may go to, with the default options."""
    can, (first,) = scene.capabilities, submission.recipients
    for account in await scene.provider.accounts():
        shown = can.default_visibility.get(account.platform)
        other = Recipient(
            remote_id=account.remote_id,
            platform=account.platform,
            options={"visibility": shown} if shown else {},
        )
        is_another = account.usable and account.remote_id != first.remote_id
        if is_another and takes(can, other, submission) and can.goes_with(first, other):
            return other
    pytest.fail(f"The simulator of {scene.name} has no two accounts for one submission.")


def takes(can: Capabilities, recipient: Recipient, submission: Submission) -> bool:
    """Whether nothing that is not given is required there."""
    if recipient.platform not in can.platforms:
        return False
    limit = can.platforms[recipient.platform].of.get(submission.kind)
    required = [item for item in can.options.get(recipient.platform, ()) if item.required]
    return limit is not None and not required and (bool(submission.title) or not limit.needs_title)


@pytest.mark.parametrize("scene", those(lambda can: can.accounts_per_submission > 1), indirect=True)
async def test_several_accounts_share_a_call(scene: Scene):
    """One call, one receipt for each account in order, one post in each."""
    submission = await scene.submission()
    both = (*submission.recipients, await partner(scene, submission))
    submission, before = replace(submission, recipients=both), len(scene.feed)
    receipts = await scene.provider.publish(submission)
    assert [item.state for item in receipts] == [DeliveryState(scene.case["accepted"])] * 2
    assert (scene.simulator.calls, len(scene.feed) - before) == (1, 2)
    if isinstance(scene.provider, ReadsStatus):
        questions = [
            Submitted(
                account_remote_id=recipient.remote_id,
                remote_id=receipt.remote_id,
                platform=recipient.platform,
                kind=submission.kind,
            )
            for recipient, receipt in zip(both, receipts, strict=True)
        ]
        for question in questions:
            (read,) = await scene.provider.status([question])
            assert read.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN)


@pytest.mark.parametrize("scene", those(lambda can: can.takes_content), indirect=True)
async def test_a_file_goes_along_with_the_call(scene: Scene):
    """A file that has no address is sent with the post, once and whole."""
    submission = await scene.submission()
    without_address = tuple(replace(file, url="") for file in submission.media)
    submission = replace(submission, media=without_address)
    (receipt,) = await scene.provider.publish(submission)
    end = await scene.end_of(submission, receipt)
    assert end.state == DeliveryState(scene.case["ends"])
    (post,) = scene.posts
    assert [file.type for file in post.media] == [file.content_type for file in without_address]
    assert scene.simulator.calls == 1


@pytest.mark.parametrize("scene", those(lambda can: can.reads_account_limits), indirect=True)
async def test_the_limits_of_an_account_are_read(scene: Scene):
    """The account that is posted to tells what it allows."""
    assert isinstance(scene.provider, ReadsAccountLimits)
    assert await scene.provider.account_limits(scene.case["recipient"]["remote_id"]) is not None


@pytest.mark.parametrize("scene", those(lambda can: can.tells_plan), indirect=True)
async def test_the_plan_is_read(scene: Scene):
    """A service that tells which plan a key has names it, with what is used or left in words."""
    assert isinstance(scene.provider, TellsPlan)
    plan = await scene.provider.plan()
    assert plan.name
    assert all(told.endswith(".") for told in plan.left)


@pytest.mark.parametrize("scene", sorted(PROVIDERS), indirect=True)
async def test_a_wrong_key_breaks_the_account(scene: Scene):
    """A key the service does not know must be given anew, and nothing goes out."""
    wrong = scene.connection(WRONG_KEY)
    submission = await scene.submission()
    for call in (wrong.accounts, lambda: wrong.publish(submission)):
        with pytest.raises(AccountBrokenError) as caught:
            await call()
        assert caught.value.remedy
        no_secret([WRONG_KEY], caught.value)
    await wrong.close()
    assert not scene.posts


@pytest.mark.parametrize("scene", those(lambda can: can.cancels or can.reschedules), indirect=True)
async def test_changes_wait_for_a_service_that_asks_to(scene: Scene):
    """A change that is told to wait may be made later."""
    submission, receipt = await scheduled(scene)
    question = scene.submitted(submission, receipt, at=submission.at)
    scene.publisher.fault = "rate_limited"
    calls = []
    if isinstance(scene.provider, Cancels):
        calls.append(scene.provider.cancel(question))
    if isinstance(scene.provider, Reschedules):
        calls.append(scene.provider.reschedule(question, a_day_ahead(scene)))
    for call in calls:
        with pytest.raises(TryLaterError):
            await call
