"""WayinVideo, clips: following a project and uploading as its documentation shows."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.domain.clip import Clip
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    TryLaterError,
)
from providers.clips import ClipJob, ClipJobState, ClipOrder
from providers.submission import MediaFile
from providers.wayinvideo.service import WayinVideo
from tests.providers.wayinvideo_bench import MP4, Wire, a_file, ask, example

LINK = "https://www.youtube.com/watch?v=example"
NOT_FOUND = httpx.Response(404, json={"status": 404, "error": "Not Found"})


async def job(*answers: Any) -> ClipJob:
    return await ask(Wire(*answers), lambda wayin: wayin.clip_job("proj_xyz789"))


async def test_the_project_of_the_documentation():
    """Clips come with times in seconds, texts, tags, score and links; the project with its end."""
    found = await job(example("project"))
    assert found.state is ClipJobState.READY
    assert found.expires_at == datetime.fromtimestamp(1741824000, UTC)
    assert found.clips[0] == Clip(
        index=0,
        title="sample title",
        seconds=60.0,
        caption="sample description",
        tags=("insight", "analysis"),
        score=81.0,
        thumbnail_url="https://cdn.example.com/thumb/clip_001.jpg",
        video_url="https://cdn.example.com/export/clip_001.mp4",
    )
    assert [clip.index for clip in found.clips] == [0, 1]


async def test_times_may_be_texts():
    """One page of the documentation shows times as texts, and no score or link."""
    (clip,) = (await job(example("project_texts"))).clips
    assert (clip.seconds, clip.score, clip.video_url) == (60.0, None, "")


async def test_what_nobody_would_send_is_left_aside():
    """Numbers that are none, a time no calendar has and addresses nobody can open count as not told."""
    clip = {"idx": 0, "begin_ms": "NaN", "end_ms": "soon", "score": "high", "thumbnail": "data:x"}
    project = {"id": "p", "status": "ONGOING", "expire_at": 1e30, "clips": [clip]}
    found = await job({"data": project})
    assert found.expires_at is None
    assert found.clips == (Clip(index=0, title="", seconds=0.0),)
    assert (await job({"data": project | {"expire_at": "never"}})).expires_at is None
    failed = await job({"data": {"id": "p", "status": "FAILED", "error_message": "x" * 5_000}})
    assert len(failed.reason) < 600


@pytest.mark.parametrize("status", ["CREATED", "QUEUED", "ONGOING", "RENDERING", None])
async def test_a_project_under_way(status: str | None):
    """Until it succeeds a project is worked on, also in words nobody documented."""
    found = await job({"data": {"id": "p", "status": status, "clips": None}})
    assert found.state is ClipJobState.WORKING


async def test_partial_clips_are_shown_but_not_ready():
    """While it is under way a project tells the clips it has, even with their links."""
    data = example("project")["data"] | {"status": "ONGOING"}
    found = await job({"data": data})
    assert (found.state, len(found.clips)) == (ClipJobState.WORKING, 2)


@pytest.mark.parametrize(
    ("links", "words"),
    [([], "no clip yet"), ([1, 0], "1 of 2 clips"), ([0, 0], "2 of 2 clips"), ([1, 1], "")],
)
async def test_success_is_not_enough(links: list[int], words: str):
    """A project is ready when every clip has a link; until then it says what it waits for."""
    clips = [
        {"idx": at, "export_link": "https://x" if has else None} for at, has in enumerate(links)
    ]
    found = await job({"data": {"id": "p", "status": "SUCCEEDED", "clips": clips}})
    assert found.state is (ClipJobState.WORKING if words else ClipJobState.READY)
    assert words in found.reason
    assert ("without export" in found.reason) == (links == [0, 0])


async def test_a_failed_project_says_why():
    """`error_message` is the reason."""
    data = {"id": "p", "status": "FAILED", "error_message": "Video is private"}
    found = await job({"data": data})
    assert found.state is ClipJobState.FAILED
    assert "Video is private" in found.reason


async def test_a_project_is_looked_for_in_both_places_once():
    """An id does not tell its kind: both are asked, and from then on only the right one."""
    wire = Wire(NOT_FOUND, *[httpx.Response(200, json=example("project")) for _ in range(3)])

    async def thrice(wayin: WayinVideo) -> None:
        for _ in range(2):
            assert (await wayin.clip_job("prj/06")).project_id == "proj_xyz789"

    await ask(wire, thrice)
    moments = "GET /api/v2/clips/find-moments/results/prj%2F06"
    assert wire.asked == ["GET /api/v2/clips/results/prj%2F06", moments, moments]


async def test_what_was_ordered_is_asked_for_in_its_place():
    """The kind of an order is known."""
    wire = Wire(*[httpx.Response(200, json=example("project_created")) for _ in range(3)])

    async def order_and_ask(wayin: WayinVideo) -> None:
        begun = await wayin.make_clips(ClipOrder(link=LINK, query="latte art"))
        await wayin.clip_job(begun.project_id)

    await ask(wire, order_and_ask)
    assert wire.asked[1] == "GET /api/v2/clips/find-moments/results/proj_xyz789"


@pytest.mark.parametrize("status", [400, 404])
async def test_a_project_that_is_nowhere(status: int):
    """Neither kind has it: gone, or an id of the website."""
    with pytest.raises(ContentRejectedError, match="no project proj_xyz789") as caught:
        await job(*[httpx.Response(status, json={"error": "x"}) for _ in range(2)])
    assert "hmtask" in caught.value.remedy


@pytest.mark.parametrize("name", ["upload", "upload_older"])
async def test_the_upload_of_the_documentation(name: str):
    """A file goes to the address that was given, without the key; `identify` is an older spelling."""
    wire = Wire(httpx.Response(200, json=example(name)), httpx.Response(200), httpx.Response(500))
    assert await ask(wire, lambda wayin: wayin.upload(a_file())) == "file_abc123"
    asked, put = wire.requests
    assert wire.asked == ["POST /api/v2/upload/single-file", "PUT /upload/presigned-url"]
    assert asked.content == b'{"name":"sample-video.mp4"}'
    assert put.content == MP4
    assert put.headers["Content-Type"] == "video/mp4"
    assert put.headers["Content-Length"] == str(len(MP4))
    assert "Authorization" not in put.headers


async def test_an_upload_that_is_refused():
    """A refusal of the storage leaves another address to ask for; one of the service is definite."""
    denied = httpx.Response(403, text="<Error><Code>AccessDenied</Code></Error>")
    storage = Wire(httpx.Response(200, json=example("upload")), denied)
    with pytest.raises(TryLaterError, match="store"):
        await ask(storage, lambda wayin: wayin.upload(a_file()))
    plan = Wire({"status": 403, "message": "Needs the Standard plan"}, status=403)
    with pytest.raises(AccountBrokenError, match="Standard plan"):
        await ask(plan, lambda wayin: wayin.upload(a_file()))
    without_bytes = MediaFile(url="https://x/v.mp4", content_type="video/mp4", size=1, name="v.mp4")
    with pytest.raises(ContentRejectedError, match="bytes"):
        await ask(plan, lambda wayin: wayin.upload(without_bytes))


def test_what_can_be_uploaded_is_declared():
    """Four kinds of video, up to 5 GB, to cut clips from."""
    upload = WayinVideo.capabilities.upload
    assert upload is not None
    assert upload.types == {"video/mp4", "video/quicktime", "video/webm", "video/x-msvideo"}
    assert (upload.size, upload.for_clips, upload.for_posts) == (5_000_000_000, True, False)
