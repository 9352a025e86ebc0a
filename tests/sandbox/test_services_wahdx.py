"""The simulated WAHDX over real sockets behaves as documented."""

import asyncio
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.platform import Kind
from providers.wahdx.service import Wahdx as Provider
from sandbox.services.base import Simulator
from sandbox.services.wahdx.service import Wahdx
from tests.sandbox.services_bench import (
    EXPIRED,
    FACEBOOK,
    INSTAGRAM,
    JPEG,
    KEY,
    PUBLIC,
    QUICK,
    THREADS,
    TIKTOK,
    Service,
    wahdx_served,
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with wahdx_served(tmp_path / "wahdx") as running:
        yield running


def test_it_is_a_simulator(tmp_path: Path):
    """It has what the sandbox's page asks of every simulator; no fault comes first."""
    simulator: Simulator = Wahdx(tmp_path, KEY)
    assert simulator.faults[0].key == simulator.fault == "none"
    with pytest.raises(ValueError, match="nonsense"):
        simulator.fault = "nonsense"


async def test_tiktok_takes_its_time(service: Service):
    """A video is begun, processed, complete, and has its public id only later."""
    seen: list[tuple[str, bool]] = []

    def note() -> None:
        (post,) = service.posts(TIKTOK)
        seen.append((post.status, bool(post.link)))

    service.simulator.on_change = note
    code, reply = await service.post(TIKTOK, "v.mp4", tiktokSettings=PUBLIC)
    assert (code, reply["status"], reply["mediaType"]) == (200, "PUBLISH_INITIATED", "video")
    publish_id = reply["data"]["publish_id"]
    public = await service.until(TIKTOK, publish_id, lambda data: data["public_post_url"])
    assert seen == [
        ("PROCESSING_DOWNLOAD", False),
        ("PROCESSING_UPLOAD", False),
        ("PUBLISH_COMPLETE", False),
        ("PUBLISH_COMPLETE", True),
    ]
    (number,) = public["data"]["publicaly_available_post_id"]
    assert public["public_post_url"].endswith(f"/video/{number}")
    legacy = await service.status(TIKTOK, publish_id)
    assert legacy["public_post_url"] is None
    assert legacy["public_post_url_candidates"] == {
        "video": public["public_post_url"],
        "photo": public["public_post_url"].replace("/video/", "/photo/"),
    }


async def test_a_draft_ends_in_the_inbox(service: Service):
    """A TikTok draft is never published."""
    _, reply = await service.post(TIKTOK, "v.mp4", tiktokSettings=PUBLIC | {"draft": True})
    await service.until(
        TIKTOK, reply["data"]["publish_id"], lambda data: data["status"] == "SEND_TO_USER_INBOX"
    )


async def test_privacy_left_out_means_nobody_else(service: Service):
    """Without a privacy level a TikTok post is for its creator alone and gets no address."""
    _, reply = await service.post(TIKTOK, "v.mp4")
    await service.until(
        TIKTOK, reply["data"]["publish_id"], lambda data: data["status"] == "PUBLISH_COMPLETE"
    )
    await asyncio.sleep(2 * QUICK.public)
    (post,) = service.posts(TIKTOK)
    assert (post.visibility, post.link) == ("SELF_ONLY", "")


@pytest.mark.parametrize("account", [INSTAGRAM, THREADS, FACEBOOK])
async def test_the_others_answer_when_it_is_live(service: Service, account: str):
    """Instagram, Threads and Facebook answer with the address; the file was fetched."""
    code, reply = await service.post(account, "a.jpg", "b.jpg")
    assert (code, reply["status"], reply["mediaType"]) == (200, "PUBLISH_COMPLETE", "photo")
    assert reply["data"]["id"] == reply["data"]["publish_id"]
    (post,) = service.posts(account)
    assert post.link == reply["public_post_url"] == reply["data"]["public_post_url"]
    kept = [service.simulator.media(item.url.rsplit("/", 1)[1]) for item in post.media]
    assert [path.read_bytes() for path in kept if path] == [JPEG, JPEG + b"b"]
    assert service.simulator.media("../service.db") is None


async def test_text_alone(service: Service):
    """Threads and Facebook take a text alone, Instagram and TikTok do not."""
    for account, code in ((THREADS, 200), (FACEBOOK, 200), (INSTAGRAM, 400), (TIKTOK, 400)):
        assert (await service.post(account))[0] == code


@pytest.mark.parametrize(
    ("account", "names", "fields", "words"),
    [
        (INSTAGRAM, ["a.jpg", "v.mp4"], {}, "Cannot mix media types"),
        (INSTAGRAM, ["a.jpg"] * 11, {}, "Up to 10"),
        (TIKTOK, ["a.jpg"] * 36, {"tiktokSettings": PUBLIC}, "Up to 35"),
        (INSTAGRAM, ["v.mp4", "v.mp4"], {}, "Up to 1"),
        (INSTAGRAM, ["a.gif"], {}, "Unsupported media type"),
        (INSTAGRAM, ["a"], {}, "Unsupported media type"),
        (TIKTOK, ["v.avi"], {}, "does not take .avi"),
        (EXPIRED, ["a.jpg"], {}, "expired"),
        (INSTAGRAM, ["a.jpg"], {"platform": "tiktok"}, "not a tiktok account"),
        (INSTAGRAM, ["a.jpg"], {"platform": "myspace"}, "Unsupported platform"),
        (TIKTOK, ["v.mp4"], {"tiktokSettings": {"privacy_level": "ALL"}}, "Invalid privacy_level"),
        (
            TIKTOK,
            ["v.mp4"],
            {"tiktokSettings": {"privacy_level": "FOLLOWER_OF_CREATOR"}},
            "Invalid privacy_level",
        ),
        (THREADS, [], {"content": "x" * 501}, "limited to 500"),
        (TIKTOK, ["v.mp4"], {"content": "😀" * 1101}, "limited to 2200"),
        (INSTAGRAM, ["a.jpg"], {"accountId": "nobody"}, "Account not found"),
        (INSTAGRAM, [], {"mediaItems": [{}]}, "public url"),
        (INSTAGRAM, ["a.jpg"], {"scheduleTime": "2026-01-01"}, "Unknown field: scheduleTime"),
        (INSTAGRAM, ["a.jpg"], {"accountId": 7}, "accountId must be a string"),
        (INSTAGRAM, ["a.jpg"], {"content": None}, "content must be a string"),
        (INSTAGRAM, [], {"mediaItems": "a.jpg"}, "mediaItems must be a list"),
        (INSTAGRAM, ["a.jpg"], {"instagramSettings": []}, "instagramSettings must be"),
        (THREADS, [], {"threadsSettings": {"reply": 1}}, "Unknown field: threadsSettings.reply"),
        (TIKTOK, ["v.mp4"], {"tiktokSettings": PUBLIC | {"visibility": "x"}}, "Unknown field"),
        (
            TIKTOK,
            ["v.mp4"],
            {"tiktokSettings": PUBLIC | {"draft": "true"}},
            "must be true or false",
        ),
        (
            TIKTOK,
            ["v.mp4"],
            {"tiktokSettings": PUBLIC | {"video_cover_timestamp_ms": True}},
            "video_cover_timestamp_ms must be a number",
        ),
        (INSTAGRAM, ["missing.jpg"], {}, "Failed to fetch media"),
        (INSTAGRAM, ["disguised.mp4"], {}, "Invalid media"),
        (INSTAGRAM, ["mislabelled.jpg"], {}, "Invalid media"),
    ],
)
async def test_what_it_refuses(
    service: Service, account: str, names: list[str], fields: Any, words: str
):
    """A refusal is 4xx with `success: false` and the reason, and nothing is published."""
    code, reply = await service.post(account, *names, **fields)
    assert code in (400, 404)
    assert reply["success"] is False
    assert words in reply["error"]
    assert not [post for item in service.simulator.feed() for post in item.posts]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing.mp4", "video_pull_failed"), ("disguised.mp4", "file_format_check_failed")],
)
async def test_tiktok_fails_later(service: Service, name: str, reason: str):
    """TikTok accepts first and fails when it has tried to fetch."""
    code, reply = await service.post(TIKTOK, name, tiktokSettings=PUBLIC)
    assert code == 200
    data = await service.until(
        TIKTOK, reply["data"]["publish_id"], lambda data: data["status"] == "FAILED"
    )
    assert data["fail_reason"] == reason


async def test_older_forms_of_media(service: Service):
    """`mediaUrls`, `media_urls` and plain strings are taken as well."""
    url = f"{service.files}/a.jpg"
    for fields in ({"mediaUrls": [url]}, {"media_urls": [url]}, {"mediaItems": [url]}):
        body = {"platform": "threads", "accountId": THREADS, "content": "Hello"} | fields
        assert (await service.call("POST", "post", json=body))[0] == 200


async def test_the_batch_answers_each_question_by_itself(service: Service):
    """An unknown account or post is a failure inside a success."""
    _, reply = await service.post(THREADS, "a.jpg")
    checks = [
        {"accountId": "nobody", "publishId": "1"},
        {"accountId": THREADS, "publishId": reply["data"]["id"]},
        {"accountId": FACEBOOK, "publishId": reply["data"]["id"]},
    ]
    code, body = await service.call("POST", "status/batch", json={"checks": checks})
    assert code == 200
    first, second, third = body["data"]["results"]
    assert (first["success"], first["error"]) == (False, "Account not found")
    assert second["public_post_url"] == reply["public_post_url"]
    assert third["success"] is False
    assert body["data"]["byAccountId"] == {THREADS: [second]}
    assert (await service.call("POST", "status/batch", json={}))[0] == 400


async def test_a_stored_post_is_asked_for_by_its_id(service: Service):
    """A post of the dashboard has an id of its own that stands for each account's publish id."""
    body = {"platform": "threads", "accountId": THREADS, "content": "Stored"}
    other = body | {"platform": "facebook", "accountId": FACEBOOK}
    url = f"{service.address}/dashboard/posts"
    async with aiohttp.ClientSession() as session, session.post(url, json=[body, other]) as made:
        post_id = (await made.json())["postId"]
    await service.stop()
    await service.start()
    code, answer = await service.call("POST", "status/batch", json={"postId": post_id})
    assert code == 200
    first, second = answer["data"]["results"]
    assert [first["accountId"], second["accountId"]] == [THREADS, FACEBOOK]
    assert [first["public_post_url"]] == [post.link for post in service.posts(THREADS)]
    provider = Provider({"key": KEY}, base_url=service.address)
    found = await provider.status_of_post(post_id, Kind.TEXT)
    assert [found[THREADS].link] == [post.link for post in service.posts(THREADS)]
    await provider.close()
    code, answer = await service.call("POST", "status/batch", json={"postId": "post_nobody"})
    assert (code, answer["error"]) == (404, "Post not found")


@pytest.mark.parametrize(
    "body",
    [
        {"check": []},
        {"checks": "all"},
        {"checks": ["all"]},
        {"checks": [{"accountId": 1}]},
        {"checks": [{"mediaType": "clip"}]},
        {"checks": [{"kind": "video"}]},
        {"postId": 7},
        [],
    ],
)
async def test_the_batch_refuses_what_is_not_documented(service: Service, body: Any):
    """Unknown fields and wrong types are refused, inside the list too."""
    assert (await service.call("POST", "status/batch", json=body))[0] == 400


async def test_a_question_has_one_parameter(service: Service):
    """A single question knows `mediaType` alone, and its two words."""
    _, reply = await service.post(THREADS, "a.jpg")
    path = f"status/{THREADS}/{reply['data']['id']}"
    for query, code in (("?mediaType=photo", 200), ("?mediaType=clip", 400), ("?type=photo", 400)):
        assert (await service.call("GET", path + query))[0] == code


async def test_accounts_and_creator_info(service: Service):
    """Two TikTok accounts and one of each other platform are active, one account is expired."""
    code, body = await service.call("GET", "accounts")
    assert (code, body["subscription"]) == (200, "maximum")
    active = [item["platform"] for item in body["data"] if item["status"] == "active"]
    assert active == ["tiktok", "tiktok", "instagram", "threads", "facebook"]
    assert [item["accountId"] for item in body["data"] if item["status"] == "expired"] == [EXPIRED]
    code, body = await service.call("GET", f"creator-info/{TIKTOK}")
    assert body["data"]["privacy_level_options"][0] == "PUBLIC_TO_EVERYONE"
    assert (await service.call("GET", f"creator-info/{INSTAGRAM}"))[0] == 400


async def test_a_bad_key_and_a_bad_body(service: Service):
    """A wrong key is 401, what is no JSON is 400, both with an error."""
    code, body = await service.call("GET", "accounts", headers={"X-API-Key": "sk_other"})
    assert (code, body) == (401, {"error": "Invalid API key"})
    assert (await service.call("POST", "post", data=b"{"))[0] == 400
    assert (await service.call("POST", "post", json=[1]))[0] == 400
    headers = {"Content-Type": "application/json"}
    assert (await service.call("POST", "post", data=b"{", headers=headers))[0] == 400
    code, body = await service.call("POST", "post", data=b"{}")
    assert (code, body["error"]) == (400, "Content-Type must be application/json")


async def test_the_same_call_twice_publishes_twice(service: Service):
    """It has no idempotency: the feed shows two posts and says so; another text is another post."""
    for _ in range(2):
        await service.post(INSTAGRAM, "a.jpg")
    await service.post(INSTAGRAM, "a.jpg", content="Other")
    assert [post.times for post in service.posts(INSTAGRAM)] == [1, 2, 2]
    assert service.simulator.calls == 3


async def test_a_restart_goes_on_where_it_stopped(service: Service):
    """Posts, files and counts outlive the process; TikTok's work is taken up again."""
    await service.post(INSTAGRAM, "a.jpg")
    before = service.posts(INSTAGRAM)
    service.simulator.fault = "never_finishes"
    _, reply = await service.post(TIKTOK, "v.mp4", tiktokSettings=PUBLIC)
    await service.stop()
    await service.start()
    assert service.posts(INSTAGRAM) == before
    assert service.simulator.calls == 2
    await service.until(TIKTOK, reply["data"]["publish_id"], lambda data: data["public_post_url"])


async def test_changes_are_told(service: Service):
    """Whoever shows the feed hears of a post, of its progress and of a fault."""
    await service.post(INSTAGRAM, "a.jpg")
    assert service.changes == 1
    service.simulator.fault = "slow"
    assert service.changes == 2


async def test_it_runs_alone(tmp_path: Path):
    """`python -m sandbox.services` serves one service until it is stopped."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["-m", "sandbox.services", "wahdx", "--port", str(port), "--key", KEY]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--state", str(tmp_path), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 10
        url = f"http://127.0.0.1:{port}/api/content/accounts"
        async with aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session:
            while True:
                try:
                    async with session.get(url) as response:
                        assert response.status == 200
                        break
                except aiohttp.ClientConnectionError:
                    assert time.monotonic() < deadline
                    await asyncio.sleep(0.02)
    finally:
        process.terminate()
        await process.wait()
