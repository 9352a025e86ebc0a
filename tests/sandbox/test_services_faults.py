"""The simulated WAHDX over real sockets misbehaves as chosen, and the provider takes it as the law says."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, OutcomeUnknownError, ProtocolBrokenError, TryLaterError
from providers.base import MediaLink, Recipient, Submission, Submitted
from providers.wahdx import Wahdx as Provider
from sandbox.services.wahdx import FAULTS
from sandbox.services.wahdx_rules import ACCOUNTS
from tests.sandbox.services_bench import (
    EXPIRED,
    JPEG,
    KEY,
    PUBLIC,
    QUICK,
    THREADS,
    TIKTOK_2,
    Service,
    wahdx_served,
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with wahdx_served(tmp_path / "wahdx") as running:
        yield running


@pytest.mark.parametrize(
    ("fault", "code", "accepted"),
    [
        ("rate_limited", 429, 0),
        ("error_before", 500, 0),
        ("error_after", 500, 1),
        ("wrong_json", 200, 1),
        ("slow", 200, 1),
        ("none", 200, 1),
    ],
)
async def test_faults_that_answer(service: Service, fault: str, code: int, accepted: int):
    """Each fault answers as it says, and accepts the post or not."""
    service.simulator.fault = fault
    begun = time.monotonic()
    answer, reply = await service.post(THREADS, "a.jpg")
    assert answer == code
    assert ("publish_id" in str(reply)) == (fault in ("slow", "none"))
    assert len(service.posts(THREADS)) == accepted
    assert (time.monotonic() - begun >= QUICK.slow) == (fault == "slow")


@pytest.mark.parametrize(("fault", "accepted"), [("drop_before", 0), ("drop_after", 1)])
async def test_faults_that_cut_the_connection(service: Service, fault: str, accepted: int):
    """The connection breaks without an answer, before or after accepting."""
    service.simulator.fault = fault
    with pytest.raises(aiohttp.ClientConnectionError):
        await service.post(THREADS, "a.jpg")
    assert len(service.posts(THREADS)) == accepted


async def test_rate_limits_hold_for_reading_too(service: Service):
    """While it is overloaded every call is told to wait."""
    service.simulator.fault = "rate_limited"
    code, _ = await service.call("GET", "accounts")
    assert code == 429


async def test_never_finishing_ends_when_it_is_switched_off(service: Service):
    """TikTok's work stands still while the fault is chosen, and goes on afterwards."""
    service.simulator.fault = "never_finishes"
    _, reply = await service.post(TIKTOK_2, "v.mp4", tiktokSettings=PUBLIC)
    publish_id = reply["data"]["publish_id"]
    await asyncio.sleep(3 * QUICK.processing)
    assert (await service.status(TIKTOK_2, publish_id))["status"].startswith("PROCESSING_")
    service.simulator.fault = "none"
    await service.until(TIKTOK_2, publish_id, lambda data: data["status"] == "PUBLISH_COMPLETE")


def a_submission(account_id: str, url: str) -> Submission:
    platform = next(Platform(item.platform) for item in ACCOUNTS if item.id == account_id)
    return Submission(
        key="k",
        caption="Hello",
        title="",
        kind=Kind.PHOTOS,
        media=(MediaLink(url=url, content_type="image/jpeg", size=len(JPEG)),),
        recipients=(Recipient(remote_id=account_id, platform=platform),),
    )


MEANING = {
    "none": DeliveryState.PUBLISHED,
    "slow": DeliveryState.PUBLISHED,
    "never_finishes": DeliveryState.PUBLISHED,  # not TikTok
    "rate_limited": TryLaterError,
    "error_before": OutcomeUnknownError,
    "error_after": OutcomeUnknownError,
    "drop_before": OutcomeUnknownError,
    "drop_after": OutcomeUnknownError,
    "wrong_json": ProtocolBrokenError,
}


@pytest.mark.parametrize("fault", [fault.key for fault in FAULTS])
async def test_what_a_fault_means_to_the_provider(service: Service, fault: str):
    """Over real sockets each fault is what the law of retries says, after one call."""
    service.simulator.fault = fault
    meaning = MEANING[fault]
    provider = Provider({"key": KEY}, base_url=service.address)
    submission = a_submission(THREADS, f"{service.files}/a.jpg")
    if isinstance(meaning, DeliveryState):
        assert [receipt.state for receipt in await provider.publish(submission)] == [meaning]
    else:
        with pytest.raises(meaning) as caught:
            await provider.publish(submission)
        assert type(caught.value) is meaning
        assert getattr(caught.value, "retry_after", 5) == 5
    await provider.close()
    assert service.simulator.calls == 1


async def test_the_provider_follows_posts_to_their_ends(service: Service):
    """Accounts, limits, publishing and the batch of questions fit together."""
    provider = Provider({"key": KEY}, base_url=service.address)
    accounts = await provider.accounts()
    assert [account.usable for account in accounts] == [True] * 5 + [False]
    limits = [await provider.account_limits(account.remote_id) for account in accounts]
    assert [found is not None for found in limits] == [True, True, False, False, False, False]
    questions = []
    for account in accounts[:-1]:
        submission = a_submission(account.remote_id, f"{service.files}/a.jpg")
        (receipt,) = await provider.publish(submission)
        questions.append(
            Submitted(
                account_remote_id=account.remote_id,
                remote_id=receipt.remote_id,
                platform=account.platform,
                kind=Kind.PHOTOS,
            )
        )
    with pytest.raises(AccountBrokenError):
        await provider.publish(a_submission(EXPIRED, f"{service.files}/a.jpg"))
    deadline = time.monotonic() + 5
    while not all(receipt.link for receipt in await provider.status(questions)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    links = [receipt.link for receipt in await provider.status(questions)]
    assert links == [post.link for item in service.simulator.feed() for post in item.posts]
    await provider.close()


async def test_a_wrong_key_breaks_the_account(service: Service):
    """A key the service does not know must be given anew."""
    provider = Provider({"key": "sk_other"}, base_url=service.address)
    with pytest.raises(AccountBrokenError, match="Invalid API key"):
        await provider.accounts()
    await provider.close()
