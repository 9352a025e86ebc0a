"""What Copydesk makes of every answer that the real OpenShorts server gave."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.clip import ClipRef
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProviderError,
    TryLaterError,
)
from providers.clips import ClipJobState, ClipOrder
from tests.providers.openshorts_bench import (
    ALL,
    JOB,
    RECORDED,
    a_submission,
    ask,
    recorded_wire,
)

SENT_NOW = [DeliveryState.SUBMITTED] * 3
SCHEDULED = [DeliveryState.SCHEDULED_AT_PROVIDER] * 3

# An answer to a post: the states, or the error and words of it.
POSTS: dict[str, Any] = {
    "post_while_processing_partial": SENT_NOW,
    "post_ok_defaults": SENT_NOW,
    "post_ok_title_description": SENT_NOW,
    "post_ok_same_again": SENT_NOW,
    "post_ok_scheduled": SCHEDULED,
    "post_ok_scheduled_no_tz": SCHEDULED,
    "post_ok_scheduled_null_tz": SCHEDULED,
    "post_scheduled_past": SCHEDULED,
    "post_empty_platforms": SENT_NOW,
    "post_unknown_platform": SENT_NOW,
    "post_negative_index": SENT_NOW,
    "post_header_key_wins": SENT_NOW,
    "post_header_key_only": SENT_NOW,
    "post_header_user_query_ignored": SENT_NOW,
    "post_while_processing_no_clips_yet": (ContentRejectedError, "Job result not available"),
    "post_index_out_of_range": (OutcomeUnknownError, "HTTP 500"),
    "post_job_unknown": (ContentRejectedError, "Job not found"),
    "post_job_failed": (ContentRejectedError, "Job result not available"),
    "post_missing_key": (AccountBrokenError, "Missing Upload-Post API key"),
    "post_missing_user": (AccountBrokenError, "Missing Upload-Post user profile"),
    "post_missing_platforms": (ContentRejectedError, "body.platforms: Field required"),
    "post_missing_job": (ContentRejectedError, "body.job_id: Field required"),
    "post_bad_index_type": (ContentRejectedError, "body.clip_index: Input should be a valid"),
    "post_vendor_401": (AccountBrokenError, "Invalid or expired token"),
    "post_vendor_429": (AccountBrokenError, "Monthly upload limit reached"),
    "post_vendor_400": (AccountBrokenError, "User not found"),
    "post_vendor_500": (OutcomeUnknownError, "HTTP 500"),
    "post_vendor_200_html": (OutcomeUnknownError, "HTTP 500"),
    "post_vendor_dropped": (OutcomeUnknownError, "HTTP 500"),
    "post_upstream_timeout": (OutcomeUnknownError, "HTTP 500"),
    "post_not_json": (ContentRejectedError, "body.1: JSON decode error"),
    "post_get": (AccountBrokenError, "Method Not Allowed"),
    "post_video_file_missing": (ContentRejectedError, "Video file not found"),
}

# An answer to the question for profiles: the platforms of the profile, or the error.
USERS: dict[str, Any] = {
    "user_ok": [Platform.TIKTOK],
    "user_empty": [],
    "user_missing_key": (AccountBrokenError, "Missing X-Upload-Post-Key header"),
    "user_bad_key": (AccountBrokenError, "Invalid or expired token"),
    "user_vendor_429": (TryLaterError, "Monthly upload limit reached"),
    "user_vendor_500": (TryLaterError, "HTTP 500"),
    "user_vendor_html": (TryLaterError, "HTTP 500"),
    "user_vendor_drop": (TryLaterError, "HTTP 500"),
}

# An answer about a job: how far it is, and how many clips can be chosen.
JOBS: dict[str, Any] = {
    "status_queued_or_processing": (ClipJobState.WORKING, 0),
    "status_processing_partial": (ClipJobState.WORKING, 0),
    "status_completed": (ClipJobState.READY, 2),
    "status_failed": (ClipJobState.FAILED, 0),
    "status_after_server_restart": (ClipJobState.READY, 0),
}

# An answer to an order: the job's id begins so, or the error.
ORDERS: dict[str, Any] = {
    "process_file_ok": "09172eae",
    "process_file_fail_submit": "9d8213e0",
    "process_no_ack": (ContentRejectedError, "You must confirm you own the content"),
    "process_no_input": (ContentRejectedError, "Must provide URL or File"),
    "process_bad_target_clips": (ContentRejectedError, "target_clips must be between 1 and 15"),
}

# Answers to calls that Copydesk does not make: what they would mean all the same.
OTHERS: dict[str, Any] = {
    "scheduled_list": None,
    "scheduled_cancel_ok": None,
    "scheduled_list_no_user": (AccountBrokenError, "Missing Upload-Post user profile"),
    "scheduled_list_no_key": (AccountBrokenError, "Missing X-Upload-Post-Key header"),
    "scheduled_cancel_unknown": (ContentRejectedError, "Scheduled post not found"),
    "scheduled_bad_key": (AccountBrokenError, "Invalid or expired token"),
    "analytics": (ContentRejectedError, 'Vendor API Error: {"message": "no"}'),
}
TOLD_ELSEWHERE = {"config", "health", "status_unknown"}


async def failure(call: Any, meaning: tuple[type[ProviderError], str]) -> None:
    """A call fails with exactly this class, in these words, and says what to do."""
    kind, words = meaning
    with pytest.raises(ProviderError) as caught:
        await call
    assert (type(caught.value), words in caught.value.message) == (kind, True), caught.value
    assert caught.value.remedy or kind is TryLaterError
    assert "YOUR_UPLOAD_POST_KEY" not in str(caught.value)


def test_every_recorded_exchange_has_its_meaning():
    """An exchange that is added is sorted by a person."""
    tables = [POSTS, USERS, JOBS, ORDERS, OTHERS]
    assert {*TOLD_ELSEWHERE}.union(*tables) == RECORDED.keys()
    assert sum(map(len, tables)) + len(TOLD_ELSEWHERE) == len(RECORDED) == 61


@pytest.mark.parametrize("name", POSTS)
async def test_answers_to_a_post(name: str):
    """Accepted under an id, refused for good, or nobody knows: only the text of a 500 tells."""
    wire = recorded_wire(name)
    call = ask(wire, lambda provider: provider.publish(a_submission()))
    if isinstance(POSTS[name], tuple):
        await failure(call, POSTS[name])
    else:
        receipts = await call
        assert [receipt.state for receipt in receipts] == POSTS[name]
        assert {receipt.remote_id.partition(":")[2] for receipt in receipts} <= {
            "req_abc",
            "sched123",
        }
    assert [item.method for item in wire.requests] == ["GET", "POST"]


@pytest.mark.parametrize("name", USERS)
async def test_answers_about_profiles(name: str):
    """The platforms of the profile; no profiles are no error; a bad key is one."""
    call = ask(recorded_wire(name), lambda provider: provider.accounts(), profile="brand")
    if isinstance(USERS[name], tuple):
        await failure(call, USERS[name])
    else:
        assert [account.platform for account in await call] == USERS[name]


@pytest.mark.parametrize("name", JOBS)
async def test_answers_about_a_job(name: str):
    """Clips can be chosen when the job is completed, and not while they stand elsewhere."""
    response = RECORDED[name]["response"]
    wire = recorded_wire(name, answers={("GET", JOB): (response["status"], response["body"])})
    job = await ask(wire, lambda provider: provider.clip_job(JOB))
    assert (job.state, len(job.clips)) == JOBS[name]
    assert job.progress == response["body"]["logs"][-1]
    assert job.reason == ("GeminiBlockedError: blocked" if name == "status_failed" else "")


@pytest.mark.parametrize("name", ORDERS)
async def test_answers_to_an_order(name: str):
    """A job that begins, or a refusal in the server's words."""
    order = ClipOrder(link="https://video.example/v.mp4", agreed=True)
    call = ask(recorded_wire(name), lambda provider: provider.make_clips(order))
    if isinstance(ORDERS[name], tuple):
        await failure(call, ORDERS[name])
    else:
        job = await call
        assert job.project_id.startswith(ORDERS[name])
        assert job.state is ClipJobState.WORKING


@pytest.mark.parametrize("name", OTHERS)
async def test_answers_to_other_calls(name: str):
    """Errors keep their meaning wherever they come; a success of another kind is no job."""
    response = RECORDED[name]["response"]
    wire = recorded_wire(name, answers={("GET", "/job"): (response["status"], response["body"])})
    call = ask(wire, lambda provider: provider.clip_job("job"))
    if OTHERS[name] is None:
        with pytest.raises(ProviderError, match="unexpected form"):
            await call
    else:
        await failure(call, OTHERS[name])


async def test_an_unknown_job_is_told_with_a_remedy():
    """Jobs are deleted after a day: the clips must be made again."""
    response = RECORDED["status_unknown"]["response"]
    wire = recorded_wire(
        "status_unknown", answers={("GET", "/nope"): (response["status"], response["body"])}
    )
    await failure(
        ask(wire, lambda provider: provider.clip_job("nope")),
        (ContentRejectedError, "Job not found"),
    )
    submission = a_submission(*ALL, clip=ClipRef(project_id="nope", index=0))
    await failure(
        ask(wire, lambda provider: provider.publish(submission)),
        (ContentRejectedError, "Job not found"),
    )
    assert [request.method for request in wire.requests] == ["GET", "GET"]


async def test_a_word_nobody_documented_means_work():
    """A status that is not known is no end, so the job is asked about again."""
    job = await ask(
        recorded_wire("health", answers={("GET", JOB): (200, {"status": "ok"})}),
        lambda provider: provider.clip_job(JOB),
    )
    assert (job.state, job.clips, job.progress) == (ClipJobState.WORKING, (), "")


async def test_how_long_clips_are_kept_is_asked():
    """What the server's configuration says; a day where it does not tell."""
    order = ClipOrder(link="https://video.example/v.mp4", agreed=True)
    config = RECORDED["config"]["response"]["body"]
    begun = RECORDED["process_file_ok"]["response"]["body"]
    days: list[int] = []
    for answer in (config | {"jobRetentionSeconds": 3 * 86_400}, config, {"detail": "Not Found"}):
        wire = recorded_wire("process_file_ok", answers={("GET", "/api/config"): (200, answer)})
        job = await ask(wire, lambda provider: provider.make_clips(order))
        assert (job.project_id, bool(job.expires_at)) == (begun["job_id"], True)
        days.append(lasts(job.expires_at))
    assert days == [3, 1, 1]


def lasts(moment: datetime) -> int:
    """Whole days from now on."""
    return round((moment - datetime.now(UTC)) / timedelta(days=1))
