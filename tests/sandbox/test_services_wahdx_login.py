"""QR login at the simulated WAHDX: over real sockets, by a phone that is a page, and by the clock."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.domain.platform import Platform
from bot.errors import AccountBrokenError, ContentRejectedError
from providers.connecting import CodeState, ConnectCode
from providers.wahdx.service import Wahdx as Provider
from sandbox.services.drawer import Drawer
from sandbox.services.wahdx.accounts import ACCOUNTS, Accounts
from sandbox.services.wahdx.fields import RefusedError
from sandbox.services.wahdx.logins import HOLDS, Logins
from tests.sandbox.services_bench import KEY, PUBLIC, Service, wahdx_served


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A simulator on a free port."""
    async with wahdx_served(tmp_path / "wahdx") as running:
        yield running


@pytest.fixture
async def provider(service: Service) -> AsyncIterator[Provider]:
    """Copydesk's side of it."""
    found = Provider({"key": KEY}, base_url=service.address)
    yield found
    await found.close()


async def phone(service: Service, step: str, code: ConnectCode) -> int:
    """Scan or confirm as a person does, without the key; the status of the answer."""
    url = f"{service.address}/dashboard/{step}/{code.token}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status


async def page(service: Service) -> str:
    url = f"{service.address}/dashboard"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


async def test_an_account_is_connected_by_its_code(service: Service, provider: Provider):
    """Scanned, confirmed, told once, then used; the account is in the list and can post."""
    code = await provider.connect_code()
    assert code.expires_in.total_seconds() == HOLDS
    assert (await provider.code_progress(code.token)).state is CodeState.NEW
    assert await phone(service, "scan", code) == 200
    assert (await provider.code_progress(code.token)).state is CodeState.SCANNED
    assert await phone(service, "confirm", code) == 200
    told = await provider.code_progress(code.token)
    assert (told.state, told.account_name) == (CodeState.CONFIRMED, "Harbour Coffee Van 1")
    again = await provider.code_progress(code.token)
    assert (again.state, again.account_remote_id) == (CodeState.UTILISED, "")
    account = (await provider.accounts())[-1]
    assert (account.remote_id, account.platform) == (told.account_remote_id, Platform.TIKTOK)
    assert account.usable
    body = {"accountId": account.remote_id, "mediaItems": [f"{service.files}/a.jpg"]}
    code_, _ = await service.call("POST", "post", json=body | {"tiktokSettings": PUBLIC})
    assert code_ == 200
    assert len(service.posts(account.remote_id)) == 1


async def test_codes_and_accounts_outlive_the_process(service: Service):
    """A code goes on after a restart, and so does the account it connected."""
    _, answer = await service.call("POST", "qr-login/request", json={})
    token = answer["data"]["token"]
    code = ConnectCode(image=b"", token=token, expires_in=timedelta(seconds=HOLDS))
    await phone(service, "scan", code)
    await service.stop()
    await service.start()
    await phone(service, "confirm", code)
    _, told = await service.call("POST", "qr-login/check", json={"token": token})
    await service.stop()
    await service.start()
    _, listed = await service.call("GET", "accounts")
    assert listed["data"][-1]["accountId"] == told["data"]["account"]["accountId"]
    assert len(listed["data"]) == len(ACCOUNTS) + 1


async def test_the_picture_can_be_shown(provider: Provider):
    """It is a real PNG, another one for each code."""
    one, other = await provider.connect_code(), await provider.connect_code()
    assert Image.open(io.BytesIO(one.image)).format == "PNG"
    assert one.image != other.image
    assert one.token != other.token


async def test_the_page_lists_what_can_be_scanned(service: Service, provider: Provider):
    """The page has a link for the next step of each code, and none when it is done."""
    code = await provider.connect_code()
    for step in ("scan", "confirm"):
        assert f'href="/dashboard/{step}/{code.token}"' in await page(service)
        await phone(service, step, code)
    assert code.token not in await page(service)


async def test_a_phone_goes_step_by_step(service: Service, provider: Provider):
    """A code is not confirmed before it is scanned, nor twice, and an unknown one not at all."""
    code = await provider.connect_code()
    assert await phone(service, "confirm", code) == 409
    await phone(service, "scan", code)
    assert await phone(service, "scan", code) == 409
    with pytest.raises(ContentRejectedError, match="Invalid token"):
        await provider.code_progress("NOBODY")


async def test_a_small_plan_has_no_codes(service: Service, provider: Provider):
    """Both calls answer 403 as documented; everything else goes on."""
    service.simulator.fault = "small_plan"
    for path, body in (("request", {}), ("check", {"token": "x"})):
        code, answer = await service.call("POST", f"qr-login/{path}", json=body)
        assert code == 403
        assert answer == {
            "error": "QR Code login is only available for Maximum subscription",
            "subscription": "free",
        }
    with pytest.raises(AccountBrokenError) as caught:
        await provider.connect_code()
    assert "Maximum plan" in caught.value.remedy
    assert (await service.call("GET", "accounts"))[1]["subscription"] == "free"


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("request", {"unique_id": "short"}, "at least 8 characters"),
        ("request", {"unique_id": 12345678}, "unique_id must be a string"),
        ("request", {"id": "long enough"}, "Unknown field: id"),
        ("check", {}, "token is required"),
        ("check", {"token": 7}, "token must be a string"),
        ("check", {"token": "x", "unique_id": "y"}, "Unknown field: unique_id"),
    ],
)
async def test_what_it_refuses(service: Service, path: str, body: Any, words: str):
    """Ids that are too short, unknown fields and wrong types are refused."""
    code, answer = await service.call("POST", f"qr-login/{path}", json=body)
    assert code == 400
    assert words in answer["error"]


async def test_the_body_of_a_request_is_optional(service: Service):
    """An id is made where none is given, and kept where one is."""
    code, answer = await service.call("POST", "qr-login/request")
    assert (code, len(answer["data"]["unique_id"]) >= 8) == (200, True)
    body = {"unique_id": "my_session_12345"}
    _, answer = await service.call("POST", "qr-login/request", json=body)
    assert answer["data"]["unique_id"] == body["unique_id"]
    token = answer["data"]["token"]
    _, answer = await service.call("POST", "qr-login/check", json={"token": token})
    assert answer == {"success": True, "data": {"status": "new", **body}}


def test_a_code_expires(tmp_path: Path):
    """After 300 seconds it cannot be scanned or confirmed; what was confirmed before stays so."""
    now = 1_000.0
    drawer = Drawer(tmp_path)
    logins = Logins(drawer, Accounts(drawer), lambda: now)
    left, scanned, confirmed = (logins.request(None).token for _ in range(3))
    logins.scan(scanned)
    logins.scan(confirmed)
    logins.confirm(confirmed)
    now += HOLDS - 1
    assert [logins.check(token)["status"] for token in (left, scanned)] == ["new", "scanned"]
    now += 1
    assert [logins.check(token)["status"] for token in (left, scanned)] == ["expired", "expired"]
    assert logins.open() == []
    with pytest.raises(RefusedError, match="expired"):
        logins.confirm(scanned)
    assert logins.check(confirmed)["status"] == "confirmed"
