"""Genviral, afterwards: deleting, moving and retrying posts, and files handed over before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.domain.delivery import DeliveryState
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.genviral.service import Genviral
from providers.submission import MediaFile, Receipt
from tests.providers.genviral_bench import (
    POST,
    Wire,
    a_post,
    a_question,
    a_video,
    ask,
    example,
)

LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
DELETED = example("deleted")["data"]
PLACE = example("upload_place")["data"]


def immutable(status: str) -> tuple[int, Any]:
    words = f"Posts with status {status} cannot be edited"
    return 400, {"ok": False, "code": 400, "message": words, "error_code": "validation_failed"}


async def cancel(post: str, answer: Any = None, **answers: Any) -> tuple[Receipt, Wire]:
    wire = Wire({"POST /posts/delete": answer or example("deleted"), **answers})
    return await ask(wire, lambda genviral: genviral.cancel(a_question(post=post))), wire


async def reschedule(answer: Any, **found: Any) -> tuple[Receipt, Wire]:
    wire = Wire({f"PATCH /posts/{POST}": answer, **found})
    return await ask(wire, lambda genviral: genviral.reschedule(a_question(), LATER)), wire


async def retry(post: str, **found: Any) -> tuple[Receipt, Wire]:
    wire = Wire({"POST /posts/retry": example("retried"), **found})
    return await ask(wire, lambda genviral: genviral.retry(a_question(post=post))), wire


@pytest.mark.parametrize("post", [DELETED["deletedIds"][0], DELETED["skipped"][0]])
async def test_what_is_deleted_is_cancelled(post: str):
    """Deleted now, or gone before: either way it does not go out."""
    receipt, wire = await cancel(post)
    assert (receipt.state, receipt.remote_id) == (DeliveryState.CANCELLED, post)
    assert wire.body == {"postIds": [post]}


async def test_what_cannot_be_deleted_any_more_is_read():
    """A post that blocks deletion is told with the state it was found in."""
    post = DELETED["blockedStatuses"][0]["id"]
    receipt, wire = await cancel(post, **{f"GET /posts/{post}": a_post("posted", post=post)})
    assert receipt.state is DeliveryState.PUBLISHED
    assert wire.asked == ["POST /posts/delete", f"GET /posts/{post}"]


async def test_a_deletion_that_failed_may_be_tried_again():
    """An entry in `errors` is Genviral's own trouble."""
    (post,) = DELETED["errors"]
    with pytest.raises(TryLaterError, match="Failed to delete post"):
        await cancel(post)


async def test_a_lost_answer_to_a_deletion_may_be_asked_again():
    """Deleting twice is deleting once, so its outcome is never put to people."""
    with pytest.raises(TryLaterError):
        await cancel(POST, (500, {"ok": False, "error_code": "bulk_delete_failed"}))


async def test_a_post_is_moved():
    """Only the time is sent, never null, which would publish at once."""
    receipt, wire = await reschedule(example("updated"))
    assert wire.body == {"scheduled_at": f"{LATER:%Y-%m-%dT%H:%M:%SZ}"}
    assert receipt == Receipt(
        state=DeliveryState.SCHEDULED_AT_PROVIDER,
        remote_id=POST,
        reason="Genviral warns: Video size metadata is missing",
    )


async def test_a_post_that_cannot_be_moved_is_told_as_found():
    """What is out by now is out; what still waits was refused for another reason."""
    receipt, _ = await reschedule(immutable("posted"), **{f"GET /posts/{POST}": a_post("posted")})
    assert receipt.state is DeliveryState.PUBLISHED
    with pytest.raises(ContentRejectedError, match="cannot be edited"):
        await reschedule(immutable("scheduled"), **{f"GET /posts/{POST}": a_post("scheduled")})


async def test_a_post_is_not_moved_into_the_gap():
    """Between 30 seconds and 2 minutes ahead nothing is sent."""
    wire = Wire()
    soon = datetime.now(UTC) + timedelta(seconds=90)
    with pytest.raises(ContentRejectedError):
        await ask(wire, lambda genviral: genviral.reschedule(a_question(), soon))
    assert wire.requests == []


async def test_a_lost_answer_to_a_move_is_unknown():
    """Whether the post has its new time, only looking tells."""
    with pytest.raises(OutcomeUnknownError):
        await reschedule((500, {"ok": False, "error_code": "update_failed"}))


async def test_a_post_is_tried_again_at_one_account():
    """Only the account in question is queued again."""
    receipt, wire = await retry("post_abc123")
    assert (receipt.state, receipt.remote_id) == (DeliveryState.SUBMITTED, "post_abc123")
    assert wire.body == {"post_ids": ["post_abc123"], "account_ids": ["account-1"]}


@pytest.mark.parametrize("word", ["posted", "failed"])
async def test_a_post_that_is_not_tried_again_is_told_as_found(word: str):
    """Asked twice it publishes once: the second time its state is told, and why."""
    found = {"GET /posts/post_xyz999": a_post(word, post="post_xyz999")}
    receipt, wire = await retry("post_xyz999", **found)
    expected = {"posted": DeliveryState.PUBLISHED, "failed": DeliveryState.FAILED}
    assert receipt.state is expected[word]
    assert "Only failed or partial posts can be retried" in receipt.reason
    assert wire.asked == ["POST /posts/retry", "GET /posts/post_xyz999"]


class Storage:
    """Genviral and the store behind it."""

    def __init__(self, status: int = 200, place: Any = None) -> None:
        self.status, self.place = status, place or (201, example("upload_place"))
        self.puts: list[httpx.Request] = []
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            self.puts.append(request)
            return httpx.Response(self.status, text="<Error>signature=abc</Error>")
        self.asked.append(request)
        return httpx.Response(self.place[0], json=self.place[1])

    async def take(self, file: MediaFile) -> str:
        provider = Genviral({"key": "a.bcdefgh"}, transport=httpx.MockTransport(self))
        try:
            return await provider.upload(file)
        finally:
            await provider.close()


async def test_a_file_is_handed_over():
    """Asked for a place with the key, then put there without it, under the same content type."""
    storage = Storage()
    assert await storage.take(a_video(41.6)) == PLACE["url"]
    (asked,) = storage.asked
    assert str(asked.url) == "https://www.genviral.io/api/partner/v1/files"
    assert asked.read() == (
        b'{"contentType":"video/mp4","filename":"recap.mp4","size":9,"duration_sec":42}'
    )
    (put,) = storage.puts
    assert str(put.url) == PLACE["uploadUrl"]
    assert put.headers["Content-Type"] == "video/mp4"
    assert "Authorization" not in put.headers
    assert put.read() == b"123456789"


async def test_a_place_that_is_no_longer_good_is_no_bad_key():
    """A refusal of the store asks for another try, and quotes no signature."""
    with pytest.raises(TryLaterError) as caught:
        await Storage(403).take(a_video())
    assert "signature" not in f"{caught.value} {caught.value.excerpt}"


async def test_troubles_of_handing_over():
    """No bytes, a bad key, and a place that is no address end before anything is put."""
    file = MediaFile(url="", content_type="video/mp4", size=9)
    with pytest.raises(ContentRejectedError):
        await Storage().take(file)
    with pytest.raises(AccountBrokenError):
        await Storage(place=(401, example("invalid_token"))).take(a_video())
    odd = example("upload_place")
    odd["data"]["uploadUrl"] = "/posts/delete"
    storage = Storage(place=(201, odd))
    with pytest.raises(ProtocolBrokenError):
        await storage.take(a_video())
    assert storage.puts == []
