"""Genviral, reading: its accounts with what they allow, and how far posts are (its example answers)."""

from typing import Any

import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.limits import AccountLimits
from bot.domain.platform import Kind, Platform
from bot.errors import AccountBrokenError, ProtocolBrokenError, TryLaterError
from providers.genviral.service import Genviral
from providers.plan import Plan
from tests.providers.genviral_bench import (
    HOSTED_TIKTOK,
    POST,
    Wire,
    a_post,
    a_question,
    ask,
    example,
    status,
)

INSTAGRAM = "6b0c8c9c-55ac-4fcb-85ec-70b5a8b0d089"
LINK = "https://www.youtube.com/watch?v=abc123"
NOT_FOUND = (
    404,
    {"ok": False, "code": 404, "message": "Post not found", "error_code": "not_found"},
)


def listed(**parts: Any) -> dict[str, Any]:
    """A list of one account."""
    account = {"id": "a", "platform": "x", "type": "byo", "status": "active", **parts}
    return {"ok": True, "code": 200, "message": "", "data": {"accounts": [account]}}


async def limits_of(**parts: Any) -> AccountLimits:
    wire = Wire({"GET /accounts": listed(**parts)})
    found = await ask(wire, lambda genviral: genviral.account_limits("a"))
    assert found is not None
    return found


async def test_the_account_list_of_the_documentation():
    """Each account comes with its platform, its name as people know it, and its handle."""
    accounts = await ask(Wire(), lambda genviral: genviral.accounts())
    assert [
        (one.remote_id, one.platform, one.name, one.username, one.usable) for one in accounts
    ] == [
        (INSTAGRAM, Platform.INSTAGRAM, "Brand HQ", "brandhq", True),
        (HOSTED_TIKTOK, Platform.TIKTOK, "Hosted Trends 42", "ugc_trends_42", True),
    ]


@pytest.mark.parametrize("word", ["paused", "revoked", "expired"])
async def test_only_active_accounts_are_usable(word: str):
    """Whatever else an account is, it must be connected again first."""
    wire = Wire({"GET /accounts": listed(status=word)})
    (account,) = await ask(wire, lambda genviral: genviral.accounts())
    assert not account.usable


async def test_other_names_of_platforms():
    """The names that settings go by are taken for accounts too; strangers are left out."""
    names = {
        "twitter": Platform.X,
        "instagram-standalone": Platform.INSTAGRAM,
        "linkedin-page": Platform.LINKEDIN,
    }
    for name, platform in names.items():
        wire = Wire({"GET /accounts": listed(platform=name)})
        (account,) = await ask(wire, lambda genviral: genviral.accounts())
        assert account.platform is platform
    wire = Wire({"GET /accounts": listed(platform="mastodon")})
    assert await ask(wire, lambda genviral: genviral.accounts()) == []


async def test_what_an_account_allows():
    """`capabilities` tell the kinds and the length of the caption: a premium account on X has more."""
    told = {"supported_content_kinds": ["text_only", "video"], "caption_limit": 4000}
    assert await limits_of(capabilities=told) == AccountLimits(
        caption=4000, kinds=frozenset({Kind.TEXT, Kind.VIDEO})
    )
    assert await limits_of(platform="facebook") == AccountLimits()
    odd = {"supported_content_kinds": ["hologram"], "caption_limit": {"video": 5}}
    assert await limits_of(platform="facebook", capabilities=odd) == AccountLimits()
    assert await ask(Wire(), lambda genviral: genviral.account_limits("stranger")) is None


async def test_an_account_on_x_without_premium_has_short_videos():
    """140 seconds, unless its captions tell that it is a premium account."""
    for platform in ("x", "twitter"):
        assert (await limits_of(platform=platform)).max_video_seconds == 140
        told = {"caption_limit": 280}
        assert (await limits_of(platform=platform, capabilities=told)).max_video_seconds == 140
    assert (await limits_of(capabilities={"caption_limit": 4000})).max_video_seconds is None
    files = Genviral.capabilities.platforms[Platform.X].of[Kind.VIDEO].files
    assert files
    assert files.seconds is None


async def test_a_hosted_account_allows_less():
    """Genviral's own accounts take 500 characters and a minute, whatever else is told."""
    less = AccountLimits(caption=500, max_video_seconds=60)
    assert await limits_of(type="hosted") == less
    assert await limits_of(type="hosted", capabilities={"caption_limit": 2200}) == less
    short = await limits_of(type="hosted", capabilities={"caption_limit": 300})
    assert short.caption == 300


async def test_one_number_for_tiktok_is_no_limit():
    """A video and a slideshow have captions of different lengths there: the table says which."""
    told = {"supported_content_kinds": ["slideshow"], "caption_limit": 2200}
    found = await limits_of(platform="tiktok", capabilities=told)
    assert found == AccountLimits(kinds=frozenset({Kind.PHOTOS}))


@pytest.mark.parametrize(
    ("told", "plan"),
    [
        ({"tier": "medium", "status": "active"}, Plan(name="Medium, active")),
        (
            {"tier": "small", "credits": {"limit": 50, "remaining": 8}},
            Plan(name="Small", left=("8 of 50 credits are left.",)),
        ),
        ({"credits": {"limit": 0}}, Plan()),
    ],
)
async def test_the_plan(told: dict[str, Any], plan: Plan):
    """The plan's name and what is left of its credits; what is not told is left out."""
    answer = {"ok": True, "code": 200, "message": "", "data": {"subscription": told}}
    wire = Wire({"GET /subscription": answer})
    assert await ask(wire, lambda genviral: genviral.plan()) == plan


async def test_the_post_of_the_documentation():
    """One question answers for all accounts of a post, each in its place."""
    questions = a_question(HOSTED_TIKTOK), a_question(INSTAGRAM)
    receipts, wire = await status({POST: example("post")}, *questions)
    assert [(one.state, one.remote_id) for one in receipts] == [
        (DeliveryState.SCHEDULED_AT_PROVIDER, POST)
    ] * 2
    assert wire.asked == [f"GET /posts/{POST}"]


async def test_each_account_has_its_own_end():
    """Of a post that went out in part, one account failed and the other is live."""
    receipts, _ = await status(
        {POST: example("post_partial")}, a_question("account-2"), a_question("account-1")
    )
    live, failed = receipts
    assert (live.state, live.link) == (DeliveryState.PUBLISHED, "https://www.instagram.com/p/ABC/")
    assert failed.state is DeliveryState.FAILED
    assert "Video processing failed" in failed.reason


WORDS = {
    "draft": (DeliveryState.SUBMITTED, "It stands as a draft at Genviral."),
    "pending": (DeliveryState.SUBMITTED, ""),
    "retry": (DeliveryState.SUBMITTED, ""),
    "scheduled": (DeliveryState.SCHEDULED_AT_PROVIDER, ""),
    "posted": (DeliveryState.PUBLISHED, ""),
    "partial": (DeliveryState.SUBMITTED, "Genviral says partial."),
    "failed": (DeliveryState.FAILED, "The platform refused it: no reason given."),
    "canceled": (DeliveryState.FAILED, "It was canceled at Genviral before it was published."),
    "deleted": (DeliveryState.FAILED, "It was deleted at Genviral before it was published."),
    "PENDING": (DeliveryState.SUBMITTED, ""),
    "levitating": (DeliveryState.SUBMITTED, "Genviral says levitating."),
    "": (DeliveryState.SUBMITTED, ""),
}


@pytest.mark.parametrize("word", WORDS)
async def test_every_status_word(word: str):
    """Each word of an account has its meaning; one nobody documented means still under way."""
    answer = a_post("pending", {"account_id": "account-1", "status": word})
    (receipt,), _ = await status({POST: answer}, a_question())
    assert (receipt.state, receipt.reason) == WORDS[word]
    assert bool(receipt.remedy) == (receipt.state is DeliveryState.FAILED)


@pytest.mark.parametrize("word", WORDS)
async def test_the_word_of_the_post_where_the_account_has_none(word: str):
    """An account the answer leaves out is as far as its post."""
    (receipt,), _ = await status({POST: a_post(word)}, a_question())
    assert (receipt.state, receipt.reason) == WORDS[word]


async def test_a_post_without_accounts_is_read():
    """Nulls where lists are documented do not stop the reading."""
    for accounts in (None, {}, {"states": None}):
        (receipt,), _ = await status({POST: a_post("posted", accounts=accounts)}, a_question())
        assert receipt.state is DeliveryState.PUBLISHED


async def test_what_was_out_before_it_was_deleted_is_published():
    """A post that is gone by now was published all the same."""
    state = {"account_id": "account-1", "status": "deleted", "published_url": LINK}
    (receipt,), _ = await status({POST: a_post("deleted", state)}, a_question())
    assert (receipt.state, receipt.link) == (DeliveryState.PUBLISHED, LINK)


async def test_a_draft_is_in_the_inbox():
    """MEDIA_UPLOAD ends as posted without an address: the creator finishes it in the app."""
    (draft,), _ = await status({POST: example("post_draft_in_inbox")}, a_question())
    assert draft.state is DeliveryState.IN_INBOX
    answer = example("post_draft_in_inbox")
    answer["data"]["accounts"]["states"][0]["published_url"] = LINK
    (finished,), _ = await status({POST: answer}, a_question())
    assert (finished.state, finished.link) == (DeliveryState.PUBLISHED, LINK)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("spam_risk_too_many_pending_share", "five drafts in 24 hours"),
        ("Access token expired", "Connect the account again"),
        ("Aspect ratio is not supported", "Change the post"),
    ],
)
async def test_a_failed_post_says_why_and_what_to_do(said: str, remedy: str):
    """The platform's words are the reason, and what to do follows from them."""
    state = {"account_id": "account-1", "status": "failed", "error_message": said}
    (receipt,), _ = await status({POST: a_post("failed", state)}, a_question())
    assert said in receipt.reason
    assert remedy in receipt.remedy


async def test_deliveries_of_a_post_are_read_by_one_call():
    """Several posts are several calls, several accounts of one are not; answers keep their order."""
    answers = {
        "p1": a_post("posted", {"account_id": "b", "status": "failed"}, post="p1"),
        "p2": a_post("pending", post="p2"),
    }
    questions = [a_question("a", "p1"), a_question("a", "p2"), a_question("b", "p1")]
    receipts, wire = await status(answers, *questions)
    assert [(one.state, one.remote_id) for one in receipts] == [
        (DeliveryState.PUBLISHED, "p1"),
        (DeliveryState.SUBMITTED, "p2"),
        (DeliveryState.FAILED, "p1"),
    ]
    assert sorted(wire.asked) == ["GET /posts/p1", "GET /posts/p2"]


async def test_a_post_that_is_not_found_is_still_asked_about():
    """That it is gone proves nothing about what was published, so people are told the words."""
    receipts, _ = await status({POST: NOT_FOUND}, a_question())
    assert receipts[0].state is DeliveryState.SUBMITTED
    assert "Post not found" in receipts[0].reason


async def test_one_odd_answer_spoils_no_other():
    """Of several posts, one whose answer does not fit is told so and the others are read."""
    answers = {"p1": {"ok": True, "data": []}, "p2": a_post("posted", post="p2")}
    receipts, _ = await status(answers, a_question(post="p1"), a_question(post="p2"))
    assert [one.state for one in receipts] == [DeliveryState.SUBMITTED, DeliveryState.PUBLISHED]
    assert "unexpected form" in receipts[0].reason
    with pytest.raises(ProtocolBrokenError):
        await status({"p1": answers["p1"]}, a_question(post="p1"))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((500, {"ok": False, "error_code": "get_failed"}), TryLaterError),
        ((429, {"ok": False, "error_code": "rate_limited"}), TryLaterError),
        ((401, example("invalid_token")), AccountBrokenError),
    ],
)
async def test_trouble_with_one_post_is_trouble_with_the_service(answer: Any, error: type):
    """What concerns the key or the service is raised, so that the asking waits."""
    answers = {"p1": answer, "p2": a_post("posted", post="p2")}
    with pytest.raises(error):
        await status(answers, a_question(post="p1"), a_question(post="p2"))


async def test_an_id_cannot_lead_elsewhere():
    """An id is one part of the path, whatever it holds."""
    wire = Wire({"GET /posts/../x?y": a_post("posted")})
    await ask(wire, lambda genviral: genviral.status([a_question(post="../x?y")]))
    assert wire.requests[0].url.raw_path == b"/v1/posts/..%2Fx%3Fy"
