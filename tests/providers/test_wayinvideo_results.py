"""WayinVideo, what an answer to a post means: every status, every refusal (seed 000)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.domain.delivery import DELIVERY_MOVES, DeliveryState
from bot.domain.platform import Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.submission import Receipt, Recipient, Submission
from providers.wayinvideo.service import WayinVideo
from tests.providers.wayinvideo_bench import Wire, a_recipient, a_submission, ask, example

CAN = WayinVideo.capabilities


async def receipts_for(data: Any, submission: Submission | None = None) -> list[Receipt]:
    wire = Wire({"data": {"task_id": "pubtask1", **data}})
    return await ask(wire, lambda wayin: wayin.publish(submission or a_submission()))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", DeliveryState.ACCEPTED_UNVERIFIED),
        ("SCHEDULED", DeliveryState.ACCEPTED_UNVERIFIED),
        ("PROCESSING", DeliveryState.ACCEPTED_UNVERIFIED),
        ("PARTIAL_DONE", DeliveryState.ACCEPTED_UNVERIFIED),
        ("DONE", DeliveryState.PUBLISHED),
        ("done", DeliveryState.PUBLISHED),
        ("ERROR", DeliveryState.FAILED),
        ("CANCELLED", DeliveryState.FAILED),
        ("REVIEWING", DeliveryState.ACCEPTED_UNVERIFIED),
        (None, DeliveryState.ACCEPTED_UNVERIFIED),
    ],
)
async def test_every_status_of_a_task(status: str | None, state: DeliveryState):
    """A task is seen once: failed, live, or accepted with where to look; nothing waits for ever."""
    (receipt,) = await receipts_for({"status": status})
    assert receipt.state is state
    assert receipt.remote_id == "pubtask1"
    assert bool(receipt.remedy) == (state is not DeliveryState.PUBLISHED)
    if state is DeliveryState.ACCEPTED_UNVERIFIED:
        assert CAN.results_page in receipt.remedy
    assert state in DELIVERY_MOVES[DeliveryState.SUBMITTING]


async def test_some_of_several_accounts():
    """PARTIAL_DONE does not say whom it means, so it is told to every account."""
    recipients = (a_recipient(), Recipient(remote_id="smacct2", platform=Platform.X))
    receipts = await receipts_for({"status": "PARTIAL_DONE"}, a_submission(*recipients))
    assert [receipt.state for receipt in receipts] == [DeliveryState.ACCEPTED_UNVERIFIED] * 2
    assert all("some of 2 accounts" in receipt.reason for receipt in receipts)


async def test_a_scheduled_task_says_when():
    """It is told as accepted, with its time: no answer could ever lead it out of a waiting state."""
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    times = {"schedule_id": "s1", "scheduled_at": int(at.timestamp() * 1000)}
    for told in (times, {}, {"scheduled_at": None}, {"scheduled_at": str(times["scheduled_at"])}):
        (receipt,) = await receipts_for({"status": "SCHEDULED", **told}, a_submission(at=at))
        assert receipt.state is DeliveryState.ACCEPTED_UNVERIFIED
        assert f"{at:%Y-%m-%d %H:%M} UTC" in receipt.reason
        assert CAN.results_page in receipt.remedy


@pytest.mark.parametrize(
    "answer", [{}, [], 7, {"data": None}, {"data": {}}, {"data": {"task_id": ""}}, {"task_id": "1"}]
)
async def test_an_answer_that_does_not_fit(answer: Any):
    """What cannot be understood was perhaps accepted; the answer is kept."""
    with pytest.raises(ProtocolBrokenError) as caught:
        await ask(Wire(answer), lambda wayin: wayin.publish(a_submission()))
    assert caught.value.excerpt


def spring(status: int, message: str = "") -> dict[str, Any]:
    words = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}
    body = {"timestamp": "t", "status": status, "error": words.get(status, "Error"), "path": "/p"}
    return body | ({"message": message} if message else {})


@pytest.mark.parametrize(
    ("status", "message", "error", "said"),
    [
        (400, "title is required for YouTube", ContentRejectedError, "title is required"),
        (400, "", ContentRejectedError, "Bad Request"),
        (400, "JSON parse error: Unrecognized token 'x'", ContentRejectedError, "JSON parse"),
        (404, "Project not found", ContentRejectedError, "Project not found"),
        (400, "Account token has expired. Reconnect the account.", AccountBrokenError, "expired"),
        (400, "Social account token error", AccountBrokenError, "token error"),
        (400, "Insufficient API Units", AccountBrokenError, "API Units"),
        (403, "", AccountBrokenError, "Forbidden"),
        (401, "", AccountBrokenError, "Error"),
        (429, "", TryLaterError, "slow down"),
        (500, "Account token has expired", OutcomeUnknownError, "publish"),
    ],
)
async def test_what_a_refusal_means(status: int, message: str, error: type, said: str):
    """`message` says more than `error`; a token or a key is the account, the rest the content."""
    wire = Wire(spring(status, message), status=status)
    with pytest.raises(error) as caught:
        await ask(wire, lambda wayin: wayin.publish(a_submission()))
    assert type(caught.value) is error
    assert said in caught.value.message
    assert len(wire.requests) == 1


async def test_the_refusals_of_the_documentation():
    """A bad key is 403, too many calls are 429."""
    for name, error in (("forbidden", AccountBrokenError), ("busy", TryLaterError)):
        body = example(name)
        wire = Wire(httpx.Response(body["status"], json=body))
        with pytest.raises(error):
            await ask(wire, lambda wayin: wayin.accounts())


async def test_calls_keep_to_fifteen_a_minute(monkeypatch: pytest.MonkeyPatch):
    """The sixteenth call in a minute waits until the first is a minute old."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("providers.pace.asyncio.sleep", sleep)
    wire = Wire(*[httpx.Response(200, json=example("accounts")) for _ in range(17)])

    async def sixteen(wayin: WayinVideo) -> None:
        for _ in range(16):
            await wayin.accounts()

    await ask(wire, sixteen)
    assert [round(wait) for wait in waits] == [60]
