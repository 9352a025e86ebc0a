"""Genviral, publishing: the example of its documentation (seed 003), keys, times and accounts."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import ContentRejectedError, ProtocolBrokenError, TryLaterError
from providers.genviral.service import Genviral
from tests.providers.genviral_bench import (
    HOSTED_TIKTOK,
    PHOTOS,
    POST,
    PUBLIC,
    VIDEO,
    Wire,
    a_recipient,
    a_submission,
    a_video,
    ask,
    example,
    publish,
    sent,
    sent_for,
)

YOUTUBE = a_recipient(Platform.YOUTUBE)
LINKEDIN = a_recipient(Platform.LINKEDIN)


async def test_the_body_of_the_documentation():
    """The example of the documentation is what an equal post is sent as, field for field."""
    who = a_recipient(Platform.YOUTUBE, "YOUR_YOUTUBE_ACCOUNT_ID", visibility="public")
    submission = a_submission(
        who,
        key="yt-recap-2026-05-21",
        caption="Weekly product recap and what shipped this sprint.",
        title="Weekly product recap",
    )
    assert await sent(submission) == example("request_youtube")


async def test_several_accounts_go_together():
    """One call carries the accounts, the settings of each platform once, and a receipt for each."""
    who = (
        a_recipient(Platform.YOUTUBE, "one", visibility="unlisted"),
        a_recipient(Platform.YOUTUBE, "two", visibility="unlisted"),
        a_recipient(Platform.INSTAGRAM, "three"),
        a_recipient(Platform.BLUESKY, "four"),
    )
    receipts, wire = await publish(a_submission(*who))
    assert wire.body["accounts"] == [{"id": name} for name in ("one", "two", "three", "four")]
    assert wire.body["settings"] == {
        "youtube": {"type": "unlisted"},
        "instagram": {"post_type": "post"},
    }
    assert [receipt.remote_id for receipt in receipts] == [POST] * 4
    assert wire.asked == ["POST /posts"]


async def test_photos_are_a_slideshow_and_a_text_is_alone():
    """Photos keep their order; a post of text has no media, and no settings where none are chosen."""
    photos = await sent_for(Platform.FACEBOOK, Kind.PHOTOS)
    assert photos["media"] == {"type": "slideshow", "urls": list(PHOTOS)}
    assert await sent_for(Platform.FACEBOOK, Kind.TEXT) == {
        "caption": "A caption",
        "accounts": [{"id": "facebook-1"}],
        "external_id": "copydesk-7-1",
    }


async def test_the_length_of_a_video_goes_in_whole_seconds():
    """X refuses a video of unknown length, so a known one is told; an unknown one is left out."""
    who = a_recipient(Platform.X)
    known = await sent(a_submission(who, media=(a_video(41.6),)))
    assert known["media"] == {"type": "video", "url": VIDEO, "duration_sec": 42}
    unknown = await sent(a_submission(who, media=(a_video(None),)))
    assert unknown["media"] == {"type": "video", "url": VIDEO}


async def test_a_key_that_is_too_long_goes_as_its_hash():
    """`external_id` has at most 128 characters, and equal keys stay equal."""
    long = a_submission(YOUTUBE, key="k" * 129)
    found = (await sent(long))["external_id"]
    assert len(found) == 64
    assert (await sent(long))["external_id"] == found
    assert (await sent(a_submission(YOUTUBE, key="k" * 128)))["external_id"] == "k" * 128


async def test_the_same_submission_is_the_same_body():
    """The same key with another body is a conflict, so nothing in it depends on the clock."""
    at = datetime.now(UTC) + timedelta(seconds=20)
    submission = a_submission(YOUTUBE, at=at)
    assert await sent(submission) == await sent(submission)
    past = a_submission(YOUTUBE, at=at - timedelta(hours=1))
    assert (await sent(past))["scheduled_at"] == f"{past.at:%Y-%m-%dT%H:%M:%SZ}"


async def test_a_time_goes_with_its_offset():
    """A time in any zone is handed over as the same moment, and a receipt says it is scheduled."""
    at = datetime(2030, 5, 21, 17, 0, tzinfo=timezone(timedelta(hours=2)))
    receipts, wire = await publish(a_submission(YOUTUBE, at=at))
    assert wire.body["scheduled_at"] == "2030-05-21T15:00:00Z"
    assert receipts[0].state is DeliveryState.SCHEDULED_AT_PROVIDER


@pytest.mark.parametrize("seconds", [35, 60, 115])
async def test_a_time_in_the_gap_is_refused_here(seconds: int):
    """Between 30 seconds and 2 minutes ahead nothing is documented: nothing is sent."""
    wire = Wire()
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    with pytest.raises(ContentRejectedError) as caught:
        await ask(wire, lambda genviral: genviral.publish(a_submission(YOUTUBE, at=at)))
    assert "2 minutes" in caught.value.message
    assert caught.value.remedy
    assert wire.requests == []


@pytest.mark.parametrize("seconds", [-3600, 0, 25, 130])
async def test_a_time_outside_the_gap_is_sent(seconds: int):
    """Up to 30 seconds ahead means at once, from 2 minutes on it is scheduled."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    assert "scheduled_at" in await sent(a_submission(YOUTUBE, at=at))


async def test_a_repeat_is_told_of_the_first_post():
    """200 with `duplicate` is the post that was accepted before; how it ended is read."""
    receipts, _ = await publish(a_submission(YOUTUBE), example("replayed"))
    assert (receipts[0].state, receipts[0].remote_id) == (DeliveryState.SUBMITTED, POST)
    assert receipts[0].reason == "Genviral had this post already."


async def test_warnings_come_into_the_receipt():
    """What Genviral warns of does not stop a post, and people can read it."""
    receipts, _ = await publish(a_submission(YOUTUBE), example("updated"))
    assert receipts[0].reason == "Genviral warns: Video size metadata is missing"
    created = example("created")
    created["data"]["warnings"] = ["Too square"]
    receipts, _ = await publish(a_submission(YOUTUBE), (201, created))
    assert receipts[0].reason == "Genviral warns: Too square"


async def test_an_answer_without_an_id_does_not_fit():
    """A post nobody can ask about later is no receipt."""
    with pytest.raises(ProtocolBrokenError):
        await publish(a_submission(YOUTUBE), {"ok": True, "data": {"status": "pending"}})


async def test_tiktok_is_public_unless_told():
    """The level of TikTok is always sent to an account of the team's own."""
    body = await sent_for(Platform.TIKTOK)
    assert body["tiktok"] == {"privacy_level": PUBLIC}
    assert "settings" not in body
    assert (await sent_for(Platform.TIKTOK, visibility="SELF_ONLY"))["tiktok"] == {
        "privacy_level": "SELF_ONLY"
    }


async def test_a_hosted_tiktok_account_takes_no_settings():
    """For an account that Genviral hosts `tiktok` is left out; music is not."""
    music = "https://www.tiktok.com/@a/video/1"
    hosted = a_recipient(Platform.TIKTOK, HOSTED_TIKTOK, visibility=PUBLIC, music_url=music)
    receipts, wire = await publish(a_submission(hosted))
    assert wire.asked == ["GET /accounts", "POST /posts"]
    assert "tiktok" not in wire.body
    assert wire.body["music_url"] == music
    assert len(receipts) == 1


@pytest.mark.parametrize(
    ("options", "title"),
    [({"visibility": "SELF_ONLY"}, ""), ({"disable_comment": "true"}, ""), ({}, "A headline")],
)
async def test_what_a_hosted_account_cannot_be_given_is_not_left_out(
    options: dict[str, str], title: str
):
    """A setting that was approved and cannot be kept stops the post instead."""
    wire = Wire()
    hosted = a_recipient(Platform.TIKTOK, HOSTED_TIKTOK, **options)
    submission = a_submission(hosted, kind=Kind.PHOTOS, title=title)
    with pytest.raises(ContentRejectedError) as caught:
        await ask(wire, lambda genviral: genviral.publish(submission))
    assert "hosts takes no settings" in caught.value.message
    assert wire.asked == ["GET /accounts"]


async def test_what_kind_an_account_is_is_asked_once():
    """The list of accounts is read before the first post to TikTok, and no more after it."""
    wire = Wire({"POST /posts": (201, example("created"))})
    submission = a_submission(a_recipient(Platform.TIKTOK, HOSTED_TIKTOK))

    async def twice(genviral: Genviral) -> None:
        await genviral.publish(submission)
        await genviral.publish(submission)

    await ask(wire, twice)
    assert wire.asked == ["GET /accounts", "POST /posts", "POST /posts"]


async def test_a_list_that_does_not_fit_publishes_nothing():
    """What kind an account is could not be read, so nothing was sent and it is tried again."""
    wire = Wire({"GET /accounts": {"ok": True, "data": {}}})
    submission = a_submission(a_recipient(Platform.TIKTOK))
    with pytest.raises(TryLaterError) as caught:
        await ask(wire, lambda genviral: genviral.publish(submission))
    assert caught.value.__context__ is None
    assert wire.asked == ["GET /accounts"]


def test_who_goes_with_whom():
    """TikTok goes alone, and two accounts of one platform only with the same options."""
    goes_with = Genviral.capabilities.goes_with
    tiktok, pinterest = a_recipient(Platform.TIKTOK), a_recipient(Platform.PINTEREST, board_id="1")
    assert not goes_with(tiktok, pinterest)
    assert not goes_with(pinterest, tiktok)
    assert not goes_with(tiktok, a_recipient(Platform.TIKTOK, "other"))
    assert goes_with(YOUTUBE, LINKEDIN)
    assert goes_with(YOUTUBE, a_recipient(Platform.YOUTUBE, "other"))
    assert not goes_with(YOUTUBE, a_recipient(Platform.YOUTUBE, "other", visibility="private"))
