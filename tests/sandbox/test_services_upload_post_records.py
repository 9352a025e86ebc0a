"""The simulated Upload-Post over real sockets: its schedule, records and profiles."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.upload_post_bench import (
    TEXT,
    Service,
    in_future,
    upload_post_served,
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with upload_post_served(tmp_path / "upload_post") as running:
        yield running


async def test_a_scheduled_post_waits_is_moved_and_goes_out(service: Service):
    """A job stands in the schedule with its time, and is published when that has come."""
    code, reply = await service.send(
        TEXT, ["x"], scheduled_date=in_future(days=1), timezone="Europe/Madrid"
    )
    job = reply["job_id"]
    assert code == 202
    _, listed = await service.call("GET", "uploadposts/schedule")
    assert [item["job_id"] for item in listed["scheduled_posts"]] == [job]
    _, status = await service.call("GET", "uploadposts/status", params={"job_id": job})
    assert (status["status"], status["results"]) == ("pending", [])
    soon = {"scheduled_date": in_future(seconds=1.5), "timezone": "UTC"}
    assert (await service.call("PATCH", f"uploadposts/schedule/{job}", json=soon))[0] == 200
    await service.over(job_id=job)
    assert (await service.call("GET", "uploadposts/schedule"))[1] == {"scheduled_posts": []}
    _, history = await service.call("GET", "uploadposts/history", params={"job_id": job})
    assert [item["success"] for item in history["history"]] == [True]


async def test_a_scheduled_post_is_cancelled_once(service: Service):
    """A job that is cancelled is gone, and cancelling it again finds nothing."""
    _, reply = await service.send(TEXT, ["x"], scheduled_date=in_future(days=1))
    path = f"uploadposts/schedule/{reply['job_id']}"
    assert (await service.call("DELETE", path))[0] == 200
    assert (await service.call("DELETE", path)) == (
        404,
        {"success": False, "error": "Job not found"},
    )
    code, status = await service.call(
        "GET", "uploadposts/status", params={"job_id": reply["job_id"]}
    )
    assert (code, status["status"]) == (404, "not_found")


async def test_what_failed_is_retried_and_what_is_out_is_not(service: Service):
    """Retrying touches failures alone; without any it is refused with 409."""
    service.simulator.fault = "fails_there"
    _, reply = await service.send(TEXT, ["x", "threads"])
    question = {"request_id": reply["request_id"]}
    failed = await service.over(**question)
    assert [item["success"] for item in failed["results"]] == [False, False]
    service.simulator.fault = "none"
    assert (await service.call("POST", "uploadposts/posts/retry", json=question))[0] == 200
    out = await service.until(question, lambda body: body["status"] == "completed")
    assert [item["success"] for item in out["results"]] == [True, True]
    assert (await service.call("POST", "uploadposts/posts/retry", json=question))[0] == 409
    assert len(service.posts("harbour/x")) == 1


async def test_a_publication_is_taken_down(service: Service):
    """What is out on X can be removed, what is on TikTok not."""
    _, reply = await service.send(TEXT, ["x"])
    await service.over(request_id=reply["request_id"])
    _, history = await service.call("GET", "uploadposts/history")
    body = {"user": "harbour", "platform": "x"}
    body["post_id"] = history["history"][0]["platform_post_id"]
    path = "uploadposts/posts/unpublish"
    assert (await service.call("POST", path, json=body))[0] == 200
    assert (await service.call("POST", path, json=body))[0] == 404
    assert (await service.call("POST", path, json=body | {"platform": "tiktok"}))[0] == 400
    assert service.posts("harbour/x")[0].status == "removed"


async def test_a_link_connects_an_account_once(service: Service):
    """Opening a link for one platform connects it; the same link does nothing again."""
    body = {"username": "pier", "platforms": ["tiktok"]}
    _, reply = await service.call("POST", "uploadposts/users/generate-jwt", json=body)
    assert (await service.page(reply["access_url"]))[0] == 200
    assert (await service.page(reply["access_url"]))[0] == 410
    _, users = await service.call("GET", "uploadposts/users/pier")
    assert users["profile"]["social_accounts"]["tiktok"]["reauth_required"] is False


async def test_a_link_for_all_offers_the_choice(service: Service):
    """Without a platform the page offers all, and each choice is a link."""
    _, reply = await service.call(
        "POST", "uploadposts/users/generate-jwt", json={"username": "pier"}
    )
    assert "platform=bluesky" in (await service.page(reply["access_url"]))[1]
    await service.page(f"{reply['access_url']}&platform=bluesky")
    _, users = await service.call("GET", "uploadposts/users/pier")
    assert users["profile"]["social_accounts"]["bluesky"]


async def test_profiles_come_and_go(service: Service):
    """A profile is made once, and is gone when it is deleted."""
    path = "uploadposts/users"
    assert (await service.call("POST", path, json={"username": "new"}))[0] == 201
    assert (await service.call("POST", path, json={"username": "new"}))[0] == 409
    assert (await service.call("DELETE", path, json={"username": "new"}))[0] == 200
    assert (await service.call("DELETE", path, json={"username": "new"}))[0] == 404


async def test_pages_and_boards_are_listed(service: Service):
    """What a profile has at a platform is listed, and that another has no such account."""
    for place, name in (("pinterest/boards", "boards"), ("linkedin/pages", "pages")):
        path = f"uploadposts/{place}"
        code, told = await service.call("GET", path, params={"profile": "harbour"})
        assert (code, set(told[name][0])) == (200, {"id", "name"})
        assert (await service.call("GET", path, params={"profile": "pier"}))[0] == 404


async def test_tiktok_tells_what_an_account_may(service: Service):
    """The levels of a TikTok account are told, and that another profile has no such account."""
    path = "uploadposts/tiktok/settings"
    code, told = await service.call("GET", path, params={"profile": "roastery"})
    assert (code, told["privacy_level_options"]) == (200, ["SELF_ONLY", "PUBLIC_TO_EVERYONE"])
    assert (await service.call("GET", path, params={"profile": "pier"}))[0] == 404


@pytest.mark.parametrize(
    ("query", "error"), [({"limit": "7"}, "Invalid limit"), ({"page": "0"}, "Invalid page")]
)
async def test_the_history_has_fixed_pages(service: Service, query: Any, error: str):
    """Pages are of 10, 20, 50 or 100 and count from 1."""
    assert await service.call("GET", "uploadposts/history", params=query) == (
        400,
        {"error": error},
    )


async def test_a_restart_loses_nothing(service: Service):
    """After a restart a waiting job still waits, and work that was cut off is done."""
    _, waiting = await service.send(TEXT, ["x"], scheduled_date=in_future(days=1))
    service.simulator.fault = "never_finishes"
    _, begun = await service.send(TEXT, ["x"])
    await service.until(begun_of(begun), lambda body: body["status"] == "processing")
    await service.stop()
    await service.start()
    await service.over(request_id=begun["request_id"])
    _, listed = await service.call("GET", "uploadposts/schedule")
    assert [item["job_id"] for item in listed["scheduled_posts"]] == [waiting["job_id"]]


def begun_of(reply: Any) -> dict[str, str]:
    return {"request_id": reply["request_id"]}
