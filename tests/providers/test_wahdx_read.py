"""WAHDX, reading: status, accounts and limits as documented (seed 002), and what it leaves open."""

from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.limits import AccountLimits
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, ProtocolBrokenError
from tests.providers.wahdx_bench import (
    INSTAGRAM_LINK,
    TIKTOK_LINK,
    Wire,
    a_question,
    ask,
    example,
    status,
)


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


async def test_a_post_stored_at_wahdx():
    """The documented `postId` asks for every account of a stored post at once."""
    wire = Wire(example("batch_mixed"))
    found = await ask(wire, lambda wahdx: wahdx.status_of_post("SCHEDULED_POST_ID", Kind.VIDEO))
    assert wire.body == example("request_batch_post")
    assert wire.requests[0].url.path == "/api/content/status/batch"
    instagram, missing = found.values()
    assert list(found) == ["aada5586-xxxx-xxxx-xxxx-XXXXXXXXXXX", "missing-account-id"]
    assert (instagram.state, instagram.link) == (DeliveryState.PUBLISHED, INSTAGRAM_LINK)
    assert instagram.remote_id == "17893746543210000"
    assert missing.state is DeliveryState.SUBMITTED
    assert "Account not found" in missing.reason


async def test_candidates_of_a_stored_post():
    """Without a media type of its own the kind chooses among TikTok's candidates."""
    wire = Wire(example("batch_tiktok"))
    found = await ask(wire, lambda wahdx: wahdx.status_of_post("p", Kind.PHOTOS))
    assert found["tiktok-account-id"].link == TIKTOK_LINK
    assert found["legacy-tiktok-account-id"].link == TIKTOK_LINK.replace("video", "photo")


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


async def test_a_long_list_of_accounts():
    """More than 1,000 accounts come in one answer, as documented, and all are read."""
    (first, *_) = example("accounts")["data"]
    listed = [first | {"accountId": f"account-{number}"} for number in range(5_000)]
    found = await ask(Wire({"success": True, "data": listed}), lambda wahdx: wahdx.accounts())
    assert [account.remote_id for account in found] == [item["accountId"] for item in listed]
