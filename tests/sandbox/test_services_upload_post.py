"""The simulated Upload-Post over real sockets takes and refuses uploads as documented."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox.services.base import Simulator
from sandbox.services.upload_post.rules import CAPS
from sandbox.services.upload_post.service import UploadPost
from tests.sandbox.services_bench import JPEG, MP4
from tests.sandbox.upload_post_bench import (
    KEY,
    PHOTOS,
    TEXT,
    VIDEO,
    Service,
    upload_post_served,
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with upload_post_served(tmp_path / "upload_post") as running:
        yield running


def test_it_is_a_simulator(tmp_path: Path):
    """It has what the sandbox's page asks of every simulator; no fault comes first."""
    simulator: Simulator = UploadPost(tmp_path, KEY)
    assert simulator.faults[0].key == simulator.fault == "none"
    assert simulator.base_path == "/api"


async def test_a_video_goes_to_several_platforms(service: Service):
    """One upload is one request with a result for each platform, each with its own text."""
    code, reply = await service.send(
        VIDEO,
        ["tiktok", "youtube"],
        media=["v.mp4"],
        tiktok_title="For TikTok",
        youtube_description="For YouTube",
        privacyStatus="unlisted",
    )
    assert (code, reply["total_platforms"]) == (200, 2)
    status = await service.over(request_id=reply["request_id"])
    assert [item["success"] for item in status["results"]] == [True, True]
    (tiktok,) = service.posts("harbour/tiktok")
    (youtube,) = service.posts("harbour/youtube")
    assert (tiktok.text, tiktok.visibility) == ("For TikTok", "PUBLIC_TO_EVERYONE")
    assert (youtube.title, youtube.text, youtube.visibility) == (
        "Hello",
        "For YouTube",
        "unlisted",
    )
    assert status["results"][0]["post_url"] == tiktok.link
    (kept,) = (service.simulator.media(item.url.rsplit("/", 1)[1]) for item in tiktok.media)
    assert kept
    assert kept.read_bytes() == MP4


async def test_an_upload_can_be_waited_for(service: Service):
    """Without `async_upload` the answer holds what became of it on every platform."""
    code, reply = await service.send(TEXT, ["x", "threads"], async_upload="false")
    assert (code, [item["success"] for item in reply["results"].values()]) == (200, [True, True])
    assert reply["results"]["x"]["url"] == service.posts("harbour/x")[0].link


async def test_files_may_come_with_the_form(service: Service):
    """Photos that are sent along are kept in their order, and checked like fetched ones."""
    form = aiohttp.FormData({"user": "harbour", "platform[]": "instagram", "title": "Two"})
    for name, content in (("a.jpg", JPEG), ("b.jpg", JPEG + b"b")):
        form.add_field("photos[]", content, filename=name, content_type="image/jpeg")
    code, reply = await service.call("POST", PHOTOS, data=form)
    assert code == 200
    await service.over(request_id=reply["request_id"])
    (post,) = service.posts("harbour/instagram")
    kept = [service.simulator.media(item.url.rsplit("/", 1)[1]) for item in post.media]
    assert [path.read_bytes() for path in kept if path] == [JPEG, JPEG + b"b"]
    wrong = aiohttp.FormData({"user": "harbour", "platform[]": "instagram"})
    wrong.add_field("photos[]", b"no picture", filename="a.jpg", content_type="image/jpeg")
    assert (await service.call("POST", PHOTOS, data=wrong))[0] == 400


async def test_a_draft_waits_in_the_inbox(service: Service):
    """A TikTok video for the drafts is a success without an address and without its texts."""
    _, reply = await service.send(
        VIDEO, ["tiktok"], media=["v.mp4"], post_mode="MEDIA_UPLOAD", tiktok_title="Lost"
    )
    status = await service.over(request_id=reply["request_id"])
    assert status["results"][0]["success"]
    (post,) = service.posts("harbour/tiktok")
    assert (post.status, post.text, post.link) == ("in_inbox", "", "")


@pytest.mark.parametrize(
    ("path", "platforms", "fields", "code", "words"),
    [
        (VIDEO, ["tiktok"], {}, 400, "Video file is required"),
        (VIDEO, [], {"media": ["v.mp4"]}, 400, "platform[] is required"),
        (VIDEO, ["reddit"], {"media": ["v.mp4"]}, 400, "Invalid platforms"),
        (TEXT, ["instagram"], {}, 400, "Invalid platforms"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "user": None}, 400, "Username required"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "user": "nobody"}, 404, "User not found"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "user": "pier"}, 400, "No platform"),
        (VIDEO, ["instagram"], {"media": ["v.mp4"], "user": "roastery"}, 403, "connected again"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "privacyStatus": "public"}, 400, "privacyStatus"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "privacy_level": "ALL"}, 400, "privacy_level"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "disable_duet": "yes"}, 400, "disable_duet"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "cover_timestamp": "1s"}, 400, "cover_timestamp"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "nonsense": "1"}, 400, "nonsense"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4", "v.mp4"]}, 400, "given twice|One video"),
        (VIDEO, ["tiktok"], {"media": ["a.jpg"]}, 400, "Only video"),
        (VIDEO, ["tiktok"], {"media": ["v.mp4"], "title": "x" * 2201}, 400, "limited to 2200"),
        (VIDEO, ["youtube"], {"media": ["v.mp4"], "title": None}, 400, "Title is required"),
        (PHOTOS, ["pinterest"], {"media": ["a.jpg"]}, 400, "pinterest_board_id"),
        (PHOTOS, ["bluesky"], {"media": ["a.jpg"] * 5}, 400, "Up to 4"),
        (TEXT, ["reddit"], {}, 400, "subreddit"),
        (TEXT, ["x"], {"scheduled_date": "2001-01-01T00:00:00"}, 400, "in the future"),
        (TEXT, ["x"], {"scheduled_date": "tomorrow"}, 400, "Invalid scheduled_date"),
        (TEXT, ["x"], {"timezone": "UTC"}, 400, "needs scheduled_date"),
    ],
)
async def test_what_it_refuses(
    service: Service, path: str, platforms: list[str], fields: Any, code: int, words: str
):
    """A refusal says so with its documented status, and nothing is published."""
    found, reply = await service.send(path, platforms, **fields)
    assert (found, reply["success"]) == (code, False)
    assert [part for part in words.split("|") if part in reply["message"]]
    assert not [post for item in service.simulator.feed() for post in item.posts]


async def test_only_forms_and_only_the_key(service: Service):
    """A body that is no form is refused, and so is a call without the key."""
    code, reply = await service.call("POST", TEXT, json={"user": "harbour"})
    assert (code, reply["success"]) == (400, False)
    code, reply = await service.call(
        "GET", "uploadposts/users", headers={"Authorization": f"Bearer {KEY}"}
    )
    assert (code, reply["message"]) == (401, "Invalid or expired token")


@pytest.mark.parametrize("name", ["Idempotency-Key", "X-Idempotency-Key", "X-Request-Id", ""])
async def test_a_key_collapses_repetitions(service: Service, name: str):
    """The same key, in a header or as `request_id`, answers with the upload that exists."""
    parts: dict[str, Any] = {"headers": {name: "k1"}} if name else {"request_id": "k1"}
    first = await service.send(TEXT, ["x"], **parts)
    again = await service.send(TEXT, ["x"], **parts)
    assert first == again
    await service.over(request_id=first[1]["request_id"])
    assert len(service.posts("harbour/x")) == 1
    assert service.simulator.calls == 2


async def test_an_account_has_its_cap_of_a_day(service: Service):
    """One publication more than the cap of 24 hours is refused with the violation."""
    for number in range(CAPS["youtube"]):
        _, reply = await service.send(VIDEO, ["youtube"], media=["v.mp4"], title=f"No. {number}")
        await service.over(request_id=reply["request_id"])
    code, reply = await service.send(VIDEO, ["youtube"], media=["v.mp4"])
    assert code == 429
    assert reply["violations"][0]["used_last_24h"] == 10


async def test_media_that_cannot_be_fetched_fails_the_upload(service: Service):
    """An address that leads nowhere is a failure of every platform, told by the status."""
    _, reply = await service.send(VIDEO, ["tiktok"], media=["missing.mp4"])
    status = await service.over(request_id=reply["request_id"])
    assert status["status"] == "failed"
    assert "Could not download" in status["results"][0]["error"]


async def test_a_repetition_can_be_refused(service: Service):
    """Under the fault every post is taken for a repetition, with its violation."""
    service.simulator.fault = "duplicate_content"
    code, reply = await service.send(TEXT, ["x"])
    assert (code, reply["violations"][0]["type"]) == (429, "duplicate_content")


async def test_privacy_is_kept_by_those_who_can(service: Service):
    """A TikTok connection without the capability publishes a private video for everyone."""
    for user, level in (("harbour", "SELF_ONLY"), ("roastery", "PUBLIC_TO_EVERYONE")):
        _, reply = await service.send(
            VIDEO, ["tiktok"], media=["v.mp4"], user=user, privacy_level="SELF_ONLY"
        )
        await service.over(request_id=reply["request_id"])
        assert service.posts(f"{user}/tiktok")[0].visibility == level
