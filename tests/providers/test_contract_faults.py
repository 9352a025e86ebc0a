"""What every provider does when its service misbehaves, through its simulator over real sockets.

The same faults at every service: what each means, how often the service was asked to publish, and
what people then see of it.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.delivery import DeliveryState
from bot.errors import OutcomeUnknownError, ProviderError, TryLaterError
from providers.base import ReadsStatus
from providers.call import Call
from providers.capabilities import Idempotency
from providers.catalogue import PROVIDERS
from sandbox.services.faults import COMMON
from tests.providers import contract_simulated
from tests.providers.contract_recorded import contract, no_secret
from tests.providers.contract_simulated import QUICK, Scene, played

# Fault: the class of the error (empty: none), and how many posts people then see.
MEANINGS = {
    "none": ("", 1),
    "slow": ("", 1),
    "rate_limited": ("TryLaterError", 0),
    "refused": ("ContentRejectedError", 0),
    "error_before": ("OutcomeUnknownError", 0),
    "error_after": ("OutcomeUnknownError", 1),
    "drop_before": ("OutcomeUnknownError", 0),
    "drop_after": ("OutcomeUnknownError", 1),
    "wrong_json": ("ProtocolBrokenError", 1),
    "missing_fields": ("ProtocolBrokenError", 1),
    "huge_body": ("ProtocolBrokenError", 1),
}
LOST = [fault for fault, (error, posts) in MEANINGS.items() if error and posts]
"""Faults after which the post is there although its answer was lost."""


IDEMPOTENT = [
    name
    for name, provider in sorted(PROVIDERS.items())
    if provider.capabilities.idempotency is not Idempotency.NONE
]


@pytest.fixture(params=sorted(PROVIDERS))
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    """Each service of the catalogue; one without simulator or answers fails here."""
    async with played(request.param, tmp_path) as playing:
        yield playing


def test_every_common_fault_has_its_meaning():
    """A fault that is added to all simulators is sorted by a person."""
    assert MEANINGS.keys() == {fault.key for fault in COMMON}


def test_a_service_without_answers_fails():
    """A service that is only in the catalogue is not taken for tested."""
    with pytest.raises(pytest.fail.Exception, match="nobody has no recorded answers"):
        contract("nobody")


def test_a_service_without_simulator_fails(monkeypatch: pytest.MonkeyPatch):
    """Nor is one that nothing simulates."""
    monkeypatch.setattr(contract_simulated, "SIMULATORS", {})
    with pytest.raises(pytest.fail.Exception, match="wahdx has no simulator"):
        Scene("wahdx")


async def test_a_simulator_has_the_common_faults(scene: Scene):
    """Whoever tries a service out can choose the same faults as at any other."""
    assert list(scene.simulator.faults[: len(COMMON)]) == list(COMMON)
    assert scene.simulator.name == scene.name
    assert scene.simulator.label == scene.capabilities.label


@pytest.mark.parametrize("fault", [fault for fault, (error, _) in MEANINGS.items() if error])
async def test_what_a_fault_means(scene: Scene, fault: str):
    """The law of retries holds after one call, no second write, nothing secret in the error."""
    error, posts = MEANINGS[fault]
    differs = scene.case.get("differs", {}).get(fault, {})
    if differs:
        assert differs["why"]
        error = differs["error"]
    submission = await scene.submission()
    scene.fault(fault)
    with pytest.raises(ProviderError) as caught:
        await scene.provider.publish(submission)
    failure = caught.value
    no_secret(scene.secrets, failure)
    assert type(failure).__name__ == error, failure
    assert scene.simulator.calls == differs.get("calls", 1)
    assert len(scene.posts) == posts
    if isinstance(failure, TryLaterError):
        assert failure.retry_after == 5
    if error in ("ContentRejectedError", "OutcomeUnknownError", "ProtocolBrokenError"):
        assert failure.remedy


@pytest.mark.parametrize("fault", ["none", "slow"])
async def test_an_accepted_post_reaches_its_end(scene: Scene, fault: str):
    """However late the answer is: one receipt, one post, and its end read as declared."""
    submission = await scene.submission()
    scene.fault(fault)
    (receipt,) = await scene.provider.publish(submission)
    assert receipt.state == DeliveryState(scene.case["accepted"])
    assert receipt.remote_id
    assert (scene.simulator.calls, len(scene.posts)) == (1, 1)
    end = await scene.end_of(submission, receipt)
    assert end.state == DeliveryState(scene.case["ends"])
    assert end.remote_id == receipt.remote_id
    assert (scene.simulator.calls, len(scene.posts)) == (1, 1)
    if submission.media:
        (post,) = scene.posts
        assert [item.type for item in post.media] == [
            item.content_type for item in submission.media
        ]


async def test_accounts_come_with_the_one_that_is_posted_to(scene: Scene):
    """The account of the contract is in the list, usable; a service told to wait says so."""
    accounts = {account.remote_id: account for account in await scene.provider.accounts()}
    assert accounts[scene.case["recipient"]["remote_id"]].usable
    assert len(accounts) > 1
    scene.fault("rate_limited")
    with pytest.raises(TryLaterError) as caught:
        await scene.provider.accounts()
    no_secret(scene.secrets, caught.value)


@pytest.mark.parametrize("name", sorted(PROVIDERS))
async def test_an_answer_that_comes_too_late(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Whoever gives up waiting for a post that is out does not know, and does not ask again."""
    async with played(name, tmp_path, replace(QUICK, slow=60)) as scene:
        submission = await scene.submission()
        scene.fault("slow")
        monkeypatch.setattr(Call, "seconds", lambda call, size: 0.5)
        with pytest.raises(OutcomeUnknownError) as caught:
            await scene.provider.publish(submission)
        no_secret(scene.secrets, caught.value)
        assert (scene.simulator.calls, len(scene.posts)) == (1, 1)


async def test_work_that_does_not_end(scene: Scene):
    """A service that never finishes has the post under way, and ends when it goes on."""
    if "never_finishes" not in [fault.key for fault in scene.publisher.faults]:
        assert scene.case["accepted"] == scene.case["ends"]
        return
    assert isinstance(scene.provider, ReadsStatus)
    submission = await scene.submission()
    scene.publisher.fault = "never_finishes"
    (receipt,) = await scene.provider.publish(submission)
    for _ in range(5):
        (read,) = await scene.provider.status([scene.submitted(submission, receipt)])
        assert read.state is DeliveryState.SUBMITTED
        await asyncio.sleep(QUICK.processing)
    scene.publisher.fault = "none"
    assert (await scene.end_of(submission, receipt)).state == DeliveryState(scene.case["ends"])


async def test_the_same_submission_twice(scene: Scene):
    """An idempotent service publishes once and answers alike; any other publishes twice, which is
    why nothing is repeated by itself.
    """
    submission = await scene.submission()
    first = await scene.provider.publish(submission)
    second = await scene.provider.publish(submission)
    assert scene.simulator.calls == 2
    if scene.capabilities.idempotency is Idempotency.NONE:
        assert len(scene.posts) == 2
        return
    assert len(scene.posts) == 1
    assert [item.remote_id for item in first] == [item.remote_id for item in second]
    other = await scene.submission(key="post-1-revision-2", caption=scene.case["caption"] + " 2")
    assert (await scene.provider.publish(other))[0].remote_id != first[0].remote_id


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("name", IDEMPOTENT)
async def test_a_lost_answer_is_found_again(name: str, tmp_path: Path, fault: str):
    """Asked again with the same key, an idempotent service tells of the post it has."""
    async with played(name, tmp_path) as scene:
        submission = await scene.submission()
        scene.fault(fault)
        with pytest.raises(ProviderError):
            await scene.provider.publish(submission)
        scene.fault("none")
        (receipt,) = await scene.provider.publish(submission)
        assert len(scene.posts) == 1
        end = await scene.end_of(submission, receipt)
        assert end.state == DeliveryState(scene.case["ends"])
        assert (scene.simulator.calls, len(scene.posts)) == (2, 1)
