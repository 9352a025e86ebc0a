"""The accounts behind an OpenShorts server: the platforms of one profile of Upload-Post."""

import pytest

from bot.domain.platform import Kind, Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    TryLaterError,
)
from providers.openshorts.service import OpenShorts
from providers.submission import Recipient
from tests.providers.openshorts_bench import (
    ALL,
    CREDENTIALS,
    Wire,
    ask,
    example,
)


async def test_an_address_inside_the_network_needs_permission():
    """People type the address, so only the operator opens the private network."""
    for hosts, error in ((), ContentRejectedError), (("127.0.0.1",), TryLaterError):
        provider = OpenShorts(CREDENTIALS | {"url": "http://127.0.0.1:9"}, private_hosts=hosts)
        with pytest.raises(error):
            await provider.accounts()
        await provider.close()


async def test_accounts_are_those_of_the_profile():
    """Other profiles are not listed; a profile that is not there is told with those that are."""
    wire = Wire(example("profiles"))
    accounts = await ask(wire, lambda provider: provider.accounts(), profile="mybrand")
    assert [account.remote_id for account in accounts] == ["mybrand/tiktok", "mybrand/instagram"]
    assert wire.requests[0].headers["X-Upload-Post-Key"] == "YOUR_UPLOAD_POST_KEY"
    with pytest.raises(AccountBrokenError, match="myusername, mybrand"):
        await ask(wire, lambda provider: provider.accounts(), profile="nobody")


async def test_upload_post_tells_which_accounts_must_be_renewed():
    """OpenShorts drops that an account must be connected again; Upload-Post's own list has it."""
    listed = {
        "username": "myusername",
        "social_accounts": {
            "tiktok": {"display_name": "My Brand", "username": "mybrand", "reauth_required": True},
            "instagram": {"display_name": "My Brand", "username": "my.brand"},
        },
    }
    answers = {("GET", "/uploadposts/users"): (200, {"success": True, "profiles": [listed]})}
    wire = Wire(example("profiles"), answers=answers)
    accounts = await ask(wire, lambda provider: provider.accounts())
    assert [(item.platform, item.username, item.usable) for item in accounts] == [
        (Platform.TIKTOK, "mybrand", False),
        (Platform.INSTAGRAM, "my.brand", True),
        (Platform.YOUTUBE, "", True),
    ]


async def test_without_a_key_the_server_uses_its_own():
    """Then no key is sent, and Upload-Post is not asked."""
    wire = Wire(example("profiles"))
    assert len(await ask(wire, lambda provider: provider.accounts(), key="")) == 3
    (request,) = wire.requests
    assert "X-Upload-Post-Key" not in request.headers


def test_a_recipient_is_a_platform_of_the_profile():
    """All platforms of a profile share one submission."""
    capabilities = OpenShorts.capabilities
    one, other = (Recipient(remote_id=f"p/{name}", platform=name) for name in ALL[:2])
    assert capabilities.goes_with(one, other)
    assert capabilities.accounts_per_submission == len(capabilities.platforms) == 3
    assert {*capabilities.kinds} == {Kind.CLIP}
    for limits in capabilities.platforms.values():
        assert limits.of[Kind.CLIP].needs_caption
    assert len(capabilities.credentials) <= 5  # a Discord form has no more fields
