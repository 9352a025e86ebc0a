"""The cover of a video at each service: the documented field, in the unit that it is documented in."""

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.cover import CoverForm
from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from providers.catalogue import PROVIDERS
from providers.submission import CoverFile, MediaFile, Recipient
from tests.pictures import JPEG
from tests.providers import (
    genviral_bench,
    upload_post_service_bench,
    wahdx_bench,
    wayinvideo_bench,
)
from tests.providers.test_genviral_simulated import Stage, stage
from tests.providers.test_upload_post_service import ends
from tests.sandbox.genviral_bench import INSTAGRAM, YOUTUBE

__all__ = ["stage"]

URL = "https://media.example/cover.jpg"
BY_URL = MediaFile(url=URL, content_type="image/jpeg", size=1)
BY_CONTENT = upload_post_service_bench.by_content("cover.jpg", JPEG)
MOMENT, ADDRESS = CoverFile(at_ms=3500, picture=BY_URL), CoverFile(at_ms=None, picture=BY_URL)
WIDE = {"facebook_media_type": "VIDEO"}


def to(platform: Platform, **options: str) -> Recipient:
    return upload_post_service_bench.to(platform, profile="harbour", **options)


async def fields(cover: CoverFile, *recipients: Recipient) -> dict[str, str]:
    """What an upload of a video says of its cover."""
    submission = upload_post_service_bench.a_submission(Kind.VIDEO, *recipients)
    plain = await upload_post_service_bench.form_of(submission)
    covered = await upload_post_service_bench.form_of(replace(submission, cover=cover))
    assert [field for field in covered if field in plain] == plain
    return {name: value for name, value in covered if [name, value] not in plain}


@pytest.mark.parametrize(
    ("cover", "recipients", "expected"),
    [
        (MOMENT, [to(Platform.TIKTOK)], {"cover_timestamp": "3500"}),
        (MOMENT, [to(Platform.INSTAGRAM)], {"thumb_offset": "3500"}),
        (MOMENT, [to(Platform.PINTEREST)], {"pinterest_cover_image_key_frame_time": "3500"}),
        (MOMENT, [to(Platform.YOUTUBE)], {"thumbnail_url": URL}),
        (MOMENT, [to(Platform.YOUTUBE), to(Platform.FACEBOOK, **WIDE)], {"thumbnail_url": URL}),
        (ADDRESS, [to(Platform.TIKTOK)], {"tiktok_cover_image_url": URL}),
        (ADDRESS, [to(Platform.INSTAGRAM)], {"cover_url": URL}),
        (ADDRESS, [to(Platform.PINTEREST)], {"pinterest_cover_image_url": URL}),
        (ADDRESS, [to(Platform.FACEBOOK)], {}),
        (ADDRESS, [to(Platform.X), to(Platform.THREADS)], {}),
        (MOMENT, [to(Platform.TIKTOK, draft="true")], {}),
        (MOMENT, [to(Platform.INSTAGRAM, media_type="STORIES")], {}),
    ],
)
async def test_upload_post(
    cover: CoverFile, recipients: list[Recipient], expected: dict[str, str]
) -> None:
    """A moment in milliseconds where the platform takes one, else the picture; nothing where none
    counts.
    """
    assert await fields(cover, *recipients) == expected


@pytest.mark.parametrize(
    ("platform", "field"),
    [
        (Platform.TIKTOK, "tiktok_cover_image"),
        (Platform.INSTAGRAM, "cover_image"),
        (Platform.YOUTUBE, "thumbnail"),
        (Platform.FACEBOOK, "facebook_thumbnail"),
    ],
)
async def test_upload_post_gets_a_picture_with_the_call(platform: Platform, field: str) -> None:
    """A picture without an address goes along as a file of its own."""
    options = WIDE if platform is Platform.FACEBOOK else {}
    cover = CoverFile(at_ms=None, picture=BY_CONTENT)
    assert await fields(cover, to(platform, **options)) == {field: "cover.jpg"}


async def test_upload_post_has_no_field_for_a_file_for_pinterest() -> None:
    """There a picture without an address goes as text."""
    found = await fields(CoverFile(at_ms=None, picture=BY_CONTENT), to(Platform.PINTEREST))
    assert found.pop("pinterest_cover_image_content_type") == "image/jpeg"
    assert b64decode(found.pop("pinterest_cover_image_data")) == JPEG
    assert found == {}


async def test_upload_post_shows_the_picture(tmp_path: Path) -> None:
    """What was handed over with the call is what is seen before the video plays."""
    async with upload_post_service_bench.beside_the_simulator(tmp_path) as (provider, service):
        media = upload_post_service_bench.by_url(f"{service.files}/v.mp4")
        submission = upload_post_service_bench.a_submission(
            Kind.VIDEO,
            to(Platform.YOUTUBE),
            to(Platform.TIKTOK),
            to(Platform.X),
            title="Steam",
            media=media,
            cover=CoverFile(at_ms=3500, picture=BY_CONTENT),
        )
        receipts = await ends(provider, submission, await provider.publish(submission))
        assert {receipt.state for receipt in receipts} == {DeliveryState.PUBLISHED}
        covers = {
            name: service.posts(f"harbour/{name}")[0].cover for name in ("youtube", "tiktok", "x")
        }
        kept = service.simulator.media(covers.pop("youtube").rsplit("/", 1)[1])
        assert kept
        assert kept.read_bytes() == JPEG
        assert covers == {"tiktok": "3500 ms", "x": ""}


async def told(platform: Platform, cover: CoverFile, account: str = "", **options: str) -> Any:
    """The settings of a platform that Genviral is told."""
    recipient = genviral_bench.a_recipient(platform, account, **options)
    body = await genviral_bench.sent(
        replace(genviral_bench.a_submission(recipient, title="T"), cover=cover)
    )
    return body.get(str(platform)) or body.get("settings", {}).get(str(platform), {})


async def test_genviral() -> None:
    """TikTok and Instagram get the moment in milliseconds, YouTube the picture of it; a picture from
    elsewhere goes to Instagram and YouTube.
    """
    assert (await told(Platform.TIKTOK, MOMENT))["video_cover_timestamp_ms"] == 3500
    assert (await told(Platform.INSTAGRAM, MOMENT))["thumb_offset_ms"] == 3500
    assert (await told(Platform.YOUTUBE, MOMENT))["thumbnail"] == {"path": URL}
    assert "video_cover_timestamp_ms" not in await told(Platform.TIKTOK, ADDRESS)
    assert (await told(Platform.INSTAGRAM, ADDRESS))["cover_url"] == URL
    assert await told(Platform.INSTAGRAM, ADDRESS, post_type="story") == {"post_type": "story"}
    assert await told(Platform.X, ADDRESS) == {}


async def test_genviral_hosts_accounts_that_take_none() -> None:
    """A cover for an account that Genviral hosts is left out, and that is told beforehand."""
    wire = genviral_bench.Wire()
    hosted = await genviral_bench.ask(
        wire, lambda genviral: genviral.account_limits(genviral_bench.HOSTED_TIKTOK)
    )
    assert hosted.covers == frozenset()
    assert await told(Platform.TIKTOK, MOMENT, genviral_bench.HOSTED_TIKTOK) == {}
    accounts = genviral_bench.example("accounts")
    accounts["data"]["accounts"][0] |= {"id": "hosted", "platform": "instagram", "type": "hosted"}
    recipient = genviral_bench.a_recipient(Platform.INSTAGRAM, "hosted")
    created = (201, genviral_bench.example("created"))
    wire = genviral_bench.Wire({"GET /accounts": accounts, "POST /posts": created})
    submission = replace(genviral_bench.a_submission(recipient), cover=MOMENT)
    await genviral_bench.ask(wire, lambda genviral: genviral.publish(submission))
    assert wire.body["settings"]["instagram"] == {"post_type": "post"}


async def test_genviral_shows_it(stage: Stage) -> None:
    """What was put into its storage is the thumbnail on YouTube; Instagram has the moment."""
    picture = replace(BY_CONTENT, url=await stage.genviral.upload(BY_CONTENT))
    submission = replace(
        stage.submission(YOUTUBE, INSTAGRAM, kind=Kind.VIDEO),
        cover=CoverFile(at_ms=3500, picture=picture),
    )
    receipts, _ = await stage.end(submission)
    assert {receipt.state for receipt in receipts} == {DeliveryState.PUBLISHED}
    shown = {account.id: account.posts for account in stage.service.simulator.feed()}
    kept = stage.service.simulator.media(shown[YOUTUBE][0].cover.rsplit("/", 1)[1])
    assert kept
    assert kept.read_bytes() == JPEG
    assert shown[INSTAGRAM][0].cover == "3500 ms"


@pytest.mark.parametrize(("cover", "at_ms"), [(None, 1000), (MOMENT, 3500), (ADDRESS, 1000)])
async def test_wahdx(cover: CoverFile | None, at_ms: int) -> None:
    """TikTok gets the moment in milliseconds, or WAHDX's own default; the others get nothing."""
    for platform in (Platform.TIKTOK, Platform.INSTAGRAM, Platform.THREADS, Platform.FACEBOOK):
        plain = wahdx_bench.a_submission(platform, urls=("https://media.example/a.mp4",))
        body = await wahdx_bench.sent(replace(plain, cover=cover))
        if platform is Platform.TIKTOK:
            assert body["tiktokSettings"].pop("video_cover_timestamp_ms") == at_ms
            continue
        assert body == await wahdx_bench.sent(plain)


async def wayin(cover: CoverFile) -> dict[str, Any]:
    wire = wayinvideo_bench.Wire(wayinvideo_bench.example("publish"))
    submission = replace(wayinvideo_bench.a_submission(), cover=cover)
    await wayinvideo_bench.ask(wire, lambda provider: provider.publish(submission))
    return next(iter(wire.body["publish_configs"].values()))


async def test_wayinvideo() -> None:
    """A clip gets a picture by its address."""
    assert (await wayin(ADDRESS))["thumbnail_url"] == URL


def every_limit() -> Iterable[Any]:
    """What each service declares for each platform."""
    for name, provider in PROVIDERS.items():
        for platform, limit in provider.capabilities.covers.items():
            yield pytest.param(provider, platform, limit, id=f"{name} {platform}")


@pytest.mark.parametrize(("provider", "platform", "limit"), list(every_limit()))
def test_what_is_declared_can_be_chosen(provider: Any, platform: Platform, limit: Any) -> None:
    """A service declares covers only for what it publishes there, under options that it has; YouTube
    takes no more than 2 MB.
    """
    assert limit.kinds <= provider.capabilities.platforms[platform].of.keys()
    assert limit.frame or limit.types
    (kind,) = limit.kinds
    if limit.only_with:
        name, values = limit.only_with
        (option,) = (o for o in provider.capabilities.options[platform] if o.name == name)
        assert values - {"", "false"} <= set(option.choices)
        assert limit.otherwise.endswith(".")
    if platform is Platform.YOUTUBE:
        assert limit.size == 2_000_000
        assert limit.form(None, kind, {}) is CoverForm.PICTURE
