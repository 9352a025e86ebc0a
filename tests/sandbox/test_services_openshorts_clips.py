"""Cutting clips at the simulated OpenShorts: orders, how far they are, and what it refuses."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.services.openshorts.samples import CLIPS, SAMPLE_JOB
from tests.sandbox.openshorts_bench import (
    QUICK,
    Server,
    openshorts_served,
)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A simulator on a free port, with an Upload-Post beside it."""
    async with openshorts_served(tmp_path / "openshorts") as running:
        yield running


async def test_four_clips_are_there_from_the_start(server: Server):
    """The job of the documentation's examples is finished, and its videos can be fetched."""
    _, body = await server.call("GET", f"/api/status/{SAMPLE_JOB}")
    assert body["status"] == "completed"
    clips = body["result"]["clips"]
    assert [clip["viral_hook_text"] for clip in clips] == [c["viral_hook_text"] for c in CLIPS]
    videos = []
    async with aiohttp.ClientSession(server.address) as session:
        for clip in clips:
            async with session.get(clip["video_url"]) as response:
                assert response.content_type == "video/mp4"
                videos.append(await response.read())
    assert len({*videos}) == 4
    assert all(video[4:8] == b"ftyp" for video in videos)
    assert (await server.call("GET", f"/videos/{SAMPLE_JOB}/job.json"))[0] == 404


async def followed(server: Server, job_id: str) -> list[dict[str, Any]]:
    """Every different answer about a job until it ends."""
    seen: list[dict[str, Any]] = []
    deadline = time.monotonic() + 5
    while not seen or seen[-1]["status"] in ("queued", "processing"):
        assert time.monotonic() < deadline
        _, body = await server.call("GET", f"/api/status/{job_id}")
        if not seen or body != seen[-1]:
            seen.append(body)
        await asyncio.sleep(0.005)
    return seen


def an_order(**fields: Any) -> dict[str, Any]:
    return {"json": {"url": "https://video.example/v.mp4", "acknowledged": True, **fields}}


async def test_clips_are_cut_step_by_step(server: Server):
    """Queued, at work, then the clips that are done at other places, then all in their order."""
    status, body = await server.call("POST", "/api/process", **an_order(target_clips=3))
    assert (status, body["status"]) == (200, "queued")
    stages = await followed(server, body["job_id"])
    assert [stage["status"] for stage in stages] == [
        "queued",
        "processing",
        "processing",
        "completed",
    ]
    partial, whole = (stage["result"]["clips"] for stage in stages[-2:])
    assert partial == whole[1:]
    assert len(whole) == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"output_format": "round"}, "output_format"),
        ({"target_clips": 0}, "between 1 and 15"),
        ({"clip_min_seconds": "long"}, "clip_min_seconds"),
        ({"clip_min_seconds": 60, "clip_max_seconds": 30}, "must not exceed"),
    ],
)
async def test_orders_it_refuses(server: Server, fields: dict[str, Any], words: str):
    """A wrong option is 400 and begins nothing."""
    status, body = await server.call("POST", "/api/process", **an_order(**fields))
    assert status == 400
    assert words in body["detail"]


async def test_a_gemini_key_is_needed(server: Server):
    """Without a key in the call or at the server nothing is begun."""
    await server.stop()
    await server.start(gemini_key="")
    refused = {"detail": "Missing X-Gemini-Key header"}
    assert await server.call("POST", "/api/process", **an_order()) == (400, refused)
    headers = {"X-Gemini-Key": "AIza"}
    assert (await server.call("POST", "/api/process", headers=headers, **an_order()))[0] == 200


async def sent_file(server: Server, content: bytes) -> tuple[int, Any]:
    form = aiohttp.FormData({"acknowledged": "true"})
    form.add_field("file", content, filename="v.mp4", content_type="video/mp4")
    return await server.call("POST", "/api/process", data=form)


async def test_files_it_refuses(server: Server):
    """A video of less than 45 seconds is 400, one that is too large 413."""
    short = server.simulator.jobs.file(SAMPLE_JOB, "video_clip_1.mp4").read_bytes()
    status, body = await sent_file(server, short)
    assert (status, "too short" in body["detail"]) == (400, True)
    await server.stop()
    await server.start(most_bytes=1000)
    assert await sent_file(server, short) == (413, {"detail": "File too large. Max size 2048MB"})


@pytest.mark.parametrize("content", [b"no video", b""])
async def test_what_is_no_video_fails_later(server: Server, content: bytes):
    """The order is taken, and the job fails with a line that says why."""
    _, body = await sent_file(server, content)
    *_, last = await followed(server, body["job_id"])
    assert (last["status"], last["result"]) == ("failed", None)
    assert last["logs"][-2].startswith("❌ ")


async def test_faults_of_jobs(server: Server):
    """Jobs expire, fail, or ask first; a person who insists is taken at their word."""
    server.simulator.fault = "jobs_expired"
    assert (await server.call("GET", f"/api/status/{SAMPLE_JOB}"))[0] == 404
    assert (await server.post(job_id=SAMPLE_JOB))[0] == 404
    server.simulator.fault = "low_resolution"
    _, asked = await server.call("POST", "/api/process", **an_order())
    assert asked["needs_confirmation"] is True
    assert "job_id" not in asked
    server.simulator.fault = "clips_fail"
    _, taken = await server.call("POST", "/api/process", **an_order(force_low_quality=True))
    assert (await followed(server, taken["job_id"]))[-1]["status"] == "failed"


async def test_clips_that_never_finish(server: Server):
    """The work stands still while the fault is chosen, and goes on afterwards."""
    server.simulator.fault = "clips_never_finish"
    _, body = await server.call("POST", "/api/process", **an_order())
    await asyncio.sleep(6 * QUICK.processing)
    assert (await server.call("GET", f"/api/status/{body['job_id']}"))[1]["status"] == "processing"
    server.simulator.fault = "none"
    assert (await followed(server, body["job_id"]))[-1]["status"] == "completed"
