"""Upload-Post: how far an upload is, platform by platform."""

from typing import Any

import pytest

from bot.domain.delivery import DeliveryState as State
from bot.domain.platform import Platform
from providers.upload_post_api.answers import UploadAnswer
from providers.upload_post_api.client import moment
from tests.providers.upload_post_bench import (
    EARLIER,
    LATER,
    Wire,
    a_question,
    ask,
    history,
)

DONE = {"platform": "x", "success": True, "post_url": "https://x.com/p/1"}


@pytest.mark.parametrize(
    ("word", "results", "state", "told"),
    [
        ("pending", [], State.SUBMITTED, ""),
        ("queued", [], State.SUBMITTED, ""),
        ("dreaming", [], State.SUBMITTED, "dreaming"),
        ("completed", [DONE], State.PUBLISHED, ""),
        ("completed", {"x": {"success": True, "url": "https://x.com/p/1"}}, State.PUBLISHED, ""),
        ("completed", [{"platform": "twitter"} | DONE], State.PUBLISHED, ""),
        ("in_progress", [DONE], State.PUBLISHED, ""),
        # The documentation's own example: a success that is only queued.
        (
            "in_progress",
            [{"platform": "x", "success": True, "message": "Queued"}],
            State.SUBMITTED,
            "",
        ),
        (
            "processing",
            [{"platform": "x", "status": "processing", "success": False}],
            State.SUBMITTED,
            "",
        ),
        (
            "processing",
            [{"platform": "x", "status": "resting", "success": True}],
            State.SUBMITTED,
            "resting",
        ),
        # Mixed results: each platform by itself.
        (
            "completed",
            [{"platform": "tiktok", "success": True}, {"platform": "x", "success": False}],
            State.FAILED,
            "no reason",
        ),
        ("completed", [{"platform": "x", "status": "failed", "error": "No"}], State.FAILED, "No"),
        (
            "in_progress",
            [{"platform": "x", "status": "retryable", "message": "Busy"}],
            State.FAILED,
            "Busy",
        ),
        (
            "completed",
            [{"platform": "x", "success": False, "skipped": True, "error": "None"}],
            State.FAILED,
            "None",
        ),
        ("failed", [], State.FAILED, "over an hour"),
        # After a retry both stand there: the success counts.
        (
            "completed",
            [{"platform": "x", "success": False, "error": "First"}, DONE],
            State.PUBLISHED,
            "",
        ),
        ("completed", [DONE, {"platform": "x", "success": False}], State.PUBLISHED, ""),
        ("completed", ["nonsense", None], State.SUBMITTED, "completed"),
    ],
)
async def test_a_platform_is_judged_by_its_own_result(
    word: str, results: Any, state: State, told: str
):
    """The word over all platforms decides only where the platform has no result of its own."""
    wire = Wire(GET__status={"request_id": "r1", "status": word, "results": results})
    receipt = await ask(wire, lambda api: api.status(a_question()))
    assert receipt.state is state
    assert told in receipt.reason
    assert (receipt.link != "") == (state is State.PUBLISHED)
    assert (receipt.remedy != "") == (state is State.FAILED)
    assert receipt.remote_id == "request:r1"


async def test_a_draft_ends_in_the_inbox():
    """What went to the drafts is no publication, whatever its result says."""
    results = [{"platform": "tiktok", "success": True, "post_url": "https://www.tiktok.com/"}]
    for remote_id, more in (("draft-request:r1", {}), ("request:r1", {"fallback_to_inbox": True})):
        body = {"status": "completed", "results": [results[0] | more]}
        asked = a_question(remote_id, platform=Platform.TIKTOK)
        receipt = await ask(Wire(GET__status=body), lambda api, asked=asked: api.status(asked))
        assert (receipt.state, receipt.link) == (State.IN_INBOX, "")


async def test_a_missing_address_is_in_the_history():
    """The documented status shows no address; the history of the same request has it."""
    found = {"request_id": "r1", "post_url": "https://x.com/p/9"}
    other = {"request_id": "r2", "post_url": "https://x.com/p/8"}
    status = {"status": "completed", "results": [{"platform": "x", "success": True}]}
    wire = Wire(GET__status=status, GET__history=history(other, found))
    receipt = await ask(wire, lambda api: api.status(a_question()))
    assert (receipt.state, receipt.link) == (State.PUBLISHED, "https://x.com/p/9")
    assert wire.requests[-1].url.params["request_id"] == "r1"
    wire = Wire(GET__status=status, GET__history=(500, {}))
    receipt = await ask(wire, lambda api: api.status(a_question()))
    assert (receipt.state, receipt.link) == (State.PUBLISHED, "")


async def test_a_job_waits_for_its_time():
    """A job is asked for as a job, and is scheduled until its time has come."""
    wire = Wire(GET__status={"job_id": "j1", "status": "pending", "results": []})
    receipt = await ask(wire, lambda api: api.status(a_question("job:j1", at=LATER)))
    assert receipt.state is State.SCHEDULED_AT_PROVIDER
    assert dict(wire.requests[0].url.params) == {"job_id": "j1"}
    receipt = await ask(wire, lambda api: api.status(a_question("job:j1", at=EARLIER)))
    assert receipt.state is State.SUBMITTED


async def test_a_job_that_is_gone_before_its_time_was_cancelled():
    """Neither the status nor the schedule knows it: somebody took it off there."""
    wire = Wire(GET__schedule=[])
    receipt = await ask(wire, lambda api: api.status(a_question("job:j1", at=LATER)))
    assert receipt.state is State.CANCELLED
    listed = {"job_id": "j1", "scheduled_date": moment(LATER)}
    for schedule in ([listed], {"scheduled_posts": [listed]}):
        wire = Wire(GET__schedule=schedule)
        receipt = await ask(wire, lambda api: api.status(a_question("job:j1", at=LATER)))
        assert receipt.state is State.SCHEDULED_AT_PROVIDER
    receipt = await ask(Wire(), lambda api: api.status(a_question("job:j1", at=EARLIER)))
    assert (receipt.state, receipt.reason != "") == (State.SUBMITTED, True)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"request_id": "r1"}, ["request:r1", "request:r1"]),
        ({"uploadId": "u1"}, ["request:u1", "request:u1"]),
        ({"job_id": "j1"}, ["job:j1", "job:j1"]),
        ({"results": {"x": {"success": True}, "threads": {"success": False}}}, ["", ""]),
        ({"results": {"x": {"success": True}}}, []),
        ({"success": True}, []),
    ],
)
def test_an_answer_names_every_platform_or_none(answer: dict[str, Any], told: list[str]):
    """A platform without a result needs a name to be asked for by; without one nothing is known."""
    asked = [(Platform.X, False), (Platform.THREADS, False)]
    receipts = UploadAnswer.model_validate(answer).receipts(asked)
    assert [receipt.remote_id for receipt in receipts] == told
