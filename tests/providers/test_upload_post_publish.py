"""Upload-Post is sent the forms of its documentation, and its answers are understood."""

from datetime import UTC, datetime

import pytest

from bot.domain.delivery import DeliveryState as State
from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError, ProtocolBrokenError
from tests.providers.upload_post_bench import Wire
from tests.providers.upload_post_service_bench import (
    ACCEPTED,
    BODY,
    VIDEO_URL,
    a_submission,
    by_content,
    by_url,
    fields_of,
    form_of,
    published,
    recorded,
    to,
)

AT = datetime(2026, 12, 24, 10, 30, tzinfo=UTC)


async def test_a_video_for_several_platforms():
    """One form holds the texts and settings of every platform, the video by its address."""
    submission = a_submission(
        Kind.VIDEO,
        to(Platform.TIKTOK, disable_duet="true", cover_timestamp="2500"),
        to(Platform.INSTAGRAM, collaborators="pier.example", share_to_feed="false"),
        to(Platform.YOUTUBE, visibility="unlisted", tags="coffee\nroasting", madeForKids="false"),
        title="How we roast",
    )
    assert await form_of(submission) == recorded("request_video")


async def test_photos_for_several_platforms():
    """TikTok and Pinterest have title and description, Facebook and Instagram one text."""
    submission = a_submission(
        Kind.PHOTOS,
        to(Platform.TIKTOK, auto_add_music="true", photo_cover_index="1"),
        to(Platform.FACEBOOK, facebook_page_id="4711"),
        to(Platform.PINTEREST, pinterest_board_id="99", pinterest_link="https://shop.example/"),
        title="New beans",
    )
    assert await form_of(submission) == recorded("request_photos")


async def test_a_text_at_its_time():
    """A time goes out in UTC with its zone; Reddit has title and body."""
    submission = a_submission(
        Kind.TEXT,
        to(Platform.X, reply_settings="following"),
        to(Platform.REDDIT, subreddit="coffee", flair_id="f1"),
        to(Platform.LINKEDIN),
        title="Beans",
        at=AT,
    )
    assert await form_of(submission) == recorded("request_text_scheduled")


@pytest.mark.parametrize("kind", [Kind.VIDEO, Kind.PHOTOS, Kind.TEXT])
async def test_each_kind_has_its_address_and_its_key(kind: Kind):
    """The key goes out as header and as request id, so that a lost upload is found again."""
    path = {Kind.VIDEO: "upload", Kind.PHOTOS: "upload_photos", Kind.TEXT: "upload_text"}[kind]
    wire = Wire(**{f"POST__{path}": ACCEPTED})
    await published(wire, a_submission(kind, to(Platform.X)))
    assert wire.asked == [f"POST {path}"]
    assert wire.requests[0].headers["Idempotency-Key"] == "copydesk-7-1-12"
    assert ["request_id", "copydesk-7-1-12"] in fields_of(wire.requests[0])


async def test_files_are_handed_over_where_they_have_no_address():
    """All files then come with the form, in their order, as they are."""
    wire = Wire(POST__upload_photos=ACCEPTED)
    files = (by_content("1.jpg"), by_content("2.jpg", BODY + b"2"))
    await published(wire, a_submission(Kind.PHOTOS, to(Platform.X), media=files))
    sent = fields_of(wire.requests[0])
    assert [value for name, value in sent if name == "photos[]"] == ["1.jpg", "2.jpg"]
    assert wire.requests[0].content.index(BODY + b"2") > wire.requests[0].content.index(BODY)
    assert wire.requests[0].headers["Content-Length"] == str(len(wire.requests[0].content))


async def test_a_file_that_cannot_be_had_is_refused_here():
    """A file with neither address nor content never leaves."""
    files = by_url("")
    with pytest.raises(ContentRejectedError):
        await published(Wire(), a_submission(Kind.PHOTOS, to(Platform.X), media=files))


async def test_nothing_empty_is_sent():
    """A post without title or caption has no field for it."""
    sent = await form_of(a_submission(Kind.PHOTOS, to(Platform.INSTAGRAM), caption=""))
    assert not [name for name, value in sent if not value or name in ("title", "instagram_title")]


async def test_a_label_is_made_of_a_long_caption():
    """Where a title only labels the file, it is the beginning of the caption, which goes whole."""
    caption = "Beans! " * 100
    sent = dict(
        await form_of(
            a_submission(Kind.VIDEO, to(Platform.FACEBOOK), to(Platform.LINKEDIN), caption=caption)
        )
    )
    assert (len(sent["facebook_title"]), len(sent["linkedin_title"])) == (255, 400)
    assert sent["facebook_description"] == sent["linkedin_description"] == caption


@pytest.mark.parametrize(
    ("seconds", "options", "sent"),
    [
        (90.0, {}, None),
        (91.0, {}, "VIDEO"),
        (91.0, {"facebook_media_type": "STORIES"}, "STORIES"),
        (None, {}, None),
    ],
)
async def test_a_long_video_is_no_reel(seconds: float | None, options: dict[str, str], sent: str):
    """Facebook's reels end at 90 seconds; a longer video goes out as one, unless told."""
    media = by_url(VIDEO_URL, seconds=seconds)
    form = await form_of(a_submission(Kind.VIDEO, to(Platform.FACEBOOK, **options), media=media))
    assert dict(form).get("facebook_media_type") == sent


async def test_tiktok_always_has_its_privacy_and_its_mode():
    """Without a choice a post is public and published, or it fails: never a silent draft."""
    sent = dict(await form_of(a_submission(Kind.VIDEO, to(Platform.TIKTOK))))
    assert sent["privacy_level"] == "PUBLIC_TO_EVERYONE"
    assert sent["post_mode"] == "DIRECT_POST"
    assert sent["disable_inbox_fallback"] == "true"


async def test_a_draft_is_known_as_one():
    """A TikTok draft and a Facebook draft end in the creator's hands, the others are published."""
    submission = a_submission(
        Kind.VIDEO,
        to(Platform.TIKTOK, draft="true"),
        to(Platform.FACEBOOK, draft="true"),
        to(Platform.X),
    )
    sent = dict(await form_of(submission))
    assert (sent["post_mode"], sent["video_state"]) == ("MEDIA_UPLOAD", "DRAFT")
    assert "disable_inbox_fallback" not in sent
    receipts = await published(Wire(POST__upload=ACCEPTED), submission)
    assert [receipt.remote_id for receipt in receipts] == [
        "draft-request:r1",
        "draft-request:r1",
        "request:r1",
    ]


async def test_the_answers_of_the_documentation():
    """A request is under way, a job is scheduled, results are told platform by platform."""
    instagram, linkedin, x = (
        to(platform) for platform in (Platform.INSTAGRAM, Platform.LINKEDIN, Platform.X)
    )
    submission = a_submission(Kind.VIDEO, instagram, linkedin, x)
    wire = Wire(POST__upload=recorded("upload_async"))
    assert {item.state for item in await published(wire, submission)} == {State.SUBMITTED}
    wire = Wire(POST__upload=recorded("upload_results"))
    live, expired, missing = await published(wire, submission)
    assert (live.state, live.link) == (State.PUBLISHED, "https://www.instagram.com/p/ABC/")
    assert (expired.state, "Expired access token" in expired.reason) == (State.FAILED, True)
    assert (missing.state, "Connect" in missing.remedy) == (State.FAILED, True)
    assert live.remote_id == "request:copydesk-7-1-12"  # the id that was sent along
    wire = Wire(POST__upload=(202, recorded("upload_scheduled")))
    (receipt,) = await published(wire, a_submission(Kind.VIDEO, x, at=AT))
    assert receipt.state is State.SCHEDULED_AT_PROVIDER
    assert receipt.remote_id == "job:a1b2c3d4e5f67890a1b2c3d4e5f67890"


@pytest.mark.parametrize("answer", [{"success": True}, {}, {"success": True, "results": {}}])
async def test_an_answer_without_a_name_does_not_fit(answer: dict[str, object]):
    """What says neither what became of the post nor how it is called leaves it unknown."""
    with pytest.raises(ProtocolBrokenError):
        await published(Wire(POST__upload=answer), a_submission(Kind.VIDEO, to(Platform.X)))
