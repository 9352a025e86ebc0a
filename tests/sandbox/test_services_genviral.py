"""The simulated Genviral over real sockets: posts, their accounts, their changes and their files."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.services.base import Simulator
from sandbox.services.genviral.service import Genviral
from sandbox.services.genviral.store import Store
from tests.sandbox.genviral_bench import (
    BLUESKY,
    FACEBOOK,
    HOSTED,
    INSTAGRAM,
    KEY,
    LINKEDIN,
    PINTEREST,
    REVOKED,
    TIKTOK,
    YOUTUBE,
    Service,
    X,
    ahead,
    genviral_served,
)
from tests.sandbox.services_bench import JPEG, MP4

PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with genviral_served(tmp_path / "genviral") as running:
        yield running


def test_it_is_a_simulator(tmp_path: Path):
    """It has what the sandbox's page asks of every simulator; no fault comes first."""
    simulator: Simulator = Genviral(tmp_path, KEY)
    assert simulator.faults[0].key == simulator.fault == "none"
    assert simulator.base_path == "/api/partner/v1"
    assert {"never_finishes", "platform_refuses"} < {fault.key for fault in simulator.faults}


async def test_accounts_and_the_plan(service: Service):
    """Every platform is there, one account hosted, one no longer active, each with what it takes."""
    code, reply = await service.call("GET", "accounts")
    assert (code, reply["ok"], reply["data"]["scope"]) == (200, True, "workspace")
    listed = {item["id"]: item for item in reply["data"]["accounts"]}
    assert [id_ for id_, item in listed.items() if item["type"] == "hosted"] == [HOSTED]
    assert [id_ for id_, item in listed.items() if item["status"] != "active"] == [REVOKED]
    assert listed[X]["capabilities"]["caption_limit"] == 280
    assert listed[YOUTUBE]["capabilities"]["supported_content_kinds"] == ["video"]
    code, reply = await service.call("GET", "subscription")
    assert (code, reply["data"]["subscription"]["status"]) == (200, "active")


async def test_a_post_goes_to_all_its_accounts(service: Service):
    """It is pending, then posted, with an address at each account; the file was fetched."""
    code, reply = await service.post([LINKEDIN, FACEBOOK], media=service.slides("a.jpg", "b.jpg"))
    assert (code, reply["code"], reply["data"]["status"]) == (201, 201, "pending")
    assert reply["data"]["warnings"] == []
    data = await service.until(reply["data"]["id"], "posted")
    states = {state["account_id"]: state for state in data["accounts"]["states"]}
    assert states.keys() == {LINKEDIN, FACEBOOK}
    for account in (LINKEDIN, FACEBOOK):
        (post,) = service.posts(account)
        assert post.link == states[account]["published_url"]
        assert states[account]["published_at"]
        kept = [service.simulator.media(item.url.rsplit("/", 1)[1]) for item in post.media]
        assert [path.read_bytes() for path in kept if path] == [JPEG, JPEG + b"b"]
    assert service.simulator.media("../service.db") is None


async def test_a_video_of_unknown_length_is_warned_of(service: Service):
    """A missing length stops nothing where no rule needs it."""
    _, reply = await service.post(LINKEDIN, media=service.video(None))
    assert reply["data"]["warnings"][0]["code"] == "VIDEO_METADATA_MISSING"


async def test_what_is_scheduled_waits_for_its_time(service: Service):
    """A time far enough ahead is kept; one within 30 seconds means at once."""
    _, later = await service.post(X, scheduled_at=ahead(minutes=3))
    assert later["data"]["status"] == "scheduled"
    now = await service.posted(X, scheduled_at=ahead(seconds=20), caption="Now")
    await service.until(now, "posted")
    assert (await service.read(later["data"]["id"]))["status"] == "scheduled"
    assert [post.status for post in service.posts(X)] == ["posted", "scheduled"]


async def test_a_draft_has_no_address(service: Service):
    """MEDIA_UPLOAD is posted without an address, and the feed says where it is."""
    tiktok = PUBLIC | {"post_mode": "MEDIA_UPLOAD"}
    post_id = await service.posted(TIKTOK, media=service.slides("a.jpg"), tiktok=tiktok)
    data = await service.until(post_id, "posted")
    assert data["tiktok"]["post_mode"] == "MEDIA_UPLOAD"
    (state,) = data["accounts"]["states"]
    assert (state["published_url"], bool(state["published_at"])) == (None, True)
    assert service.posts(TIKTOK)[0].status == "draft in inbox"


async def test_what_readers_see(service: Service):
    """Title and visibility come from the settings of the platform."""
    youtube = {"youtube": {"title": "Beans", "type": "unlisted"}}
    await service.posted(YOUTUBE, media=service.video(), settings=youtube)
    await service.posted(TIKTOK, media=service.video(), tiktok={"privacy_level": "SELF_ONLY"})
    assert [(post.title, post.visibility) for post in service.posts(YOUTUBE)] == [
        ("Beans", "unlisted")
    ]
    assert service.posts(TIKTOK)[0].visibility == "SELF_ONLY"


async def test_the_same_key_answers_with_the_first_post(service: Service):
    """Equal bodies replay; another body under the key is a conflict; nothing goes out twice."""
    code, first = await service.post(X, external_id="k")
    assert code == 201
    code, again = await service.post(X, external_id="k")
    assert (code, again["data"]["duplicate"]) == (200, True)
    assert again["data"]["id"] == first["data"]["id"]
    code, other = await service.post(X, external_id="k", caption="Other")
    assert (code, other["error_code"]) == (409, "create_failed")
    assert len(service.posts(X)) == 1
    assert service.simulator.calls == 3


async def test_without_a_key_equal_bodies_are_one_post(service: Service):
    """The print of the body is the key; two calls at once make one post too."""
    replies = await asyncio.gather(*(service.post(X, media=service.slides("a.jpg")) for _ in "ab"))
    assert sorted(code for code, _ in replies) == [200, 201]
    assert len(service.posts(X)) == 1
    await service.posted(X, external_id="new intent", media=service.slides("a.jpg"))
    assert [post.times for post in service.posts(X)] == [2, 2]


async def test_what_failed_is_tried_again_alone(service: Service):
    """Of a partial post only the failed account goes out once more, and only once."""
    service.simulator.fault = "platform_refuses"
    post_id = await service.posted([LINKEDIN, BLUESKY])
    data = await service.until(post_id, "partial")
    failed, live = data["accounts"]["states"]
    assert (failed["status"], live["status"]) == ("failed", "posted")
    assert "internal error" in failed["error_message"]
    service.simulator.fault = "none"
    asked = {"post_ids": [post_id], "account_ids": [LINKEDIN]}
    code, reply = await service.call("POST", "posts/retry", json=asked)
    assert (code, reply["data"]) == (200, {"retried": 1, "ids": [post_id]})
    data = await service.until(post_id, "posted")
    assert data["accounts"]["states"][1] == live
    _, reply = await service.call("POST", "posts/retry", json=asked)
    assert reply["data"]["retried"] == 0
    assert reply["data"]["errors"] == {post_id: "Only failed or partial posts can be retried"}


async def test_a_retry_of_nothing_that_failed(service: Service):
    """An account that is live, and a post nobody knows, are entries of errors."""
    service.simulator.fault = "platform_refuses"
    post_id = await service.posted([LINKEDIN, BLUESKY])
    await service.until(post_id, "partial")
    asked = {"post_ids": [post_id, "stranger"], "account_ids": [BLUESKY]}
    _, reply = await service.call("POST", "posts/retry", json=asked)
    assert reply["data"]["errors"] == {
        post_id: "No failed accounts to retry",
        "stranger": "Post not found",
    }


async def test_a_pin_without_a_board_fails_later(service: Service):
    """It is accepted, and no account default is applied."""
    post_id = await service.posted(PINTEREST, media=service.slides("a.jpg"))
    data = await service.until(post_id, "failed")
    assert data["accounts"]["states"][0]["error_message"] == "Pinterest board_id is required"


async def test_posts_are_deleted_while_they_are_not_out(service: Service):
    """Each id is deleted, blocked with its status, or skipped; the alias is taken too."""
    live = await service.posted(X)
    await service.until(live, "posted")
    waiting = await service.posted(X, scheduled_at=ahead(hours=1), caption="Later")
    ids = [live, waiting, "stranger", waiting]
    code, reply = await service.call("POST", "posts/delete", json={"postIds": ids})
    assert code == 200
    assert reply["data"] == {
        "deletedIds": [waiting],
        "blockedStatuses": [{"id": live, "status": "posted"}],
        "skipped": ["stranger"],
    }
    _, reply = await service.call("POST", "posts/delete", json={"post_ids": [waiting]})
    assert reply["data"]["skipped"] == [waiting]
    assert (await service.call("GET", f"posts/{waiting}"))[0] == 404
    assert [post.text for post in service.posts(X)] == ["Hello"]


async def patch(service: Service, post_id: str, **changes: Any) -> tuple[int, Any]:
    return await service.call("PATCH", f"posts/{post_id}", json=changes)


async def test_a_post_is_changed_while_it_is_not_out(service: Service):
    """Time, text and settings change, settings one by one; what is live is immutable."""
    settings = {"x": {"made_with_ai": True, "who_can_reply_post": "following"}}
    post_id = await service.posted(X, scheduled_at=ahead(hours=1), settings=settings)
    later = ahead(hours=2)
    code, reply = await patch(service, post_id, scheduled_at=later, caption="Better")
    assert (code, reply["data"]["status"]) == (200, "scheduled")
    moved = datetime.fromisoformat(reply["data"]["scheduled_at"])
    assert abs((moved - datetime.fromisoformat(later)).total_seconds()) < 1
    await patch(service, post_id, settings={"twitter": {"made_with_ai": False}})
    stored = Store(service.folder).post(post_id)
    assert stored is not None
    assert stored.body["settings"] == {
        "x": {"made_with_ai": False, "who_can_reply_post": "following"}
    }
    code, reply = await patch(service, post_id, scheduled_at=None)  # null: as soon as possible
    assert (code, reply["data"]["status"]) == (200, "pending")
    await service.until(post_id, "posted")
    assert service.posts(X)[0].text == "Better"
    code, reply = await patch(service, post_id, caption="Too late")
    assert (code, reply["error_code"]) == (400, "validation_failed")


async def test_what_a_change_refuses(service: Service):
    """Nothing, another key, the gap, and media away from an account that needs them."""
    media = service.slides("a.jpg")
    post_id = await service.posted(
        INSTAGRAM, scheduled_at=ahead(hours=1), external_id="k", media=media
    )
    for changes, code, word in (
        ({}, 422, "invalid_payload"),
        ({"external_id": "other"}, 409, "external_id_immutable"),
        ({"scheduled_at": ahead(seconds=90)}, 400, "validation_failed"),
        ({"media": None}, 400, "validation_failed"),
        ({"colour": "red"}, 422, "invalid_payload"),
    ):
        status, reply = await patch(service, post_id, **changes)
        assert (status, reply["error_code"]) == (code, word)
    assert (await patch(service, post_id, external_id="k"))[0] == 200
    assert (await patch(service, "stranger", caption="x"))[0] == 404


async def test_posts_are_listed(service: Service):
    """By status and by time, newest first, with a summary of all."""
    first = await service.posted(X)
    await service.until(first, "posted")
    second = await service.posted(X, scheduled_at=ahead(hours=5), caption="Later")
    _, reply = await service.call("GET", "posts", params={"limit": "1"})
    assert [post["id"] for post in reply["data"]["posts"]] == [second]
    assert reply["data"]["summary"]["by_status"] == {"posted": 1, "scheduled": 1}
    for query, ids in (
        ({"status": "posted"}, [first]),
        ({"since": ahead(hours=1)}, [second]),
        ({"until": ahead(hours=1)}, [first]),
    ):
        _, reply = await service.call("GET", "posts", params=query)
        assert [post["id"] for post in reply["data"]["posts"]] == ids
    for query in ({"limit": "101"}, {"status": "odd"}, {"since": "2030-01-01"}, {"until": "x"}):
        code, reply = await service.call("GET", "posts", params=query)
        assert (code, reply["error_code"]) == (400, "invalid_query_parameter")


async def place(service: Service, content_type: str, **fields: Any) -> dict[str, Any]:
    body = {"contentType": content_type, **fields}
    code, reply = await service.call("POST", "files", json=body)
    assert code == 201, reply
    return reply["data"]


async def put(service: Service, url: str, **headers: str) -> tuple[int, str]:
    async with service.session.put(url, data=MP4, headers=headers) as response:
        return response.status, await response.text()


async def test_a_file_is_uploaded_and_published(service: Service):
    """The place takes the bytes once asked for, and the length told then counts for the post."""
    told = await place(service, "video/mp4", filename="v.mp4", duration_sec=30, size=len(MP4))
    assert (told["contentType"], told["expiresIn"]) == ("video/mp4", 600)
    media = {"type": "video", "url": told["url"]}
    code, reply = await service.post(X, media=media)
    assert (code, reply["error_code"]) == (400, "media_unreachable")  # no bytes yet
    assert await put(service, told["uploadUrl"], **{"Content-Type": "video/mp4"}) == (200, "")
    await service.until(await service.posted(X, media=media), "posted")
    _, reply = await service.call("GET", "files", params={"type": "video"})
    assert reply["data"]["total"] == 1
    assert reply["data"]["files"][0]["url"] == told["url"]
    assert reply["data"]["files"][0]["size"] == len(MP4)
    _, reply = await service.call("GET", "files", params={"offset": "1"})
    assert reply["data"]["files"] == []


async def test_what_the_storage_refuses(service: Service):
    """The key, another content type, another signature, and a place that has expired."""
    told = await place(service, "video/mp4")
    url, right = told["uploadUrl"], {"Content-Type": "video/mp4"}
    assert (await put(service, url, Authorization=f"Bearer {KEY}", **right))[0] == 400
    assert (await put(service, url, **{"Content-Type": "video/quicktime"}))[0] == 403
    assert (await put(service, re.sub("signature=.*", "signature=x", url), **right))[0] == 403
    store = Store(service.folder)
    (file,) = store.files()
    store.put(replace(file, created_at="2026-01-01T00:00:00+00:00"))
    code, text = await put(service, url, **right)
    assert (code, "AccessDenied" in text) == (403, True)
    async with service.session.get(told["url"]) as response:
        assert response.status == 404


async def test_a_restart_goes_on_where_it_stopped(service: Service):
    """Posts, files, keys and counts outlive the process; the queue is taken up again."""
    done = await service.posted(X, external_id="k")
    await service.until(done, "posted")
    service.simulator.fault = "never_finishes"
    waiting = await service.posted(LINKEDIN)
    before = service.posts(X)
    await service.stop()
    await service.start()
    assert service.posts(X) == before
    assert service.simulator.calls == 2
    assert (await service.post(X, external_id="k"))[0] == 200
    await service.until(waiting, "posted")


async def test_changes_are_told(service: Service):
    """Whoever shows the feed hears of a post, of its end and of a fault."""
    post_id = await service.posted(X)
    await service.until(post_id, "posted")
    assert service.changes == 2
    service.simulator.fault = "slow"
    assert service.changes == 3
