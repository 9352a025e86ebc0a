"""The simulated OpenShorts answers as the real server did, and keeps what it has made."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aiohttp
import pytest

from sandbox.services.openshorts.samples import SAMPLE_JOB
from sandbox.services.openshorts.service import OpenShorts
from tests.sandbox.openshorts_bench import (
    RECORDED,
    Server,
    openshorts_served,
    recorded,
    without_id,
)
from tests.sandbox.services_bench import serve

JOB = "09172eae-2663-4771-bc18-fa293bb7ebbc"
FAILED_JOB = "9d8213e0-8e91-40dc-a989-0c721c11f8af"
SLOW_JOB = "b7746c63-e77b-4576-9c24-4aa7ec23a04c"
# How far the job was when an exchange was recorded, as part of its whole time.
PARTS = {
    "status_queued_or_processing": 0.4,
    "post_while_processing_no_clips_yet": 0.4,
    "status_processing_partial": 0.7,
    "post_while_processing_partial": 0.7,
}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    """A simulator on a free port, with an Upload-Post beside it."""
    async with openshorts_served(tmp_path / "openshorts") as running:
        yield running


def kept(server: Server, job_id: str = JOB, part: float = 1.0, failure: str = "") -> None:
    """Let the simulator have the two clips of the recording."""
    clips = [
        {
            "start": 0,
            "end": 20,
            "video_title_for_youtube_short": f"YT t{number}",
            "video_description_for_tiktok": f"tt desc {number}",
            "video_description_for_instagram": f"ig desc {number}",
            "viral_hook_text": "hook",
        }
        for number in range(2)
    ]
    now = time.time()
    server.simulator.jobs.keep(
        job_id,
        clips,
        [b"v" * 1024, b"v" * 2048],
        began=now - 1000 * part,
        ready=now + 1000 * (1 - part),
        failure=failure,
    )


def without_steps(body: Any) -> Any:
    """An answer without the lines that the work itself wrote."""
    lines = [line for line in body.get("logs", []) if "step" not in line]
    return body | {"logs": lines} if "logs" in body else body


@pytest.mark.parametrize("name", [item["name"] for item in RECORDED[:-2]])
async def test_it_answers_as_the_real_server_did(server: Server, name: str):
    """The same request has the same status, the same body and the same call to Upload-Post."""
    exchange = recorded(name)
    kept(server, part=PARTS.get(name, 1.0))
    kept(server, FAILED_JOB, failure="GeminiBlockedError: blocked")
    if name == "post_video_file_missing":
        server.simulator.jobs.file(JOB, "video_clip_1.mp4").unlink()
    status, body = await server.repeat(exchange)
    response = exchange["response"]
    assert status == response["status"]
    assert without_id(without_steps(body)) == without_id(without_steps(response["body"]))
    assert server.vendor.calls == [
        {field: call[field] for field in ("method", "auth", "fields")}
        | {"path": unquote(call["path"])}
        for call in exchange["upstream_calls"]
    ]


async def test_one_post_blocks_the_whole_server(server: Server):
    """While a video is handed on nobody is answered; when Upload-Post is too slow, it says so."""
    await server.stop()
    await server.start(vendor_timeout=0.3)
    kept(server, SLOW_JOB)
    exchange = recorded("post_upstream_timeout")
    post = asyncio.create_task(server.repeat(exchange))
    await server.vendor.under_way.wait()
    health = asyncio.create_task(server.call("GET", "/health"))
    done, _ = await asyncio.wait([post, health], return_when=asyncio.FIRST_COMPLETED)
    assert post in done
    assert await post == (500, json.loads(exchange["response"]["body"]))
    assert (await health)[0] == 200
    server.vendor.let_go.set()


async def test_a_restart_keeps_what_is_finished(server: Server):
    """Finished jobs come back from disk, unfinished ones are forgotten, posts stay counted."""
    kept(server)
    kept(server, SLOW_JOB, part=0.7)
    await server.post(job_id=JOB)
    await server.stop()
    await server.start()
    expected = recorded("status_after_server_restart")["response"]
    status, body = await server.call("GET", f"/api/status/{JOB}")
    assert (status, body | {"result": None}) == (200, expected["body"] | {"result": None})
    assert len(body["result"]["clips"]) == 2
    assert (await server.call("GET", f"/api/status/{SLOW_JOB}"))[0] == 404
    assert server.simulator.calls == 1


async def test_a_body_that_is_no_json_object(server: Server):
    """A text, and a list, are 422 with the place in the body."""
    for parts in ({"data": "job"}, {"json": [1]}):
        status, body = await server.call("POST", "/api/social/post", **parts)
        assert status == 422
        assert body["detail"][0]["loc"] == ["body"]
    assert await server.call("GET", "/nowhere") == (404, {"detail": "Not Found"})


FAULTS_OF_POSTS = {
    "file_lost": "404: Video file not found: output/",
    "key_refused": "401: Vendor API Error: ",
    "limit_reached": "429: Vendor API Error: ",
    "refused": "400: Vendor API Error: ",
    "error_before": "timed out",
}


@pytest.mark.parametrize("fault", FAULTS_OF_POSTS)
async def test_faults_of_posts(server: Server, fault: str):
    """Each is 500 with the real status in the text, and reaches nobody."""
    server.simulator.fault = fault
    status, body = await server.post(job_id=SAMPLE_JOB)
    assert status == 500
    assert body["detail"].startswith(FAULTS_OF_POSTS[fault])
    assert not server.vendor.calls


async def test_an_old_job_is_deleted(server: Server):
    """A day after it was finished a job is unknown."""
    kept(server, part=1000.0)
    assert (await server.call("GET", f"/api/status/{JOB}"))[0] == 404


async def test_every_call_is_told_to_wait(server: Server):
    """While it is overloaded, reading too is 429."""
    server.simulator.fault = "rate_limited"
    assert (await server.call("GET", "/health"))[0] == 429
    assert (await server.post(job_id=SAMPLE_JOB))[0] == 429
    assert server.simulator.calls == 1


async def test_without_a_neighbour_nothing_is_posted(tmp_path: Path):
    """Alone it runs, with an empty feed, and says that Upload-Post cannot be reached."""
    simulator = OpenShorts(tmp_path, "")
    assert (simulator.feed(), simulator.media("x")) == ([], None)
    runner, address = await serve(simulator.app())
    headers = {"X-Upload-Post-Key": "k"}
    async with (
        aiohttp.ClientSession(address, headers=headers) as session,
        session.get("/api/social/user") as response,
    ):
        body = await response.json()
    await runner.cleanup()
    assert (response.status, body) == (500, {"detail": "All connection attempts failed"})
