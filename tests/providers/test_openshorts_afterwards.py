"""What becomes of a post of OpenShorts, as Upload-Post tells with the same key."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import AccountBrokenError, TryLaterError
from providers.openshorts.afterwards import DRAFT, UNVERIFIABLE
from providers.openshorts.service import OpenShorts
from providers.submission import Receipt
from tests.providers.openshorts_bench import Wire, a_question, a_submission, ask, example

LATER = datetime.now(UTC) + timedelta(days=2)
STATUS = ("GET", "/api/uploadposts/status")
SCHEDULE = ("GET", "/api/uploadposts/schedule")
HISTORY = ("GET", "/api/uploadposts/history")


async def status(
    answer: Any, platform: Platform, *, code: int = 200, **credentials: str
) -> Receipt:
    """The receipt of one question."""
    wire = Wire(answers={STATUS: (code, answer)})
    question = a_question(
        platform,
        "draft-request:up_abc123xyz" if platform is Platform.TIKTOK else "request:up_abc123xyz",
    )
    (receipt,) = await ask(wire, lambda provider: provider.status([question]), **credentials)
    for request in wire.requests[:1]:
        assert request.url.host == "upload-post.example"
        assert request.headers["Authorization"] == "Apikey YOUR_UPLOAD_POST_KEY"
        assert dict(request.url.params) == {"request_id": "up_abc123xyz"}
    return receipt


async def test_a_post_to_tiktok_ends_as_a_draft():
    """What Upload-Post calls done is in the creator's inbox, and the receipt says so."""
    receipt = await status(example("upload_tiktok"), Platform.TIKTOK)
    assert (receipt.state, receipt.link) == (DeliveryState.IN_INBOX, "")
    assert receipt.reason == DRAFT


async def test_a_reel_is_live():
    """Elsewhere done is live, with its address and without a word."""
    receipt = await status(example("upload_completed"), Platform.INSTAGRAM)
    assert (receipt.state, receipt.reason) == (DeliveryState.PUBLISHED, "")
    assert receipt.link == "https://www.instagram.com/reel/ABC123XYZ/"


async def test_a_failure_is_told_with_its_reason():
    """The platform's words are the reason, and not those about drafts."""
    failed = example("upload_tiktok")
    failed["results"][0] |= {"success": False, "status": "failed", "error": "Spam"}
    receipt = await status(failed, Platform.TIKTOK)
    assert receipt.state is DeliveryState.FAILED
    assert "Spam" in receipt.reason
    assert receipt.remedy


async def test_a_key_that_may_not_read():
    """The post was accepted all the same; nobody will know more."""
    receipt = await status(
        {"success": False, "message": "Invalid token"}, Platform.YOUTUBE, code=401
    )
    assert receipt.state is DeliveryState.ACCEPTED_UNVERIFIED
    assert receipt.reason.startswith(UNVERIFIABLE)
    assert "Invalid token" in receipt.reason


async def test_without_a_key_nothing_can_be_read():
    """Accepted, and no question is asked."""
    receipt = await status({}, Platform.YOUTUBE, code=500, key="")
    assert (receipt.state, receipt.reason) == (DeliveryState.ACCEPTED_UNVERIFIED, UNVERIFIABLE)


async def test_trouble_is_no_end():
    """An error of Upload-Post's own is asked about again."""
    with pytest.raises(TryLaterError):
        await status({"success": False}, Platform.YOUTUBE, code=503)


def scheduled() -> Any:
    return a_question(Platform.INSTAGRAM, "job:sched123", at=LATER)


CHANGES: dict[str, tuple[Callable[[OpenShorts], Any], str, str, DeliveryState]] = {
    "cancel": (
        lambda provider: provider.cancel(scheduled()),
        "DELETE",
        "/api/uploadposts/schedule/sched123",
        DeliveryState.CANCELLED,
    ),
    "reschedule": (
        lambda provider: provider.reschedule(scheduled(), LATER + timedelta(days=1)),
        "PATCH",
        "/api/uploadposts/schedule/sched123",
        DeliveryState.SCHEDULED_AT_PROVIDER,
    ),
    "retry": (
        lambda provider: provider.retry(scheduled()),
        "POST",
        "/api/uploadposts/posts/retry",
        DeliveryState.SUBMITTED,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_changes_are_made_at_upload_post(name: str):
    """Cancelling, moving and retrying go to Upload-Post with the same key, once."""
    call, method, path, state = CHANGES[name]
    wire = Wire({"success": True})
    receipt = await ask(wire, call)
    assert receipt.state is state
    (request,) = wire.requests
    assert (request.method, request.url.host) == (method, "upload-post.example")
    assert request.url.path == path
    assert request.headers["Authorization"] == "Apikey YOUR_UPLOAD_POST_KEY"


@pytest.mark.parametrize("name", CHANGES)
async def test_changes_need_the_key(name: str):
    """Without it Copydesk says where it can be done."""
    wire = Wire({"success": True})
    with pytest.raises(AccountBrokenError, match="without an Upload-Post key") as caught:
        await ask(wire, CHANGES[name][0], key="")
    assert "at Upload-Post" in caught.value.remedy
    assert not wire.requests


def history_item(platform: str, **parts: Any) -> dict[str, Any]:
    return {
        "platform": platform,
        "profile_username": "myusername",
        "request_id": "req_9",
        "success": True,
        "post_title": "My title",
        "post_caption": "My desc #a",
        "upload_timestamp": datetime.now(UTC).isoformat(),
        **parts,
    }


async def test_a_lost_post_is_found_in_the_history():
    """By profile, text and time; TikTok's is a draft, what is not there stays unknown."""
    found = [
        history_item("tiktok"),
        history_item("instagram", post_url="https://www.instagram.com/reel/1/"),
        history_item("youtube", profile_username="mybrand"),
    ]
    wire = Wire(answers={HISTORY: (200, {"history": found})})
    tried_at = datetime.now(UTC) - timedelta(seconds=5)
    receipts = await ask(wire, lambda provider: provider.reconcile(a_submission(), tried_at))
    assert [(item.state, item.remote_id) for item in receipts] == [
        (DeliveryState.IN_INBOX, "draft-request:req_9"),
        (DeliveryState.PUBLISHED, "request:req_9"),
        (DeliveryState.UNKNOWN, ""),
    ]
    assert receipts[0].reason == DRAFT
    assert receipts[1].link == "https://www.instagram.com/reel/1/"


async def test_a_lost_post_is_found_in_the_schedule():
    """A post for later waits under the id of its job."""
    post = {
        "job_id": "sched123",
        "scheduled_date": LATER.replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%S"),
        "profile_username": "myusername",
        "title": "My title",
    }
    wire = Wire(answers={SCHEDULE: (200, {"scheduled_posts": [post]})})
    submission = a_submission(Platform.YOUTUBE, at=LATER)
    (receipt,) = await ask(wire, lambda provider: provider.reconcile(submission, datetime.now(UTC)))
    assert receipt.state is DeliveryState.SCHEDULED_AT_PROVIDER
    assert receipt.remote_id == "job:sched123"


@pytest.mark.parametrize(
    ("credentials", "texts"), [({"key": ""}, {}), ({}, {"title": "", "caption": ""})]
)
async def test_what_cannot_be_looked_up_stays_unknown(
    credentials: dict[str, str], texts: dict[str, str]
):
    """Without a key, or without a text to know it by, people must look."""
    wire = Wire()
    receipts = await ask(
        wire,
        lambda provider: provider.reconcile(a_submission(**texts), datetime.now(UTC)),
        **credentials,
    )
    assert {receipt.state for receipt in receipts} == {DeliveryState.UNKNOWN}
    assert all(receipt.remedy for receipt in receipts)
    assert not wire.requests
