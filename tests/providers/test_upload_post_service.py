"""Upload-Post with its simulator over real sockets: several platforms, drafts, lost calls, links."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryState as State
from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError, OutcomeUnknownError
from providers.submission import Receipt, Submission
from providers.upload_post.service import UploadPost
from tests.providers.upload_post_service_bench import (
    a_submission,
    beside_the_simulator,
    by_content,
    by_url,
    questions,
    to,
)
from tests.sandbox.services_bench import JPEG
from tests.sandbox.upload_post_bench import Service

Both = tuple[UploadPost, Service]
X, TIKTOK, THREADS = (
    to(platform, profile="harbour") for platform in (Platform.X, Platform.TIKTOK, Platform.THREADS)
)


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    """The service and its simulator."""
    async with beside_the_simulator(tmp_path) as running:
        yield running


async def ends(
    provider: UploadPost, submission: Submission, receipts: list[Receipt]
) -> list[Receipt]:
    asked = questions(submission, receipts, submission.at)
    async with asyncio.timeout(5):
        while {State.SUBMITTED, State.SCHEDULED_AT_PROVIDER} & {item.state for item in receipts}:
            receipts = await provider.status(asked)
    return receipts


async def test_one_upload_ends_on_each_platform_by_itself(both: Both):
    """A draft for TikTok ends in the inbox while the same video is live on X."""
    provider, service = both
    draft = to(Platform.TIKTOK, profile="harbour", draft="true")
    media = by_url(f"{service.files}/v.mp4")
    submission = a_submission(Kind.VIDEO, draft, X, media=media)
    tiktok, x = await ends(provider, submission, await provider.publish(submission))
    assert (tiktok.state, tiktok.link) == (State.IN_INBOX, "")
    assert x.state is State.PUBLISHED
    assert x.link == service.posts("harbour/x")[0].link
    assert service.simulator.calls == 1


async def test_files_that_are_handed_over_are_published(both: Both):
    """A photo without an address goes out as it is."""
    provider, service = both
    submission = a_submission(Kind.PHOTOS, X, media=(by_content("a.jpg", JPEG),))
    (x,) = await ends(provider, submission, await provider.publish(submission))
    assert x.state is State.PUBLISHED
    (file,) = service.posts("harbour/x")[0].media
    kept = service.simulator.media(file.url.rsplit("/", 1)[1])
    assert kept
    assert kept.read_bytes() == JPEG


async def test_what_failed_is_retried_once(both: Both):
    """After a retry it is out, and a second retry finds that."""
    provider, service = both
    service.simulator.fault = "fails_there"
    submission = a_submission(Kind.TEXT, X)
    (failed,) = await ends(provider, submission, await provider.publish(submission))
    assert (failed.state, "did not take" in failed.reason) == (State.FAILED, True)
    service.simulator.fault = "none"
    (asked,) = questions(submission, [failed])
    (out,) = await ends(provider, submission, [await provider.retry(asked)])
    assert out.state is State.PUBLISHED
    assert (await provider.retry(asked)).state is State.PUBLISHED
    assert len(service.posts("harbour/x")) == 1


async def test_a_lost_schedule_is_found_with_its_job(both: Both):
    """The answer to a scheduled upload is lost: the schedule has the job, which can be cancelled."""
    provider, service = both
    tried = datetime.now(UTC)
    at = (tried + timedelta(days=1)).replace(microsecond=0)
    submission = a_submission(Kind.TEXT, X, THREADS, at=at)
    service.simulator.fault = "drop_after"
    with pytest.raises(OutcomeUnknownError):
        await provider.publish(submission)
    service.simulator.fault = "none"
    receipts = await provider.reconcile(submission, tried)
    assert [item.state for item in receipts] == [State.SCHEDULED_AT_PROVIDER] * 2
    assert receipts[0].remote_id.startswith("job:")
    first, second = questions(submission, receipts, at)
    assert (await provider.cancel(first)).state is State.CANCELLED
    assert (await provider.cancel(second)).state is State.CANCELLED
    unknown = await provider.reconcile(submission, tried)
    assert [item.state for item in unknown] == [State.UNKNOWN] * 2


async def test_a_job_that_went_out_is_told_as_it_is(both: Both):
    """Cancelling or moving what was published in the meantime tells of the publication."""
    provider, _ = both
    at = datetime.now(UTC) + timedelta(seconds=1)
    submission = a_submission(Kind.TEXT, X, at=at)
    receipts = await provider.publish(submission)
    (out,) = await ends(provider, submission, receipts)
    (asked,) = questions(submission, receipts, at)
    assert out.state is State.PUBLISHED
    assert (await provider.cancel(asked)).state is State.PUBLISHED
    later = datetime.now(UTC) + timedelta(days=1)
    assert (await provider.reschedule(asked, later)).state is State.PUBLISHED


async def test_a_link_connects_an_account(both: Both):
    """Who opens the link has the account in the list, usable again."""
    provider, service = both
    before = {item.remote_id: item.usable for item in await provider.accounts()}
    assert before["roastery/instagram"] is False
    link = await provider.connect_link(Platform.INSTAGRAM)
    await service.page(link.url)
    after = {item.remote_id: item.usable for item in await provider.accounts()}
    assert after["roastery/instagram"] is True


async def test_a_repetition_within_48_hours_is_refused_with_its_reason(both: Both):
    """The service's check for the same content is a refusal of the content, not a wait."""
    provider, service = both
    service.simulator.fault = "duplicate_content"
    with pytest.raises(ContentRejectedError, match="last 48 hours"):
        await provider.publish(a_submission(Kind.TEXT, X))
