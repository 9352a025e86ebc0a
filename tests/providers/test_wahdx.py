"""WAHDX: the example bodies and answers of its documentation (seed 002), and what it leaves open."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, ContentRejectedError, ProtocolBrokenError
from providers.base import AccountLimits, MediaLink, Receipt, Recipient, Submission, Submitted
from providers.wahdx import Wahdx

DATA = Path(__file__).parent / "data" / "wahdx"
TIKTOK_LINK = "https://www.tiktok.com/@mybrand/video/7489123456789012345"
INSTAGRAM_LINK = "https://www.instagram.com/p/ABC123XYZ/"


def example(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


class Wire:
    """Answers every request alike and keeps the bodies."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.answer, self.status = answer, status
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, json=self.answer)

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.requests[-1].content)


async def ask(wire: Wire, call: Callable[[Wahdx], Any]) -> Any:
    provider = Wahdx(
        {"key": " sk_1 \n"},
        base_url="https://wahdx.example/",
        transport=httpx.MockTransport(wire),
    )
    try:
        return await call(provider)
    finally:
        await provider.close()


def a_submission(
    platform: Platform, kind: Kind = Kind.VIDEO, urls: tuple[str, ...] = (), **parts: Any
) -> Submission:
    content_type = "video/mp4" if kind is Kind.VIDEO else "image/jpeg"
    return Submission(
        key="k",
        caption=parts.get("caption", "A caption"),
        title=parts.get("title", ""),
        kind=kind,
        media=tuple(MediaLink(url=url, content_type=content_type, size=1) for url in urls),
        recipients=(
            Recipient(
                remote_id="YOUR_ACCOUNT_ID", platform=platform, options=parts.get("options", {})
            ),
        ),
    )


async def sent(submission: Submission) -> dict[str, Any]:
    wire = Wire(example("post_tiktok"))
    await ask(wire, lambda wahdx: wahdx.publish(submission))
    assert wire.requests[0].headers["X-API-Key"] == "sk_1"
    assert str(wire.requests[0].url) == "https://wahdx.example/api/content/post"
    return wire.body


async def status(answer: Any, *submitted: Submitted) -> list[Receipt]:
    return await ask(Wire(answer), lambda wahdx: wahdx.status(submitted))


def a_question(account: str, publish_id: str, **parts: Any) -> Submitted:
    return Submitted(
        account_remote_id=account,
        remote_id=publish_id,
        platform=parts.get("platform", Platform.TIKTOK),
        kind=parts.get("kind", Kind.VIDEO),
    )


VIDEO = ("https://your-domain.com/video.mp4",)
PHOTOS = ("https://your-domain.com/photo1.jpg", "https://your-domain.com/photo2.jpg")


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


async def test_the_switches_of_tiktok():
    """Options of TikTok are sent when they are set, and only where they exist."""
    options = {
        "visibility": "SELF_ONLY",
        "allow_comment": "false",
        "auto_add_music": "true",
        "video_made_with_ai": "true",
        "draft": "false",
    }
    video = await sent(a_submission(Platform.TIKTOK, urls=VIDEO, options=options))
    assert video["tiktokSettings"] == {
        "privacy_level": "SELF_ONLY",
        "video_cover_timestamp_ms": 1000,
        "allow_comment": False,
        "video_made_with_ai": True,
    }
    photos = await sent(a_submission(Platform.TIKTOK, Kind.PHOTOS, PHOTOS, options=options))
    assert photos["tiktokSettings"] == {
        "privacy_level": "SELF_ONLY",
        "media_type": "photo",
        "allow_comment": False,
        "auto_add_music": True,
    }


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


async def test_the_status_examples_of_the_documentation():
    """Both answers to a single question lead to the link; the legacy one by the media type."""
    video = a_question("tiktok-account-id", "v_pub_file~v2.1234567890")
    photo = a_question("tiktok-account-id", "v_pub_file~v2.1234567890", kind=Kind.PHOTOS)
    assert (await status(example("status_tiktok"), video))[0].link == TIKTOK_LINK
    assert (await status(example("status_tiktok_legacy"), video))[0].link == TIKTOK_LINK
    (receipt,) = await status(example("status_tiktok_legacy"), photo)
    assert receipt.link == TIKTOK_LINK.replace("video", "photo")


async def test_the_address_of_a_single_question():
    """The ids are escaped, and TikTok is told the media type."""
    wire = Wire(example("status_processing"))
    question = a_question("a/b", "v_pub_file~v2.1", kind=Kind.PHOTOS)
    await ask(wire, lambda wahdx: wahdx.status([question]))
    assert (
        str(wire.requests[0].url)
        == "https://wahdx.example/api/content/status/a%2Fb/v_pub_file~v2.1?mediaType=photo"
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("PROCESSING_UPLOAD", DeliveryState.SUBMITTED),
        ("PROCESSING_DOWNLOAD", DeliveryState.SUBMITTED),
        ("SEND_TO_USER_INBOX", DeliveryState.IN_INBOX),
        ("PUBLISH_COMPLETE", DeliveryState.PUBLISHED),
        ("publish_complete", DeliveryState.PUBLISHED),
        ("FAILED", DeliveryState.FAILED),
        ("A_NEW_WORD", DeliveryState.SUBMITTED),
        (None, DeliveryState.SUBMITTED),
    ],
)
async def test_every_status_word(word: str | None, state: DeliveryState):
    """TikTok's words have their states; others mean still under way, and complete needs no link."""
    (receipt,) = await status(
        {"success": True, "data": {"status": word, "public_post_url": None}}, a_question("a", "p")
    )
    assert receipt.state is state
    assert receipt.remote_id == "p"
    assert not receipt.link


async def test_a_failed_post_says_why_and_what_to_do():
    """TikTok's reason is kept and answered with a remedy."""
    (receipt,) = await status(example("status_failed"), a_question("a", "p"))
    assert "video_pull_failed" in receipt.reason
    assert "reached from outside" in receipt.remedy


async def test_a_link_that_is_none_is_left_out():
    """Only web addresses become links."""
    answer = {"data": {"status": "PUBLISH_COMPLETE", "public_post_url": "javascript:alert(1)"}}
    assert (await status(answer, a_question("a", "p")))[0].link == ""


async def test_the_batch_body_of_the_documentation():
    """Several questions are one call; the media type is named for TikTok only."""
    wire = Wire(example("batch_mixed"))
    questions = [
        a_question("ACCOUNT_ID", "PUBLISH_ID"),
        a_question("other", "p", platform=Platform.THREADS, kind=Kind.TEXT),
    ]
    await ask(wire, lambda wahdx: wahdx.status(questions))
    documented = example("request_batch")["checks"]
    assert wire.body == {"checks": [*documented, {"accountId": "other", "publishId": "p"}]}
    assert wire.requests[0].url.path == "/api/content/status/batch"


async def test_the_batch_examples_of_the_documentation():
    """Results are matched by their ids, not by their order; one failure does not spoil the rest."""
    instagram = "aada5586-xxxx-xxxx-xxxx-XXXXXXXXXXX"
    missing, left_out, found = await status(
        example("batch_mixed"),
        a_question("missing-account-id", "missing-publish-id"),
        a_question("nobody", "nothing"),
        a_question(instagram, "17893746543210000", platform=Platform.INSTAGRAM),
    )
    assert (missing.state, missing.remote_id) == (DeliveryState.SUBMITTED, "missing-publish-id")
    assert "Account not found" in missing.reason
    assert left_out.state is DeliveryState.SUBMITTED
    assert left_out.reason
    assert (found.state, found.link) == (DeliveryState.PUBLISHED, INSTAGRAM_LINK)
    legacy, direct = await status(
        example("batch_tiktok"),
        a_question("legacy-tiktok-account-id", "v_pub_file~v2.99887766", kind=Kind.PHOTOS),
        a_question("tiktok-account-id", "v_pub_file~v2.1234567890"),
    )
    assert direct.link == TIKTOK_LINK
    assert legacy.link == TIKTOK_LINK.replace("video", "photo")


async def test_one_unreadable_result_does_not_spoil_a_batch():
    """A result of another shape counts as left out."""
    good = {"accountId": "a", "publishId": 1, "success": True, "status": "PUBLISH_COMPLETE"}
    bad = {"accountId": "a", "publishId": "2", "status": {"what": "is this"}}
    answer = {"success": True, "data": {"results": [bad, {}, good]}}
    questions = a_question("a", "1"), a_question("a", "2")
    first, second = await status(answer, *questions)
    assert (first.state, second.state) == (DeliveryState.PUBLISHED, DeliveryState.SUBMITTED)
    with pytest.raises(ProtocolBrokenError):
        await status({"success": True, "data": {"result": []}}, *questions)


async def test_one_question_that_is_refused_stays_open():
    """A post the service does not find is still under way, with the reason."""
    (receipt,) = await ask(
        Wire({"success": False, "error": "Publish not found"}, 404),
        lambda wahdx: wahdx.status([a_question("a", "p")]),
    )
    assert receipt.state is DeliveryState.SUBMITTED
    assert "Publish not found" in receipt.reason


async def test_the_account_list_of_the_documentation():
    """Names, platforms and whether an account must be reconnected are read."""
    accounts = await ask(Wire(example("accounts")), lambda wahdx: wahdx.accounts())
    assert [(item.platform, item.name, item.username, item.usable) for item in accounts] == [
        ("tiktok", "Account 1", "account_1", True),
        ("instagram", "Brand IG", "brand_ig", True),
        ("threads", "Brand Threads", "brand_threads", True),
        ("facebook", "Brand Page", "123456789012345", False),
    ]
    assert accounts[0].followers == 1500


async def test_accounts_of_other_platforms_are_left_out():
    """A platform Copydesk does not know does not spoil the list; missing fields are no matter."""
    answer = {"data": [{"accountId": 5, "platform": "tiktok"}, {"accountId": "x", "platform": "y"}]}
    (account,) = await ask(Wire(answer), lambda wahdx: wahdx.accounts())
    assert (account.remote_id, account.name, account.usable) == ("5", "5", True)


async def test_a_plan_that_is_too_small():
    """The documented subscription error means the account, in its own words."""
    with pytest.raises(AccountBrokenError, match="Maximum subscription"):
        await ask(Wire(example("subscription_error"), 403), lambda wahdx: wahdx.accounts())


INFO = {
    "privacy_level_options": ["SELF_ONLY", "NEW", "MUTUAL_FOLLOW_FRIENDS", "PUBLIC_TO_EVERYONE"],
    "max_video_post_duration_sec": 300,
}
LIMITS = AccountLimits(
    visibilities=("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY", "NEW"),
    max_video_seconds=300,
)


@pytest.mark.parametrize(
    ("answer", "limits"),
    [
        (INFO, LIMITS),
        ({"success": True, "data": INFO}, LIMITS),
        ({"success": True, "data": {"error": {"code": "ok"}, "data": INFO}}, LIMITS),
        ({"success": True, "data": {"creator_info": INFO | {"new": 1}}}, LIMITS),
        ({"success": True, "data": {}}, None),
        ({"success": True, "data": {"privacy_level_options": 5}}, None),
        ({"success": False, "error": "creator-info is only available for TikTok"}, None),
    ],
)
async def test_creator_info_is_found_where_it_may_be(answer: Any, limits: AccountLimits | None):
    """The undocumented body is read wherever its fields stand; without them nothing is known."""
    found = await ask(Wire(answer), lambda wahdx: wahdx.account_limits("a"))
    assert found == limits
