"""Making clips with OpenShorts: orders with all their options, and clips with their texts."""

import json
from collections.abc import AsyncIterator
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import httpx
import pytest

from bot.domain.options import problems
from bot.domain.platform import Kind, Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    ProviderError,
)
from providers.clips import ClipOrder
from providers.openshorts.options import CLIP_OPTIONS
from providers.openshorts.service import OpenShorts
from providers.submission import MediaFile
from tests.providers.openshorts_bench import (
    JOB,
    RECORDED,
    Wire,
    ask,
    recorded_wire,
)

OPTIONS = {
    "output_format": "vertical",
    "layouts": "auto\nsplit",
    "force_low_quality": "true",
    "target_clips": "5",
    "clip_min_seconds": "15",
    "clip_max_seconds": "60",
    "auto_hook": "false",
}
LINK = "https://video.example/v.mp4"


async def content() -> AsyncIterator[bytes]:
    yield b"first "
    yield b"second"


def a_file(**parts: Any) -> MediaFile:
    given = {"url": "", "content_type": "video/mp4", "size": 12, "name": "talk.mp4"}
    return MediaFile(**{**given, "content": content, **parts})


async def ordered(order: ClipOrder, **credentials: str) -> httpx.Request:
    """The request of an order."""
    wire = recorded_wire("process_file_ok")
    await ask(wire, lambda provider: provider.make_clips(order), **credentials)
    return wire.sent("/api/process")


async def test_an_order_from_a_link():
    """The link with every option in its own type, and the Gemini key in a header."""
    request = await ordered(
        ClipOrder(link=LINK, options=OPTIONS, agreed=True), gemini_key=" AIza1 "
    )
    assert request.headers["X-Gemini-Key"] == "AIza1"
    assert json.loads(request.content) == {
        "url": LINK,
        "acknowledged": True,
        "output_format": "vertical",
        "layouts": "auto,split",
        "force_low_quality": True,
        "target_clips": 5,
        "clip_min_seconds": 15,
        "clip_max_seconds": 60,
        "auto_hook": False,
    }


async def test_an_order_with_a_file():
    """The file goes along as a form with the same options as text."""
    request = await ordered(ClipOrder(file=a_file(), options=OPTIONS, agreed=True))
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.content)
    parts = {
        part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
        for part in form.iter_parts()
    }
    assert parts == {
        "acknowledged": b"true",
        "output_format": b"vertical",
        "layouts": b"auto,split",
        "force_low_quality": b"true",
        "target_clips": b"5",
        "clip_min_seconds": b"15",
        "clip_max_seconds": b"60",
        "auto_hook": b"false",
        "file": b"first second",
    }
    *_, file = form.iter_parts()
    assert (file.get_filename(), file.get_content_type()) == ("talk.mp4", "video/mp4")
    assert "X-Gemini-Key" not in request.headers
    assert request.headers["Content-Length"] == str(len(request.content))


async def test_a_file_that_has_an_address():
    """What cannot be handed over is fetched by the server."""
    request = await ordered(ClipOrder(file=a_file(url=LINK, content=None), agreed=True))
    assert json.loads(request.content) == {"url": LINK, "acknowledged": True}


async def test_nobody_agreed():
    """Without a person's word nothing is sent."""
    wire = recorded_wire("process_no_ack")
    with pytest.raises(ContentRejectedError) as caught:
        await ask(wire, lambda provider: provider.make_clips(ClipOrder(link=LINK)))
    assert "own this video" in caught.value.remedy
    assert not wire.requests


REFUSALS: dict[str, tuple[int, Any, type[ProviderError], str]] = {
    "low resolution": (
        200,
        {"needs_confirmation": True, "message": "Only 360p is available."},
        ContentRejectedError,
        "Only 360p is available.",
    ),
    "low resolution, no words": (
        200,
        {"needs_confirmation": True},
        ContentRejectedError,
        "low resolution",
    ),
    "too large": (
        413,
        {"detail": "File too large. Max size 2048MB"},
        ContentRejectedError,
        "Max size 2048MB",
    ),
    "too short": (
        400,
        {"detail": "Video is too short (12s). The minimum is 45 seconds."},
        ContentRejectedError,
        "too short",
    ),
    "no Gemini key": (
        400,
        {"detail": "Missing X-Gemini-Key header"},
        AccountBrokenError,
        "Missing X-Gemini-Key header",
    ),
    "an error": (500, {"detail": "boom"}, OutcomeUnknownError, "make clips"),
    "no job": (200, {"status": "queued"}, ProtocolBrokenError, "no job id"),
}


@pytest.mark.parametrize("name", REFUSALS)
async def test_orders_that_are_refused(name: str):
    """In the server's words, with a remedy; an order that may have begun is not repeated."""
    status, body, error, words = REFUSALS[name]
    wire = Wire(body, status)
    order = ClipOrder(link=LINK, agreed=True)
    with pytest.raises(error) as caught:
        await ask(wire, lambda provider: provider.make_clips(order))
    assert type(caught.value) is error
    assert words in caught.value.message
    assert caught.value.remedy
    assert len(wire.requests) == 1


async def test_trouble_after_an_order_does_not_undo_it():
    """How long clips are kept is asked afterwards, and may fail."""
    wire = recorded_wire("process_file_ok", answers={("GET", "/api/config"): (503, {})})
    job = await ask(wire, lambda provider: provider.make_clips(ClipOrder(link=LINK, agreed=True)))
    assert job.expires_at is not None


async def test_the_texts_of_clips():
    """There is no `title`: texts come by platform, and the videos at the server's address."""
    job = await ask(recorded_wire("status_completed"), lambda provider: provider.clip_job(JOB))
    first, second = job.clips
    assert (first.index, second.index) == (0, 1)
    assert (first.title, first.seconds, first.caption) == ("YT t0", 20, "ig desc 0")
    assert first.video_url == (f"http://openshorts.example:8000/videos/{JOB}/video_clip_1.mp4")
    assert first.texts == {
        Platform.TIKTOK: ("", "tt desc 0"),
        Platform.INSTAGRAM: ("", "ig desc 0"),
        Platform.YOUTUBE: ("YT t0", "ig desc 0"),
    }


async def test_a_clip_of_which_little_is_told():
    """Every field may be missing; a video elsewhere keeps its address."""
    clips = [
        {},
        {"viral_hook_text": "hook", "video_description_for_tiktok": "tt", "start": 5},
        {"video_url": "https://cdn.example/v.mp4", "title": "nobody sends this"},
    ]
    body = {"status": "completed", "result": {"clips": clips}}
    job = await ask(Wire(answers={("GET", JOB): (200, body)}), lambda it: it.clip_job(JOB))
    assert [clip.title for clip in job.clips] == ["Clip 1", "hook", "Clip 3"]
    assert [clip.seconds for clip in job.clips] == [0, 0, 0]
    assert [clip.video_url for clip in job.clips] == ["", "", "https://cdn.example/v.mp4"]
    assert job.clips[1].texts[Platform.INSTAGRAM] == ("", "tt")


@pytest.mark.parametrize("logs", [None, []])
async def test_a_failure_without_a_word(logs: list[str] | None):
    """A job that fails in silence is told so."""
    body = {"status": "failed", "logs": logs, "result": None}
    job = await ask(Wire(answers={("GET", JOB): (200, body)}), lambda it: it.clip_job(JOB))
    assert (job.reason, job.progress) == ("no reason given", "")


async def test_a_job_that_is_no_path():
    """What people paste as an id cannot lead to another address of the server."""
    unknown = RECORDED["status_unknown"]["response"]["body"]
    wire = Wire(answers={("GET", "../config"): (404, unknown)})
    with pytest.raises(ContentRejectedError, match="Job not found"):
        await ask(wire, lambda provider: provider.clip_job("../config"))
    assert wire.requests[0].url.raw_path == b"/api/status/..%2Fconfig"


def test_the_options_of_an_order():
    """Every documented option can be chosen, and a wrong value is found before it is sent."""
    assert [option.name for option in CLIP_OPTIONS] == list(OPTIONS)
    assert problems(CLIP_OPTIONS, OPTIONS, Kind.CLIP, "OpenShorts") == []
    wrong = {"target_clips": "16", "output_format": "round", "auto_hook": "yes"}
    assert len(problems(CLIP_OPTIONS, wrong, Kind.CLIP, "OpenShorts")) == 3


def test_clips_are_kept_for_a_day():
    """The declaration says how long a clip can be published, and what a person agrees to."""
    making = OpenShorts.capabilities.clip_making
    assert making is not None
    assert making.retention is not None
    assert (
        making.retention.total_seconds()
        == RECORDED["config"]["response"]["body"]["jobRetentionSeconds"]
    )
    assert making.consent
    assert (making.from_link, making.from_file, making.finds_moments) == (True, True, False)
