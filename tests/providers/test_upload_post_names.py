"""Upload-Post: its accounts, how they are connected and named, what TikTok allows."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.platform import Platform
from bot.errors import (
    AccountBrokenError,
)
from providers.upload_post_api.names import UploadRef, account_id, profile_of, read_ref
from tests.providers.upload_post_bench import (
    KEY,
    Wire,
    ask,
)


@pytest.mark.parametrize("ref", [UploadRef("job", "j:1", True), UploadRef("request", "r1")])
def test_a_name_is_read_as_it_was_written(ref: UploadRef):
    """The id of a submission says whether it is a request or a job, and a draft."""
    assert read_ref(str(ref)) == ref


def test_a_bare_id_is_a_request():
    """An id without a word before it, as OpenShorts' document has it, is a request's."""
    assert read_ref("abc123xyz") == UploadRef("request", "abc123xyz")


def test_a_profile_may_hold_a_slash():
    """The platform is what follows the last slash of an account."""
    assert profile_of(account_id("our/brand", Platform.X)) == "our/brand"


USERS = {
    "success": True,
    "profiles": [
        {
            "username": "brand",
            "social_accounts": {
                "tiktok": {"display_name": "Brand", "handle": "@brand", "username": "u-1"},
                "instagram": {"username": "brand_ig", "reauth_required": True},
                "youtube": "",
                "twitter": {"username": "brand_x"},
                "facebook": None,
                "discord": {"username": "elsewhere"},
            },
        },
        {"username": "barred", "social_accounts": {}, "blocked": True},
        {"username": "empty", "social_accounts": {}},
    ],
}


async def test_an_account_is_one_platform_of_a_profile():
    """Only what is connected is listed; one to be connected again cannot be used."""
    wire = Wire(GET__users=USERS)
    accounts = await ask(wire, lambda api: api.profiles.accounts())
    assert wire.requests[0].headers["Authorization"] == f"Apikey {KEY}"
    assert [(item.remote_id, item.name, item.username, item.usable) for item in accounts] == [
        ("brand/tiktok", "Brand", "brand", True),
        ("brand/instagram", "brand_ig", "brand_ig", False),
        ("brand/x", "brand_x", "brand_x", True),
    ]


@pytest.mark.parametrize(
    ("platform", "profile", "narrowed"),
    [
        (Platform.INSTAGRAM, "brand", ["instagram"]),  # to be connected again
        (Platform.TIKTOK, "empty", ["tiktok"]),
        (Platform.BLUESKY, "brand", None),  # the page cannot be narrowed to it
    ],
)
async def test_a_link_goes_to_the_first_profile_without_a_usable_account(
    platform: Platform, profile: str, narrowed: Any
):
    """A link is for one platform where the page knows how, and says how long it holds."""
    told = {"success": True, "access_url": "https://app.example/?token=t", "duration": "48h"}
    wire = Wire(GET__users=USERS, **{"POST__users/generate-jwt": told})
    link = await ask(wire, lambda api: api.profiles.connect_link(platform))
    body = json.loads(wire.requests[-1].content)
    assert (body["username"], body.get("platforms")) == (profile, narrowed)
    assert (link.url, link.expires_in) == (told["access_url"], timedelta(hours=48))


async def test_a_link_makes_a_profile_where_none_is_free():
    """When every profile has the platform, a new one is made; a full plan says so."""
    users = {"profiles": [USERS["profiles"][0]]}
    told = {"success": True, "access_url": "https://app.example/"}
    wire = Wire(
        GET__users=users,
        POST__users=(201, {"success": True}),
        **{"POST__users/generate-jwt": told},
    )
    link = await ask(wire, lambda api: api.profiles.connect_link(Platform.TIKTOK))
    assert json.loads(wire.requests[1].content) == {"username": "copydesk-1"}
    assert link.expires_in == timedelta(hours=1)
    full = (403, {"success": False, "message": "No", "error_code": "PROFILE_LIMIT_REACHED"})
    wire = Wire(GET__users=users, POST__users=full)
    with pytest.raises(AccountBrokenError, match="larger plan"):
        await ask(wire, lambda api: api.profiles.connect_link(Platform.TIKTOK))


async def test_tiktok_tells_what_an_account_may():
    """TikTok's levels come most public first; other platforms are not asked."""
    told = {"privacy_level_options": ["SELF_ONLY", "PUBLIC_TO_EVERYONE"]}
    told |= {"max_video_post_duration_sec": 300}
    wire = Wire(GET__users=USERS, **{"GET__tiktok/settings": told})
    limits = await ask(wire, lambda api: api.profiles.account_limits("brand/tiktok"))
    assert limits
    assert limits.visibilities == ("PUBLIC_TO_EVERYONE", "SELF_ONLY")
    assert limits.max_video_seconds == 300
    assert await ask(wire, lambda api: api.profiles.account_limits("brand/x")) is None
    assert wire.asked == ["GET uploadposts/tiktok/settings", "GET uploadposts/users"]
    assert await ask(Wire(), lambda api: api.profiles.account_limits("brand/tiktok")) is None


@pytest.mark.parametrize(
    ("capabilities", "levels"),
    [
        (["draft", "video_privacy"], ("PUBLIC_TO_EVERYONE", "SELF_ONLY")),
        (["draft", "photo_privacy"], ("PUBLIC_TO_EVERYONE",)),
        ([], ("PUBLIC_TO_EVERYONE",)),
        (None, ("PUBLIC_TO_EVERYONE", "SELF_ONLY")),
    ],
)
async def test_a_level_that_would_not_be_kept_is_not_offered(capabilities: Any, levels: Any):
    """A connection that cannot keep a video private would publish it for everyone."""
    account = {"username": "u-1", "capabilities": capabilities}
    users = {"profiles": [{"username": "brand", "social_accounts": {"tiktok": account}}]}
    told = {"privacy_level_options": ["SELF_ONLY", "PUBLIC_TO_EVERYONE"]}
    wire = Wire(GET__users=users, **{"GET__tiktok/settings": told})
    limits = await ask(wire, lambda api: api.profiles.account_limits("brand/tiktok"))
    assert limits
    assert limits.visibilities == levels


@pytest.mark.parametrize(
    ("option", "path", "told"),
    [
        ("pinterest_board_id", "pinterest/boards", {"boards": [{"id": "7", "name": "Cakes"}]}),
        ("facebook_page_id", "facebook/pages", {"pages": [{"page_id": 7, "page_name": "Cakes"}]}),
        ("target_linkedin_page_id", "linkedin/pages", {"pages": [{"id": "7", "name": "Cakes"}]}),
    ],
)
async def test_pages_and_boards_are_listed(option: str, path: str, told: dict[str, Any]):
    """What a profile has to choose from is read under its name; other options have no list."""
    wire = Wire(**{f"GET__{path}": {"success": True, **told}})
    listed = await ask(wire, lambda api: api.values_of("brand/pinterest", option))
    assert [(item.value, item.name) for item in listed] == [("7", "Cakes")]
    assert wire.asked == [f"GET uploadposts/{path}"]
    assert await ask(Wire(), lambda api: api.values_of("brand/pinterest", "pinterest_link")) == []
