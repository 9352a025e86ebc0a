"""WayinVideo, publishing: the example of its document (seed 000) and every field."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.clip import ClipRef
from bot.domain.options import OptionKind
from bot.domain.platform import Kind, Platform
from bot.errors import (
    ContentRejectedError,
)
from providers.submission import Recipient, Submission
from providers.wayinvideo.service import WayinVideo
from tests.providers.wayinvideo_bench import Wire, a_recipient, a_submission, ask, example

CAN = WayinVideo.capabilities


async def sent(submission: Submission) -> dict[str, Any]:
    wire = Wire(example("publish"))
    await ask(wire, lambda wayin: wayin.publish(submission))
    assert wire.asked == ["POST /api/v2/social-media/publish"]
    return wire.body


async def config(platform: Platform, **options: str) -> dict[str, Any]:
    body = await sent(a_submission(a_recipient(platform, **options)))
    return body["publish_configs"]["smacct06ixxxxxxx"]


async def test_the_body_of_the_document():
    """A clip for YouTube is sent exactly as the document's example."""
    recipient = a_recipient(tags="api\ntest", visibility="public")
    clip = ClipRef(project_id="prj06ixxxxxxx", index=0, resolution="FHD_1080")
    assert await sent(a_submission(recipient, clip=clip)) == example("request_publish")


async def test_the_headers_of_the_document():
    """Every call has the key, the version of the API and a content type."""
    wire = Wire(example("accounts"))
    await ask(wire, lambda wayin: wayin.accounts())
    headers = wire.requests[0].headers
    assert headers["Authorization"] == "Bearer wv_0123456789"
    assert headers["x-wayinvideo-api-version"] == "v2"
    assert headers["Content-Type"] == "application/json"


async def test_every_field_of_a_publish_config():
    """Each option becomes the field of its name, in its own type."""
    common = {
        "tags": "coffee\nroasting",
        "thumbnail_url": "https://example.com/cover.jpg",
        "category": "22",
        "allow_comment": "false",
    }
    assert await config(Platform.YOUTUBE, visibility="unlisted", **common) == {
        "title": "API Test Video",
        "description": "Posted by curl test",
        "visibility": "unlisted",
        "tags": ["coffee", "roasting"],
        "thumbnail_url": "https://example.com/cover.jpg",
        "category": "22",
        "allow_comment": False,
    }
    own = {"allow_duet": "true", "allow_stitch": "false", "disclose_content": "true"}
    tiktok = await config(Platform.TIKTOK, visibility="private", **own, **common)
    assert {name: tiktok[name] for name in own} == {
        "allow_duet": True,
        "allow_stitch": False,
        "disclose_content": True,
    }


def test_options_are_declared_for_every_platform():
    """Every documented setting can be chosen; TikTok's own on TikTok only."""
    common = {"tags", "thumbnail_url", "category", "allow_comment"}
    own = {"allow_duet", "allow_stitch", "disclose_content"}
    for platform in CAN.platforms:
        names = {option.name for option in CAN.options[platform]}
        assert common <= names
        assert (own <= names) == (platform is Platform.TIKTOK)
        assert ("visibility" in names) == (platform in (Platform.YOUTUBE, Platform.TIKTOK))
    tags = next(item for item in CAN.options[Platform.X] if item.name == "tags")
    assert tags.kind is OptionKind.LIST


async def test_what_nobody_chose_is_public_or_left_out():
    """Visibility is sent as public where the platform has it; empty texts are not sent."""
    assert (await config(Platform.TIKTOK))["visibility"] == "public"
    assert "visibility" not in await config(Platform.LINKEDIN)
    body = await sent(a_submission(a_recipient(Platform.X), title="", caption=""))
    assert body["publish_configs"] == {"smacct06ixxxxxxx": {}}


async def test_many_accounts_in_one_task():
    """One call serves all accounts, keyed by account id, each with its own settings."""
    recipients = (
        Recipient(remote_id="smacct1", platform=Platform.YOUTUBE, options={"category": "1"}),
        Recipient(remote_id="smacct2", platform=Platform.X),
    )
    wire = Wire(example("publish"))
    receipts = await ask(wire, lambda wayin: wayin.publish(a_submission(*recipients)))
    assert list(wire.body["publish_configs"]) == ["smacct1", "smacct2"]
    assert wire.body["publish_configs"]["smacct1"]["category"] == "1"
    assert [receipt.remote_id for receipt in receipts] == ["pubtask06ixxxxxxx"] * 2
    assert CAN.accounts_per_submission > 1


@pytest.mark.parametrize(
    ("asked", "spelled"),
    [
        ("SD_480", "480p"),
        ("HD_720", "720p"),
        ("FHD_1080", "1080p"),
        ("1080p", "1080p"),
        ("QHD_2K", None),
        ("UHD_4K", None),
        ("", None),
    ],
)
async def test_a_resolution_is_spelled_as_publishing_does(asked: str, spelled: str | None):
    """The spelling of the clip becomes that of publishing; what nobody documents is left out."""
    clip = ClipRef(project_id="prj06ixxxxxxx", index=3, resolution=asked)
    body = await sent(a_submission(clip=clip))
    assert body.get("resolution") == spelled
    assert body["idx"] == 3


async def test_a_time_is_handed_over_in_milliseconds():
    """`scheduled_at` is the moment of the Unix clock in milliseconds."""
    at = datetime.now(UTC).replace(microsecond=250_000) + timedelta(days=3)
    assert (await sent(a_submission(at=at)))["scheduled_at"] == int(at.timestamp() * 1000)
    assert (await sent(a_submission()))["scheduled_at"] is None


@pytest.mark.parametrize(
    "ahead", [timedelta(minutes=4, seconds=59), timedelta(days=30, minutes=1), -timedelta(days=1)]
)
async def test_a_time_outside_the_window_is_refused_here(ahead: timedelta):
    """Less than 5 minutes or more than 30 days ahead is not sent, and the window is named."""
    wire = Wire(example("publish"))
    submission = a_submission(at=datetime.now(UTC) + ahead)
    with pytest.raises(ContentRejectedError, match="5 minutes to 30 days ahead") as caught:
        await ask(wire, lambda wayin: wayin.publish(submission))
    assert caught.value.remedy
    assert wire.requests == []
    assert CAN.schedule is not None
    assert (CAN.schedule.lead, CAN.schedule.horizon) == (timedelta(minutes=5), timedelta(days=30))


async def test_too_many_tags_for_youtube_are_refused_here():
    """YouTube takes 500 characters of tags with their commas and quotation marks."""
    fits = "\n".join(["x" * 99] * 5)  # 495 and 4 commas
    assert len((await config(Platform.YOUTUBE, tags=fits))["tags"]) == 5
    for tags in (f"{fits}\nx", "\n".join(["a" + " " * 5 + "b" * 93] * 5)):
        with pytest.raises(ContentRejectedError, match="500 characters of tags"):
            await config(Platform.YOUTUBE, tags=tags)
    assert await config(Platform.LINKEDIN, tags=f"{fits}\nx")


async def test_only_its_own_clips_are_published():
    """A submission without a clip is refused here."""
    wire = Wire(example("publish"))
    with pytest.raises(ContentRejectedError, match="clips"):
        await ask(wire, lambda wayin: wayin.publish(a_submission(clip=None)))
    assert wire.requests == []
    assert CAN.kinds == {Kind.CLIP}


def test_limits_are_those_of_the_platforms():
    """YouTube needs a title and TikTok a description; lengths are the platforms' own."""
    limits = {platform: CAN.platforms[platform].of[Kind.CLIP] for platform in CAN.platforms}
    assert set(limits) == {
        Platform.YOUTUBE,
        Platform.TIKTOK,
        Platform.X,
        Platform.INSTAGRAM,
        Platform.FACEBOOK,
        Platform.LINKEDIN,
    }
    assert [platform for platform in limits if limits[platform].needs_title] == [Platform.YOUTUBE]
    assert [platform for platform in limits if limits[platform].needs_caption] == [Platform.TIKTOK]
    assert limits[Platform.TIKTOK].caption.maximum == 2_200
    assert limits[Platform.YOUTUBE].forbidden == "<>"
