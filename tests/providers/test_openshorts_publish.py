"""Posting through OpenShorts: the bodies of its documentation, and what must never be sent."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from bot.domain.clip import ClipRef
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import (
    ContentRejectedError,
    TryLaterError,
)
from providers.call import PUBLISH
from providers.openshorts import turn
from providers.openshorts.afterwards import DRAFT, UNVERIFIABLE
from providers.openshorts.service import OpenShorts
from tests.providers.openshorts_bench import (
    ALL,
    CREDENTIALS,
    JOB,
    RECORDED,
    Wire,
    a_submission,
    ask,
    example,
    recorded_wire,
)

SEED_JOB = "550e8400-e29b-41d4-a716-446655440000"
SEED_CLIP = ClipRef(project_id=SEED_JOB, index=0)


async def sent(submission: Any, **credentials: str) -> dict[str, Any]:
    """The body of a post."""
    wire = Wire(example("posted"))
    await ask(wire, lambda provider: provider.publish(submission), **credentials)
    return wire.body


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("request_all_platforms", ("", "")),
        (
            "request_python",
            ("Mind-Blowing AI Secret!", "This will change everything #ai #viral"),
        ),
    ],
)
async def test_the_bodies_of_the_documentation(name: str, texts: tuple[str, str]):
    """Each example is what an equal post is sent as; texts that are not given are left out."""
    title, caption = texts
    submission = a_submission(*ALL, title=title, caption=caption, clip=SEED_CLIP)
    assert await sent(submission) == example(name)


async def test_the_scheduled_body_of_the_documentation():
    """The same moment as in the example, but always told in UTC, without a Z beside the zone."""
    expected = example("request_full")
    zone = ZoneInfo(expected["timezone"])
    at = datetime.fromisoformat(expected["scheduled_date"]).replace(tzinfo=zone)
    body = await sent(
        a_submission(
            *ALL,
            title=expected["title"],
            caption=expected["description"],
            clip=SEED_CLIP,
            at=at,
        )
    )
    in_utc = {"scheduled_date": "2026-03-15T21:30:00", "timezone": "UTC"}
    assert body == expected | in_utc


async def test_every_clip_of_a_job():
    """The documentation's last example: one post for each clip, with its own texts."""
    for index, clip in enumerate(
        RECORDED["status_completed"]["response"]["body"]["result"]["clips"]
    ):
        body = await sent(
            a_submission(
                Platform.TIKTOK,
                title=clip["video_title_for_youtube_short"],
                caption=clip["video_description_for_tiktok"],
                clip=ClipRef(project_id=JOB, index=index),
            )
        )
        assert body == {
            "job_id": JOB,
            "clip_index": index,
            "api_key": "YOUR_UPLOAD_POST_KEY",
            "user_id": "myusername",
            "platforms": ["tiktok"],
            "title": f"YT t{index}",
            "description": f"tt desc {index}",
        }


async def test_the_answer_of_the_documentation():
    """An `uploadId`, which the real server never gave, is the id all the same."""
    receipts = await ask(Wire(example("posted")), lambda provider: provider.publish(a_submission()))
    assert [receipt.remote_id for receipt in receipts] == [
        "draft-request:up_abc123xyz",
        "request:up_abc123xyz",
        "request:up_abc123xyz",
    ]


async def test_tiktok_is_told_as_a_draft():
    """Who posts to TikTok learns at once that the creator must finish it."""
    receipts = await ask(
        recorded_wire("post_ok_defaults"), lambda provider: provider.publish(a_submission())
    )
    assert [receipt.reason for receipt in receipts] == [DRAFT, "", ""]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"clip": ClipRef(project_id=JOB, index=-1)}, "no clip number -1"),
        ({"clip": None}, "the clips it has cut"),
        ({"kind": Kind.VIDEO}, "the clips it has cut"),
        ({"clip": ClipRef(project_id=JOB, index=2)}, "no clip number 2; the video has 2"),
    ],
)
async def test_a_clip_that_is_none_is_not_posted(changes: dict[str, Any], words: str):
    """A negative number would post the last clip, so nothing of the kind is sent."""
    wire = recorded_wire("post_negative_index")
    with pytest.raises(ContentRejectedError, match=words) as caught:
        await ask(wire, lambda provider: provider.publish(replace(a_submission(), **changes)))
    assert caught.value.remedy
    assert "POST" not in [request.method for request in wire.requests]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("status_processing_partial", TryLaterError),
        ("status_queued_or_processing", TryLaterError),
        ("status_failed", ContentRejectedError),
    ],
)
async def test_nothing_is_posted_before_the_job_is_completed(name: str, error: type[Exception]):
    """While a job is at work an index means another clip, and the wrong one would go out."""
    wire = recorded_wire(
        "post_while_processing_partial",
        answers={("GET", JOB): (200, RECORDED[name]["response"]["body"])},
    )
    with pytest.raises(error):
        await ask(wire, lambda provider: provider.publish(a_submission()))
    assert [request.method for request in wire.requests] == ["GET"]


async def test_the_key_goes_in_the_body():
    """As in the documentation; the server has no authentication of its own."""
    wire = recorded_wire("post_ok_defaults")
    await ask(wire, lambda provider: provider.publish(a_submission()))
    request = wire.sent("/api/social/post")
    assert str(request.url) == "http://openshorts.example:8000/api/social/post"
    assert not {"authorization", "x-upload-post-key", "x-gemini-key"} & request.headers.keys()
    assert wire.body["api_key"] == "YOUR_UPLOAD_POST_KEY"


async def test_a_server_with_a_key_of_its_own():
    """Hosted, it takes a token and no key; then nobody can read how a post ends."""
    wire = recorded_wire("post_ok_defaults")
    receipts = await ask(
        wire, lambda provider: provider.publish(a_submission()), key="", token="osk_1"
    )
    assert wire.sent("/api/social/post").headers["Authorization"] == "Bearer osk_1"
    assert "api_key" not in wire.body
    assert {receipt.state for receipt in receipts} == {DeliveryState.ACCEPTED_UNVERIFIED}
    assert {receipt.reason for receipt in receipts} == {UNVERIFIABLE}


class Server:
    """Holds every post until it is let go, and counts those it has at once."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.let_go = asyncio.Event()
        self.now, self.most = 0, 0

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json=RECORDED["status_completed"]["response"]["body"])
        self.now += 1
        self.most = max(self.most, self.now)
        self.begun.set()
        await self.let_go.wait()
        self.now -= 1
        return httpx.Response(200, json=example("posted"))


def connections(server: Server, count: int) -> list[OpenShorts]:
    transport = httpx.MockTransport(server)
    return [OpenShorts(CREDENTIALS, transport=transport) for _ in range(count)]


async def test_a_server_has_one_post_at_a_time():
    """Connections to one server take turns, since a post blocks the whole server."""
    server = Server()
    posts = [
        asyncio.create_task(provider.publish(a_submission())) for provider in connections(server, 3)
    ]
    await server.begun.wait()
    server.let_go.set()
    assert len(await asyncio.gather(*posts)) == 3
    assert server.most == 1
    assert OpenShorts.capabilities.calls_at_once == 1


async def test_a_post_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch):
    """A server that stays busy is tried again later; nothing was sent."""
    monkeypatch.setattr(turn, "LONGEST_TURN", 0.01)
    server = Server()
    first, second = connections(server, 2)
    post = asyncio.create_task(first.publish(a_submission()))
    await server.begun.wait()
    with pytest.raises(TryLaterError, match="busy with another post"):
        await second.publish(a_submission())
    server.let_go.set()
    await post
    assert await second.publish(a_submission())


def test_an_answer_is_waited_for_long_enough():
    """The server waits 120 seconds for Upload-Post, and we wait longer than it."""
    assert PUBLISH.read_seconds > 150
    assert PUBLISH.total_seconds > 150
