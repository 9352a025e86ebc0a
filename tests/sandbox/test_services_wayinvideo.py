"""The simulated WayinVideo over real sockets: its gate, its accounts, publishing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.services.base import Simulator
from sandbox.services.wayinvideo.service import WayinVideo
from tests.sandbox.services_bench import JPEG, KEY, files_served
from tests.sandbox.wayinvideo_bench import (
    EXPIRED,
    FACEBOOK,
    HEADERS,
    TIKTOK,
    YOUTUBE,
    Service,
    X,
    wayinvideo_served,
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with wayinvideo_served(tmp_path / "wayinvideo") as running:
        yield running


def test_it_is_a_simulator(tmp_path: Path):
    """It has what the sandbox's page asks of every simulator; no fault comes first."""
    simulator: Simulator = WayinVideo(tmp_path, KEY)
    assert simulator.faults[0].key == simulator.fault == "none"
    with pytest.raises(ValueError, match="nonsense"):
        simulator.fault = "nonsense"


async def test_the_gate(service: Service):
    """A wrong key is 403, a missing version 400, another content type 415, in Spring's shape."""
    code, body = await service.call(
        "GET", "social-media/accounts", headers=HEADERS | {"Authorization": "Bearer other"}
    )
    assert (code, body["status"], body["error"]) == (403, 403, "Forbidden")
    assert body["path"] == "/api/v2/social-media/accounts"
    assert "timestamp" in body
    key_alone = {"Authorization": HEADERS["Authorization"]}
    assert (await service.call("GET", "social-media/accounts", headers=key_alone))[0] == 400
    assert (await service.call("POST", "clips", data="x"))[0] == 415
    json_type = HEADERS | {"Content-Type": "application/json"}
    assert (await service.call("POST", "clips", data="{", headers=json_type))[0] == 400
    assert (await service.call("GET", "social-media/publish/1"))[0] == 404
    assert (await service.call("GET", "clips"))[0] == 405


async def test_accounts(service: Service):
    """Six platforms are connected; one token ends soon, one has ended, which `active_only` hides."""
    _, body = await service.call("GET", "social-media/accounts")
    assert [item["platform"] for item in body["data"]] == [
        "youtube", "tiktok", "instagram", "facebook", "twitter", "linkedin", "youtube",
    ]  # fmt: skip
    assert [item["id"] for item in body["data"] if not item["token_valid"]] == [EXPIRED]
    assert [item["id"] for item in body["data"] if item["token_expiring_soon"]] == [X]
    _, body = await service.call("GET", "social-media/accounts?active_only=true")
    assert EXPIRED not in [item["id"] for item in body["data"]]
    assert (await service.call("GET", "social-media/accounts?active_only=yes"))[0] == 400


async def test_a_link_connects_once(service: Service):
    """Opening the link adds an account, which stays; opening it again does nothing."""
    no_body = HEADERS | {"Content-Type": "application/json"}
    code, body = await service.call("POST", "social-media/oauth/tiktok", headers=no_body)
    assert code == 200
    assert body["data"]["state"] in body["data"]["auth_url"]
    assert service.changes == 0
    assert (await service.call("GET", body["data"]["auth_url"]))[0] == 200
    assert (await service.call("GET", body["data"]["auth_url"]))[0] == 410
    assert service.changes == 1
    await service.stop()
    await service.start()
    (added,) = service.simulator.feed()[7:]
    assert added.platform == "tiktok"
    code, _ = await service.publish({added.id: {"description": "Hello"}})
    assert code == 200
    refused, _ = await service.call("POST", "social-media/oauth/threads", headers=no_body)
    assert refused == 400


async def test_a_clip_is_published(service: Service):
    """One task becomes a post for each account, with the clip's file, live a little later."""
    code, body = await service.publish(
        {
            YOUTUBE: {"title": "Flat white", "description": "Hello", "visibility": "unlisted"},
            TIKTOK: {"description": "Hello", "allow_duet": False, "tags": ["coffee"]},
        }
    )
    assert (code, body["data"]["status"]) == (200, "PENDING")
    assert body["data"].keys() == {"task_id", "status", "created_at"}
    post = await service.live(YOUTUBE)
    assert (post.text, post.title, post.visibility) == ("Hello", "Flat white", "unlisted")
    assert (await service.live(TIKTOK)).link.startswith("https://www.tiktok.com/@harbour")
    (media,) = post.media
    file = service.simulator.media(media.url.rsplit("/", 1)[1])
    assert file is not None
    assert file.read_bytes()[4:8] == b"ftyp"
    for name in ("../things.db", "prj06harbour-1.mp4", "prj06harbour-9.mp4"):
        assert service.simulator.media(name) is None


async def test_a_thumbnail_is_fetched(service: Service):
    """A picture is kept with the post; what is none is refused."""
    async with files_served() as files:
        config = {"description": "Hello", "thumbnail_url": f"{files}/a.jpg"}
        assert (await service.publish({X: config}))[0] == 200
        (post,) = service.posts(X)
        file = service.simulator.media(post.media[1].url.rsplit("/", 1)[1])
        assert file is not None
        assert file.read_bytes() == JPEG
        for name in ("missing.jpg", "v.mp4", "mislabelled.jpg"):
            code, body = await service.publish({X: config | {"thumbnail_url": f"{files}/{name}"}})
            assert code == 400
            assert "thumbnail_url" in body["message"]


@pytest.mark.parametrize(
    ("configs", "fields", "code", "words"),
    [
        ({}, {}, 400, "publish_configs is required"),
        ({YOUTUBE: {"description": "x"}}, {}, 400, "title is required"),
        ({TIKTOK: {"title": "x"}}, {}, 400, "description is required"),
        ({"youtube": {"title": "x"}}, {}, 400, "Social account not found"),
        ({EXPIRED: {"title": "x"}}, {}, 400, "token has expired"),
        ({X: {"visibility": "friends"}}, {}, 400, "visibility must be one of"),
        ({X: {"allow_duet": True}}, {}, 400, "TikTok only"),
        ({X: {"tags": ["a", 1]}}, {}, 400, "tags"),
        ({X: {"tags": "a"}}, {}, 400, "tags has the wrong type"),
        ({X: {"allow_comment": "true"}}, {}, 400, "allow_comment has the wrong type"),
        ({X: {"caption": "x"}}, {}, 400, "Unrecognized field: caption"),
        ({X: []}, {}, 400, "JSON object"),
        (None, {"idx": "0"}, 400, "idx has the wrong type"),
        (None, {"idx": True}, 400, "idx has the wrong type"),
        (None, {"idx": 4}, 400, "no exported video"),
        (None, {"idx": -1}, 400, "no exported video"),
        (None, {"resolution": "FHD_1080"}, 400, "not exported in FHD_1080"),
        (None, {"resolution": "720p"}, 400, "not exported in 720p"),
        (None, {"project_id": "hmtask1"}, 404, ""),
        (None, {"project_id": ""}, 400, "project_id is required"),
        (None, {"external_id": "x"}, 400, "Unrecognized field: external_id"),
        (None, {"scheduled_at": "2026-06-15T10:00:00Z"}, 400, "scheduled_at has the wrong type"),
        (None, {"scheduled_at": 1}, 400, "5 minutes to 30 days"),
    ],
)
async def test_what_it_refuses(
    service: Service, configs: Any, fields: dict[str, Any], code: int, words: str
):
    """A refusal is 4xx in Spring's shape, and nothing is published."""
    status, body = await service.publish(configs, **fields)
    assert (status, body["status"]) == (code, code)
    assert words in body.get("message", "")
    assert not [post for item in service.simulator.feed() for post in item.posts]


async def test_a_time_is_kept_over_a_restart(service: Service):
    """A scheduled post waits for its time, which may come while nothing runs."""
    for seconds, code in ((299, 400), (360, 200), (30 * 86_400 + 60, 400)):
        at = int((service.now() + seconds) * 1000)
        status, body = await service.publish(scheduled_at=at)
        assert status == code
        if code == 200:
            assert (body["data"]["status"], body["data"]["scheduled_at"]) == ("SCHEDULED", at)
            assert body["data"]["schedule_id"]
    await service.publish({YOUTUBE: {"title": "Now"}})
    await service.live(YOUTUBE)
    (post,) = service.posts(X)
    assert (post.status, post.link) == ("SCHEDULED", "")
    await service.stop()
    service.ahead = 360
    await service.start()
    assert (await service.live(X)).status == "DONE"


async def test_the_same_call_twice_publishes_twice(service: Service):
    """It has no idempotency, and a restart keeps posts and counts."""
    for _ in range(2):
        await service.publish()
    await service.live(X)
    await service.stop()
    await service.start()
    await service.live(X)
    assert [post.times for post in service.posts(X)] == [2, 2]
    assert service.simulator.calls == 2


async def test_fifteen_calls_a_minute(service: Service):
    """While it keeps to its rate, the sixteenth call in a minute is 429."""
    service.simulator.fault = "busy"
    codes = [(await service.call("GET", "social-media/accounts"))[0] for _ in range(16)]
    assert codes == [200] * 15 + [429]
    service.ahead = 61
    assert (await service.call("GET", "social-media/accounts"))[0] == 200


async def test_failing_at_once(service: Service):
    """The last account of a post fails: ERROR where it is alone, PARTIAL_DONE where it is not."""
    service.simulator.fault = "fails_at_once"
    _, body = await service.publish()
    assert body["data"]["status"] == "ERROR"
    _, body = await service.publish({YOUTUBE: {"title": "x"}, FACEBOOK: {"title": "x"}})
    assert body["data"]["status"] == "PARTIAL_DONE"
    assert (await service.live(YOUTUBE)).status == "DONE"
    assert [post.status for post in service.posts(FACEBOOK) + service.posts(X)] == ["ERROR"] * 2
