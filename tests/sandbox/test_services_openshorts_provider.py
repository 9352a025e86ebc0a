"""OpenShorts beside Upload-Post, both simulated over real sockets, as the provider uses them."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.clip import ClipRef
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, ContentRejectedError, ProviderError, TryLaterError
from providers.clips import ClipJob, ClipJobState, ClipOrder
from providers.openshorts.afterwards import DRAFT
from providers.openshorts.service import OpenShorts as Provider
from providers.submission import Recipient, Submission, Submitted
from sandbox.services.openshorts.samples import CLIPS, SAMPLE_JOB
from sandbox.services.openshorts.service import OpenShorts
from sandbox.services.upload_post.service import UploadPost
from tests.sandbox.openshorts_bench import QUICK
from tests.sandbox.services_bench import serve

KEY = "sandbox-upload-post"
ALL = (Platform.TIKTOK, Platform.INSTAGRAM, Platform.YOUTUBE)


class Pair:
    """Both simulators, and a provider that knows them."""

    def __init__(self, upload_post: UploadPost, openshorts: OpenShorts, provider: Provider) -> None:
        self.upload_post, self.openshorts, self.provider = upload_post, openshorts, provider

    async def ends(self, submission: Submission, remote_ids: list[str]) -> list[Any]:
        """Where the post ends on every platform."""
        deadline = time.monotonic() + 10
        receipts = []
        for recipient, remote_id in zip(submission.recipients, remote_ids, strict=True):
            question = asked(recipient, remote_id)
            while True:
                (receipt,) = await self.provider.status([question])
                if receipt.state is not DeliveryState.SUBMITTED:
                    break
                assert time.monotonic() < deadline, receipt
                await asyncio.sleep(0.01)
            receipts.append(receipt)
        return receipts

    async def cut(self, **options: str) -> ClipJob:
        """Order clips, and wait for their end."""
        order = ClipOrder(link="https://video.example/v.mp4", options=options, agreed=True)
        job = await self.provider.make_clips(order)
        deadline = time.monotonic() + 10
        while job.state is ClipJobState.WORKING:
            assert job.clips == ()
            assert time.monotonic() < deadline, job
            job = await self.provider.clip_job(job.project_id)
        return job


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    """Both on free ports."""
    for name in ("upload_post", "openshorts"):
        (tmp_path / name).mkdir()
    upload_post = UploadPost(tmp_path / "upload_post", KEY, pace=QUICK)
    first, vendor = await serve(upload_post.app())
    openshorts = OpenShorts(
        tmp_path / "openshorts", "", {"upload_post": vendor}.__getitem__, pace=QUICK
    )
    second, address = await serve(openshorts.app())
    provider = Provider(
        {"url": address, "key": KEY, "profile": "harbour", "gemini_key": "AIza"},
        base_url=f"{vendor}/api",
        private_hosts=["127.0.0.1"],
    )
    yield Pair(upload_post, openshorts, provider)
    await provider.close()
    await second.cleanup()
    await first.cleanup()


def a_post(*platforms: Platform, job: str = SAMPLE_JOB, **parts: Any) -> Submission:
    return Submission(
        key="k",
        caption="Nine days of rest for every bean",
        title="Nine days",
        kind=Kind.CLIP,
        media=(),
        recipients=tuple(
            Recipient(remote_id=f"harbour/{platform}", platform=platform) for platform in platforms
        ),
        clip=ClipRef(project_id=job, index=0),
        **parts,
    )


def asked(recipient: Recipient, remote_id: str, at: datetime | None = None) -> Submitted:
    return Submitted(
        account_remote_id=recipient.remote_id,
        remote_id=remote_id,
        platform=recipient.platform,
        kind=Kind.CLIP,
        at=at,
    )


async def test_a_clip_goes_to_three_platforms_at_once(pair: Pair):
    """One call, three ends: a draft on TikTok, live elsewhere with an address."""
    submission = a_post(*ALL)
    receipts = await pair.provider.publish(submission)
    assert [receipt.state for receipt in receipts] == [DeliveryState.SUBMITTED] * 3
    tiktok, instagram, youtube = await pair.ends(submission, [item.remote_id for item in receipts])
    assert (tiktok.state, tiktok.reason) == (DeliveryState.IN_INBOX, DRAFT)
    assert {instagram.state, youtube.state} == {DeliveryState.PUBLISHED}
    assert all((instagram.link, youtube.link))
    posts = {account.id: account.posts for account in pair.upload_post.feed()}
    assert [len(posts[recipient.remote_id]) for recipient in submission.recipients] == [1, 1, 1]
    assert posts["harbour/instagram"][0].media
    assert pair.openshorts.calls == 1


async def test_a_draft_for_later_is_told_and_taken_back(pair: Pair):
    """TikTok's job waits as a draft too, and is cancelled at Upload-Post."""
    at = datetime.now(UTC) + timedelta(days=2)
    submission = a_post(Platform.TIKTOK, at=at)
    (receipt,) = await pair.provider.publish(submission)
    assert (receipt.state, receipt.reason) == (DeliveryState.SCHEDULED_AT_PROVIDER, DRAFT)
    question = asked(submission.recipients[0], receipt.remote_id, at)
    assert (await pair.provider.cancel(question)).state is DeliveryState.CANCELLED


async def test_clips_are_made_and_published(pair: Pair):
    """From an order to a clip that is live; the texts are those of the clip that goes out."""
    job = await pair.cut(target_clips="2")
    assert job.state is ClipJobState.READY
    assert [clip.title for clip in job.clips] == [
        clip["video_title_for_youtube_short"] for clip in CLIPS[:2]
    ]
    submission = a_post(Platform.INSTAGRAM, job=job.project_id)
    receipts = await pair.provider.publish(submission)
    (end,) = await pair.ends(submission, [item.remote_id for item in receipts])
    assert end.state is DeliveryState.PUBLISHED


async def test_a_job_at_work_posts_nothing(pair: Pair):
    """The server would take it, and post another clip."""
    pair.openshorts.fault = "clips_never_finish"
    order = ClipOrder(link="https://video.example/v.mp4", agreed=True)
    job = await pair.provider.make_clips(order)
    with pytest.raises(TryLaterError, match="still making"):
        await pair.provider.publish(a_post(Platform.INSTAGRAM, job=job.project_id))
    assert pair.openshorts.calls == 0


POSTING: dict[str, type[ProviderError]] = {
    "file_lost": ContentRejectedError,
    "key_refused": AccountBrokenError,
    "limit_reached": AccountBrokenError,
    "jobs_expired": ContentRejectedError,
}


@pytest.mark.parametrize("fault", POSTING)
async def test_faults_of_posting(pair: Pair, fault: str):
    """Each is a definite no with a remedy, and nothing is in any feed."""
    pair.openshorts.fault = fault
    with pytest.raises(ProviderError) as caught:
        await pair.provider.publish(a_post(*ALL))
    assert type(caught.value) is POSTING[fault]
    assert caught.value.remedy
    assert not [post for account in pair.upload_post.feed() for post in account.posts]


async def test_faults_of_cutting(pair: Pair):
    """A failed job says why; a low resolution is asked about, and can be insisted on."""
    pair.openshorts.fault = "low_resolution"
    with pytest.raises(ContentRejectedError, match="Only 360p"):
        await pair.cut()
    assert (await pair.cut(force_low_quality="true")).state is ClipJobState.READY
    pair.openshorts.fault = "clips_fail"
    job = await pair.cut()
    assert (job.state, job.reason) == (ClipJobState.FAILED, "GeminiBlockedError: blocked")


async def test_the_platform_refuses_later(pair: Pair):
    """Accepted by both, then refused: the receipt has the reason and the remedy."""
    pair.upload_post.fault = "fails_there"
    submission = a_post(*ALL)
    receipts = await pair.provider.publish(submission)
    ends = await pair.ends(submission, [item.remote_id for item in receipts])
    assert {end.state for end in ends} == {DeliveryState.FAILED}
    assert all(end.reason and end.remedy for end in ends)


async def test_upload_post_refuses_at_once(pair: Pair):
    """What Upload-Post says no to is no, although OpenShorts answers with HTTP 500."""
    pair.upload_post.fault = "duplicate_content"
    with pytest.raises(ContentRejectedError, match="Upload-Post refused"):
        await pair.provider.publish(a_post(*ALL))
    pair.upload_post.fault = "rate_limited"
    with pytest.raises(ContentRejectedError, match="Too many requests"):
        await pair.provider.publish(a_post(*ALL))
