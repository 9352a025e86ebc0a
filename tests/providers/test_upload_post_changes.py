"""Upload-Post: cancelling, moving and retrying, once; and what its refusals mean."""

import json
from typing import Any

import pytest

from bot.domain.delivery import DeliveryState as State
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.upload_post_api.client import moment
from tests.providers.upload_post_bench import (
    LATER,
    Wire,
    a_question,
    ask,
)

OUT = {"platform": "x", "success": True, "post_url": "https://x.com/p/1"}


async def test_a_cancelled_job_is_not_cancelled_twice():
    """Deleting is `cancelled`; what is gone is told as the records have it, or else so too."""
    done = {"DELETE__schedule/j1": {"success": True, "message": "Job j1 cancelled"}}
    gone = {"DELETE__schedule/j1": (404, {"success": False, "error": "Job not found"})}
    out = {"GET__status": {"status": "completed", "results": [OUT]}}
    asked = a_question("job:j1", at=LATER)
    for answers, state in (
        (done, State.CANCELLED),
        (gone, State.CANCELLED),
        (gone | out, State.PUBLISHED),
    ):
        receipt = await ask(Wire(**answers), lambda api: api.cancel(asked))
        assert receipt.state is state


async def test_a_job_is_moved():
    """The new time goes out in UTC with its zone; what is out already is told as it is."""
    done = {"PATCH__schedule/j1": {"success": True, "job_id": "j1"}}
    wire = Wire(**done)
    receipt = await ask(wire, lambda api: api.reschedule(a_question("draft-job:j1"), LATER))
    assert (receipt.state, receipt.remote_id) == (State.SCHEDULED_AT_PROVIDER, "draft-job:j1")
    assert json.loads(wire.requests[0].content) == {
        "scheduled_date": moment(LATER),
        "timezone": "UTC",
    }
    out = {"GET__status": {"status": "completed", "results": [OUT]}}
    receipt = await ask(Wire(**out), lambda api: api.reschedule(a_question("job:j1"), LATER))
    assert receipt.state is State.PUBLISHED
    with pytest.raises(ContentRejectedError, match="refused"):
        await ask(Wire(), lambda api: api.reschedule(a_question("job:j1"), LATER))
    late = {"PATCH__schedule/j1": (400, {"success": False, "error": "Job not editable"})}
    with pytest.raises(ContentRejectedError, match="not editable"):
        await ask(Wire(**late), lambda api: api.reschedule(a_question("job:j1"), LATER))


async def test_what_failed_is_retried():
    """A retry names the request or the job; when nothing failed, the state is told."""
    path = "POST__posts/retry"
    wire = Wire(**{path: {"success": True, "request_id": "r2"}})
    receipt = await ask(wire, lambda api: api.retry(a_question("draft-job:j1")))
    assert json.loads(wire.requests[0].content) == {"job_id": "j1"}
    assert (receipt.state, receipt.remote_id) == (State.SUBMITTED, "draft-request:r2")
    nothing = {path: (409, {"success": False, "message": "Nothing to retry"})}
    out = {"GET__status": {"status": "completed", "results": [OUT]}}
    receipt = await ask(Wire(**nothing, **out), lambda api: api.retry(a_question()))
    assert receipt.state is State.PUBLISHED


@pytest.mark.parametrize("call", ["cancel", "reschedule", "retry"])
async def test_a_change_without_an_answer_is_unknown(call: str):
    """A change is never made twice: trouble after it left is no answer, and so is nonsense."""
    paths = ("DELETE__schedule/j1", "PATCH__schedule/j1", "POST__posts/retry")
    more = (LATER,) if call == "reschedule" else ()
    for answer, error in (((500, {}), OutcomeUnknownError), ([1], ProtocolBrokenError)):
        wire = Wire(**dict.fromkeys(paths, answer))
        with pytest.raises(error):
            await ask(wire, lambda api: getattr(api, call)(a_question("job:j1"), *more))
        assert len(wire.requests) == 1


VIOLATION = {"platform": "x", "type": "hard_cap", "message": "Daily cap reached for x: 50/50"}


@pytest.mark.parametrize(
    ("status", "body", "error", "told"),
    [
        (400, {"message": "Title is required"}, ContentRejectedError, "Title is required"),
        (400, {"error": "Invalid limit"}, ContentRejectedError, "Invalid limit"),
        (401, {"message": "Invalid or expired token"}, AccountBrokenError, "expired token"),
        (403, {"message": "TikTok needs a paid plan"}, AccountBrokenError, "paid plan"),
        (404, {"message": "User not found"}, AccountBrokenError, "profile is gone"),
        (429, {"message": "Too many requests"}, TryLaterError, "slow down"),
        (429, {"message": "No", "violations": [VIOLATION]}, ContentRejectedError, "50/50"),
        (429, {"message": "No", "usage": {"count": 10, "limit": 10}}, AccountBrokenError, "plan"),
        (429, {"message": "Monthly upload limit reached"}, AccountBrokenError, "next month"),
        (400, {"message": "No", "invalid_platforms": {"x": "None"}}, AccountBrokenError, "Connect"),
        (400, {"error_code": "account_reauth_required"}, AccountBrokenError, "again"),
        (
            429,
            {"error_code": "account_restricted", "restricted_until": "Monday"},
            AccountBrokenError,
            "Monday",
        ),
        (503, {"error": "reddit_unavailable"}, ContentRejectedError, "Leave Reddit out"),
        (200, {"success": False, "message": "Never"}, ContentRejectedError, "Never"),
        (503, {"message": "Busy"}, OutcomeUnknownError, "503"),
        (200, {"success": False, "request_id": "r1"}, ProtocolBrokenError, "with an id"),
    ],
)
async def test_refusals_mean_what_is_documented(status: int, body: Any, error: Any, told: str):
    """Caps and quotas do not pass by waiting minutes; a busy service does."""
    wire = Wire(POST__upload_text=(status, {"success": False} | body))
    with pytest.raises(error) as caught:
        await ask(wire, lambda api: api.upload("/upload_text", [("title", "Hi")], key="k"))
    assert told in str(caught.value)
    assert wire.requests[0].headers["Idempotency-Key"] == "k"
