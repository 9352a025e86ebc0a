"""WayinVideo, accounts: the list and the link that connects one (seed 000)."""

from typing import Any

import pytest

from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from bot.errors import ProtocolBrokenError, TryLaterError
from providers.capabilities import Connecting
from providers.wayinvideo.service import WayinVideo
from tests.providers.wayinvideo_bench import Wire, ask, example


async def accounts(answer: Any) -> list[RemoteAccount]:
    wire = Wire(answer)
    found = await ask(wire, lambda wayin: wayin.accounts())
    assert wire.asked == ["GET /api/v2/social-media/accounts?active_only=false"]
    return found


async def test_the_lists_of_the_document():
    """An account comes with its name and picture; no account is an empty list."""
    assert await accounts(example("accounts")) == [
        RemoteAccount(
            remote_id="smaccxxx",
            platform=Platform.YOUTUBE,
            name="MyChannel",
            username="MyChannel",
            avatar_url="https://example.com/avatar.jpg",
        )
    ]
    assert await accounts(example("accounts_none")) == []


@pytest.mark.parametrize(
    ("valid", "soon", "usable", "expires_soon"),
    [
        (True, False, True, False),
        (True, True, True, True),
        (False, False, False, False),
        (None, None, True, False),
    ],
)
async def test_tokens(valid: bool | None, soon: bool | None, usable: bool, expires_soon: bool):
    """An ended token makes an account unusable; one that ends soon is told."""
    item = {"id": "a", "platform": "tiktok", "platform_username": "x", "platform_avatar": None}
    item |= {"token_valid": valid, "token_expiring_soon": soon}
    (account,) = await accounts({"data": [item]})
    assert (account.usable, account.expires_soon) == (usable, expires_soon)
    assert account.avatar_url == ""


async def test_the_platforms_of_the_document():
    """`twitter` is X; a platform Copydesk does not know is left out."""
    names = ["youtube", "tiktok", "twitter", "instagram", "facebook", "linkedin", "myspace"]
    answer = {"data": [{"id": index, "platform": name} for index, name in enumerate(names)]}
    assert [account.platform for account in await accounts(answer)] == [
        Platform.YOUTUBE,
        Platform.TIKTOK,
        Platform.X,
        Platform.INSTAGRAM,
        Platform.FACEBOOK,
        Platform.LINKEDIN,
    ]


async def test_the_link_of_the_document():
    """A link is asked for by platform, without a body."""
    wire = Wire(example("oauth"))
    link = await ask(wire, lambda wayin: wayin.connect_link(Platform.X))
    assert wire.asked == ["POST /api/v2/social-media/oauth/twitter"]
    assert wire.requests[0].content == b""
    assert wire.requests[0].headers["Content-Type"] == "application/json"
    assert link.url == "https://example.com/oauth2/auth?xxxxxx"


async def test_a_link_may_be_asked_for_again():
    """No account comes of a link nobody opens, so trouble on the way is no unknown outcome."""
    with pytest.raises(TryLaterError):
        await ask(Wire({}, status=500), lambda wayin: wayin.connect_link(Platform.X))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", None])
async def test_an_address_that_is_none(url: str | None):
    """Only a web address is given to people to open."""
    wire = Wire({"data": {"auth_url": url, "state": "s"}})
    with pytest.raises(ProtocolBrokenError):
        await ask(wire, lambda wayin: wayin.connect_link(Platform.YOUTUBE))


def test_what_connecting_costs_is_declared():
    """People are told the price before they open a link."""
    can = WayinVideo.capabilities
    assert can.connecting is Connecting.LINK
    assert can.connectable == can.platforms.keys()
    assert "10 API Units" in can.connecting_cost
