"""The simulated WayinVideo over real sockets: projects, their stages and files."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.services_bench import JPEG, MP4
from tests.sandbox.wayinvideo_bench import SLOW, SOURCE, Service, wayinvideo_served


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator whose projects move on by the clock alone, 100 seconds a stage."""
    async with wayinvideo_served(tmp_path / "wayinvideo", SLOW) as running:
        yield running


async def test_the_project_of_the_start(service: Service):
    """Four exported clips are there from the start, and their addresses lead to files."""
    project = await service.project("prj06harbour")
    assert (project["status"], len(project["clips"])) == ("SUCCEEDED", 4)
    assert project["expire_at"] > service.now() * 1000
    for clip in project["clips"]:
        code, video = await service.call("GET", clip["export_link"])
        assert (code, video[4:8]) == (200, b"ftyp")
        code, picture = await service.call("GET", clip["thumbnail"])
        assert (code, picture[1:4]) == (200, b"PNG")
    code, _ = await service.call("GET", f"{service.address}/cdn/prj06harbour-4.mp4?until=9e9")
    assert code == 404
    service.ahead = 86_401
    assert (await service.call("GET", project["clips"][0]["export_link"]))[0] == 403


async def test_ids_of_one_kind_are_not_found_at_the_other(service: Service):
    """AI Clipping and Find Moments do not know each other's projects."""
    assert (await service.project("prj06moments", "clips/find-moments"))["clips"]
    for path in ("clips/results/prj06moments", "clips/find-moments/results/prj06harbour"):
        assert (await service.call("GET", path))[0] == 404


async def test_the_stages_of_a_project(service: Service):
    """It is created, queued, under way with some clips, done with few links, done with all."""
    project_id = await service.order(project_name="The film", resolution="HD_720")
    seen: list[tuple[str, int, int]] = []
    for _ in range(5):
        project = await service.project(project_id)
        links = [clip for clip in project["clips"] if "export_link" in clip]
        seen.append((project["status"], len(project["clips"]), len(links)))
        service.ahead += 100
    assert seen == [
        ("CREATED", 0, 0),
        ("QUEUED", 0, 0),
        ("ONGOING", 2, 0),
        ("SUCCEEDED", 4, 1),
        ("SUCCEEDED", 4, 4),
    ]
    assert (await service.publish(project_id=project_id, resolution="720p"))[0] == 200
    await service.stop()
    await service.start()
    assert (await service.project(project_id))["name"] == "The film"
    service.ahead += 7 * 86_400
    assert (await service.call("GET", f"clips/results/{project_id}"))[0] == 404


async def test_without_export_nothing_can_be_published(service: Service):
    """A project that was made without export succeeds, and its clips have no links."""
    project_id = await service.order(enable_export=False)
    service.ahead = 1_000
    project = await service.project(project_id)
    assert project["status"] == "SUCCEEDED"
    assert not [clip for clip in project["clips"] if "export_link" in clip]
    code, body = await service.publish(project_id=project_id, resolution=None)
    assert code == 400
    assert "enable_export" in body["message"]


async def test_moments_are_found(service: Service):
    """A query names what is looked for; `limit` bounds what comes."""
    project_id = await service.order("clips/find-moments", query="latte art", limit=2)
    service.ahead = 1_000
    project = await service.project(project_id, "clips/find-moments")
    assert len(project["clips"]) == 2
    assert all(clip["title"].startswith("latte art") for clip in project["clips"])


@pytest.mark.parametrize("fault", ["stuck", "no_links"])
async def test_projects_that_do_not_end(service: Service, fault: str):
    """A project stays under way, or without its links, while the fault is chosen."""
    project_id = await service.order()
    service.ahead = 1_000
    service.simulator.fault = fault
    status = {"stuck": "ONGOING", "no_links": "SUCCEEDED"}[fault]
    project = await service.project(project_id)
    assert project["status"] == status
    assert not all("export_link" in clip for clip in project["clips"])
    assert (await service.publish())[0] == 200  # what was there from the start can be published
    service.simulator.fault = "none"
    project = await service.project(project_id)
    assert all("export_link" in clip for clip in project["clips"])


async def test_five_projects_at_a_time(service: Service):
    """A sixth is 429 until one of them has ended."""
    for _ in range(5):
        await service.order()
    code, _ = await service.call("POST", "clips", json={"video_url": SOURCE})
    assert code == 429
    service.ahead = 300
    await service.order()


@pytest.mark.parametrize(
    ("path", "fields", "code", "words"),
    [
        ("clips", {"video_url": ""}, 400, "video_url is required"),
        ("clips", {"query": "x"}, 400, "Unrecognized field: query"),
        ("clips/find-moments", {}, 400, "query is required"),
        (
            "clips/find-moments",
            {"query": "x", "target_duration": "DURATION_0_30"},
            400,
            "Unrecognized field: target_duration",
        ),
        ("clips", {"target_duration": "30"}, 400, "target_duration must be one of"),
        ("clips", {"resolution": "1080p"}, 400, "resolution must be one of"),
        ("clips", {"enable_ai_reframe": True}, 400, "ratio is required"),
        ("clips", {"ratio": "RATIO_1_1", "reframe_layout": "PiP"}, 400, "reframe_layout"),
        ("clips", {"limit": 0}, 400, "limit must be"),
        ("clips", {"limit": "3"}, 400, "limit has the wrong type"),
        ("clips", {"enable_more_results": True}, 403, "Enterprise"),
        ("clips", {"video_url": "file_unknown"}, 400, "video_url is not valid"),
    ],
)
async def test_orders_it_refuses(
    service: Service, path: str, fields: dict[str, Any], code: int, words: str
):
    """An order that is not as documented makes no project."""
    status, body = await service.call("POST", path, json={"video_url": SOURCE} | fields)
    assert status == code
    assert words in body["message"]


async def test_a_source_it_does_not_know_fails_later(service: Service):
    """The order is taken, and the project fails with its reason."""
    project_id = await service.order(video_url="https://youtube.com.example/v")
    service.ahead = 200
    project = await service.project(project_id)
    assert (project["status"], project["clips"]) == ("FAILED", [])
    assert project["error_message"] == "This video source is not supported"


async def pieces() -> AsyncIterator[bytes]:
    """A body whose length is not said."""
    yield MP4


async def test_a_file_is_handed_over(service: Service):
    """Its address takes it once signed, without the key, for an hour; it serves for one order."""
    _, body = await service.call("POST", "upload/single-file", json={"name": "film.mp4"})
    url, identity = body["data"]["upload_url"], body["data"]["identity"]
    before = await service.call("POST", "clips", json={"video_url": identity})
    assert before[0] == 400
    assert (await service.call("PUT", url, data=MP4))[0] == 400  # with the key
    assert (await service.call("PUT", f"{url}x", data=MP4, headers={}))[0] == 403
    assert (await service.call("PUT", url, data=pieces(), headers={}))[0] == 411
    assert (await service.call("PUT", url, data=MP4, headers={}))[0] == 200
    await service.order(video_url=identity)
    code, body = await service.call("POST", "clips", json={"video_url": identity})
    assert code == 400
    assert "used already" in body["message"]
    service.ahead = 3_601
    assert (await service.call("PUT", url, data=MP4, headers={}))[0] == 403
    for name in ("film.mp3", "film"):
        assert (await service.call("POST", "upload/single-file", json={"name": name}))[0] == 400


async def test_a_file_that_is_no_video_fails_later(service: Service):
    """What was handed over is looked into, not its name."""
    _, body = await service.call("POST", "upload/single-file", json={"name": "film.mp4"})
    await service.call("PUT", body["data"]["upload_url"], data=JPEG, headers={})
    project_id = await service.order(video_url=body["data"]["identity"])
    service.ahead = 1_000
    assert (await service.project(project_id))["error_message"] == "The file is not a video"
