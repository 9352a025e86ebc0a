"""A simulated service misbehaves as chosen, seen from outside over real sockets.

What its faults mean to Copydesk is tested for every service in tests/providers/test_contract_faults.py.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError
from providers.submission import MediaFile, Recipient, Submission, Submitted
from providers.wahdx.service import Wahdx as Provider
from sandbox.services.__main__ import control
from sandbox.services.wahdx.accounts import ACCOUNTS
from sandbox.services.wahdx.service import Wahdx
from tests.sandbox.services_bench import (
    EXPIRED,
    JPEG,
    KEY,
    PUBLIC,
    QUICK,
    THREADS,
    TIKTOK_2,
    Service,
    serve,
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
        ("refused", 400, 0),
        ("wrong_json", 200, 1),
        ("missing_fields", 200, 1),
        ("huge_body", 200, 1),
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
    if fault == "slow":
        assert time.monotonic() - begun >= QUICK.slow


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


async def test_a_fault_is_chosen_while_it_runs_alone(tmp_path: Path):
    """Whoever has the key of a service that runs without the page can still choose."""
    simulator = Wahdx(tmp_path, KEY, pace=QUICK)
    app = simulator.app()
    app.middlewares.insert(0, control(simulator, KEY))
    runner, address = await serve(app)
    async with aiohttp.ClientSession() as session:
        for key, body, status, fault in (
            ("other", {"fault": "slow"}, 401, "none"),
            (KEY, {"fault": "fire"}, 400, "none"),
            (KEY, ["slow"], 400, "none"),
            (KEY, {"fault": "rate_limited"}, 200, "rate_limited"),
            (KEY, {"fault": "none"}, 200, "none"),
        ):
            headers = {"X-Sandbox-Key": key}
            url = f"{address}/sandbox/fault"
            async with session.put(url, json=body, headers=headers) as response:
                assert (response.status, simulator.fault) == (status, fault)
        headers = {"X-API-Key": KEY}
        async with session.get(f"{address}/api/content/accounts", headers=headers) as response:
            assert response.status == 200
    await runner.cleanup()


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
        media=(MediaFile(url=url, content_type="image/jpeg", size=len(JPEG)),),
        recipients=(Recipient(remote_id=account_id, platform=platform),),
    )


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
