"""The provider against the simulated WayinVideo, over real sockets."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.clip import ClipRef
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, TryLaterError
from providers.clips import ClipJobState, ClipOrder
from providers.submission import MediaFile, Recipient, Submission
from providers.wayinvideo.service import WayinVideo as Provider
from tests.sandbox.services_bench import KEY, MP4
from tests.sandbox.wayinvideo_bench import (
    EXPIRED,
    INSTAGRAM,
    SLOW,
    YOUTUBE,
    Service,
    X,
    wayinvideo_served,
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator whose projects move on by the clock alone, 100 seconds a stage."""
    async with wayinvideo_served(tmp_path / "wayinvideo", SLOW) as running:
        yield running


def a_clip(project_id: str, *accounts: str) -> Submission:
    platforms = {YOUTUBE: Platform.YOUTUBE, X: Platform.X, INSTAGRAM: Platform.INSTAGRAM}
    return Submission(
        key="k",
        caption="Hello",
        title="Title",
        kind=Kind.CLIP,
        media=(),
        recipients=tuple(
            Recipient(remote_id=account, platform=platforms[account]) for account in accounts
        ),
        clip=ClipRef(project_id=project_id, index=1),
    )


async def test_the_provider_goes_all_the_way(service: Service):
    """Upload, find moments, follow them to the last link, publish to several accounts."""

    async def content() -> AsyncIterator[bytes]:
        yield MP4

    provider = Provider({"key": KEY}, base_url=service.address)
    file = MediaFile(
        url="", content_type="video/mp4", size=len(MP4), name="film.mp4", content=content
    )
    upload = await provider.upload(file)
    begun = await provider.make_clips(ClipOrder(upload=upload, query="latte art"))
    jobs = []
    for _ in range(4):
        service.ahead += 100
        jobs.append(await provider.clip_job(begun.project_id))
    working, ready = ClipJobState.WORKING, ClipJobState.READY
    assert [job.state for job in jobs] == [working, working, working, ready]
    assert "3 of 4 clips" in jobs[2].reason
    assert all(clip.video_url and clip.thumbnail_url for clip in jobs[3].clips)
    receipts = await provider.publish(a_clip(begun.project_id, YOUTUBE, INSTAGRAM))
    assert [receipt.state for receipt in receipts] == [DeliveryState.ACCEPTED_UNVERIFIED] * 2
    assert len(service.posts(YOUTUBE)) == len(service.posts(INSTAGRAM)) == 1
    await provider.close()


async def test_the_provider_connects_an_account(service: Service):
    """The link, once opened, leads to one account more; ended tokens are told apart."""
    provider = Provider({"key": KEY}, base_url=service.address)
    before = await provider.accounts()
    assert [account.remote_id for account in before if not account.usable] == [EXPIRED]
    assert [account.remote_id for account in before if account.expires_soon] == [X]
    link = await provider.connect_link(Platform.X)
    await service.call("GET", link.url)
    (added,) = [account for account in await provider.accounts() if account not in before]
    assert (added.platform, added.usable) == (Platform.X, True)
    await provider.close()


async def test_what_its_own_faults_mean_to_the_provider(service: Service):
    """Failed at once is failed or unclear, too many calls are for later, an old token is broken."""
    provider = Provider({"key": KEY}, base_url=service.address)
    expired = Recipient(remote_id=EXPIRED, platform=Platform.YOUTUBE)
    with pytest.raises(AccountBrokenError, match="token has expired"):
        await provider.publish(replace(a_clip("prj06harbour", X), recipients=(expired,)))
    service.simulator.fault = "fails_at_once"
    (failed,) = await provider.publish(a_clip("prj06harbour", X))
    assert failed.state is DeliveryState.FAILED
    both = await provider.publish(a_clip("prj06harbour", X, INSTAGRAM))
    assert [receipt.state for receipt in both] == [DeliveryState.ACCEPTED_UNVERIFIED] * 2
    service.simulator.fault = "busy"
    for _ in range(15):
        await service.call("GET", "social-media/accounts")
    with pytest.raises(TryLaterError):
        await provider.accounts()
    await provider.close()
