"""WAHDX, publishing: the example bodies and answers of its documentation (seed 002), and refusals."""

from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, ContentRejectedError, ProtocolBrokenError
from providers.submission import Receipt
from providers.wahdx.options import OPTIONS
from tests.providers.wahdx_bench import (
    INSTAGRAM_LINK,
    PHOTOS,
    VIDEO,
    Wire,
    a_submission,
    ask,
    example,
    sent,
)


async def test_the_instagram_body_of_the_documentation():
    """An Instagram video is sent exactly as the documentation's first example."""
    submission = a_submission(
        Platform.INSTAGRAM, urls=VIDEO, caption="Check out this video! #viral #fyp"
    )
    assert await sent(submission) == example("request_instagram")


async def test_the_video_draft_of_the_documentation():
    """A TikTok draft has the example's fields, and with them what is never left out."""
    body = await sent(
        a_submission(
            Platform.TIKTOK, urls=VIDEO, caption="My video caption", options={"draft": "true"}
        )
    )
    expected = example("request_video_draft") | {"platform": "tiktok"}
    expected["tiktokSettings"] |= {
        "privacy_level": "PUBLIC_TO_EVERYONE",
        "video_cover_timestamp_ms": 1000,
    }
    assert body == expected


async def test_the_photo_draft_of_the_documentation():
    """A TikTok carousel draft is the example and the platform."""
    body = await sent(
        a_submission(
            Platform.TIKTOK,
            Kind.PHOTOS,
            PHOTOS,
            caption="Photo description",
            options={"draft": "true", "visibility": "PUBLIC_TO_EVERYONE"},
        )
    )
    assert body == example("request_photo_draft") | {"platform": "tiktok"}


async def test_the_title_goes_with_photos_on_tiktok():
    """`photoTitle` is the headline of a carousel; a video has none."""
    photos = a_submission(Platform.TIKTOK, Kind.PHOTOS, PHOTOS, title="Headline")
    assert (await sent(photos))["photoTitle"] == "Headline"
    for other in (
        a_submission(Platform.TIKTOK, urls=VIDEO, title="Headline"),
        a_submission(Platform.INSTAGRAM, Kind.PHOTOS, PHOTOS, title="Headline"),
    ):
        assert "photoTitle" not in await sent(other)


async def test_a_text_has_no_media_items():
    """A post without media is text alone."""
    body = await sent(a_submission(Platform.THREADS, Kind.TEXT, caption="Hello"))
    assert body == {"platform": "threads", "accountId": "YOUR_ACCOUNT_ID", "content": "Hello"}


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("settings_cover", Kind.VIDEO, "3000"),
        ("settings_ai", Kind.VIDEO, "true"),
        ("settings_music", Kind.PHOTOS, "true"),
    ],
)
async def test_the_settings_of_the_documentation(name: str, kind: Kind, text: str):
    """Each example of a setting is what the option of its name becomes."""
    ((option, value),) = example(name)["tiktokSettings"].items()
    urls = VIDEO if kind is Kind.VIDEO else PHOTOS
    body = await sent(a_submission(Platform.TIKTOK, kind, urls, options={option: text}))
    assert body["tiktokSettings"][option] == value


async def test_the_settings_of_tiktok():
    """Options of TikTok are sent when they are set, and only with the kind that has them."""
    options = {
        "visibility": "SELF_ONLY",
        "draft": "false",
        "allow_comment": "false",
        "allow_duet": "false",
        "allow_stitch": "true",
        "video_cover_timestamp_ms": "3000",
        "auto_add_music": "true",
        "video_made_with_ai": "true",
    }
    assert options.keys() == {option.name for option in OPTIONS[Platform.TIKTOK]}
    video = await sent(a_submission(Platform.TIKTOK, urls=VIDEO, options=options))
    assert video["tiktokSettings"] == {
        "privacy_level": "SELF_ONLY",
        "draft": False,
        "allow_comment": False,
        "allow_duet": False,
        "allow_stitch": True,
        "video_cover_timestamp_ms": 3000,
        "video_made_with_ai": True,
    }
    photos = await sent(a_submission(Platform.TIKTOK, Kind.PHOTOS, PHOTOS, options=options))
    assert photos["tiktokSettings"] == {
        "privacy_level": "SELF_ONLY",
        "media_type": "photo",
        "draft": False,
        "allow_comment": False,
        "auto_add_music": True,
    }


async def test_privacy_is_always_sent():
    """Nobody's choice means everyone: left out, WAHDX would show the post to its creator alone."""
    for options in ({}, {"visibility": ""}):
        for kind, urls in ((Kind.VIDEO, VIDEO), (Kind.PHOTOS, PHOTOS)):
            body = await sent(a_submission(Platform.TIKTOK, kind, urls, options=options))
            assert body["tiktokSettings"]["privacy_level"] == "PUBLIC_TO_EVERYONE"


async def test_a_video_stays_out_of_the_feed_when_told():
    """`share_to_feed` is Instagram's, for videos, and on unless somebody turns it off."""
    options = {"share_to_feed": "false"}
    video = await sent(a_submission(Platform.INSTAGRAM, urls=VIDEO, options=options))
    assert video["instagramSettings"] == {"share_to_feed": False}
    photos = await sent(a_submission(Platform.INSTAGRAM, Kind.PHOTOS, PHOTOS, options=options))
    assert "instagramSettings" not in photos


async def published(
    answer: Any, platform: Platform = Platform.TIKTOK, status: int = 200
) -> Receipt:
    wire = Wire(answer, status)
    (receipt,) = await ask(wire, lambda wahdx: wahdx.publish(a_submission(platform, urls=VIDEO)))
    return receipt


async def test_both_answers_to_a_post():
    """TikTok begins; the others are live when they answer."""
    assert await published(example("post_tiktok")) == Receipt(
        state=DeliveryState.SUBMITTED, remote_id="v_pub_file~v2.1234567890"
    )
    assert await published(example("post_instagram"), Platform.INSTAGRAM) == Receipt(
        state=DeliveryState.PUBLISHED, remote_id="17893746543210000", link=INSTAGRAM_LINK
    )


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"success": False, "error": "Cannot mix media types"}, ContentRejectedError),
        ({"error": "Video rejected"}, ContentRejectedError),
        ({"success": False}, ContentRejectedError),
        ({"success": False, "message": "Media URL has expired"}, ContentRejectedError),
        ({"error": "The plan is too small", "subscription": "free"}, AccountBrokenError),
        ({"success": False, "error": "Account not found"}, AccountBrokenError),
        ({"success": False, "error": "Your account is expired, reconnect it"}, AccountBrokenError),
        ({"error": "Invalid API key"}, AccountBrokenError),
    ],
)
async def test_refusals_come_with_any_status(answer: Any, error: type):
    """A refusal is definite with HTTP 200 as with 4xx; it means the account where it says so."""
    for code in (200, 400, 404):
        with pytest.raises(error) as caught:
            await published(answer, status=code)
        assert type(caught.value) is error


@pytest.mark.parametrize(
    "answer",
    [
        {"success": True},
        {"success": True, "status": "PUBLISH_INITIATED", "data": {}},
        {"success": True, "status": "PUBLISH_INITIATED", "data": [1]},
        {"success": True, "data": None},
        {"success": "perhaps"},
        {"success": False, "error": "late", "data": {"publish_id": "v_pub_file~v2.1"}},
        {},
        [],
        "ok",
        7,
    ],
)
async def test_an_answer_to_a_post_that_does_not_fit(answer: Any):
    """What cannot be understood was perhaps accepted; the answer is kept."""
    with pytest.raises(ProtocolBrokenError) as caught:
        await published(answer)
    assert caught.value.excerpt


async def test_numbers_for_ids_are_understood():
    """An id may come as a number."""
    receipt = await published({"success": True, "data": {"publish_id": 17}})
    assert receipt == Receipt(state=DeliveryState.SUBMITTED, remote_id="17")
