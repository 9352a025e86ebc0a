"""WAHDX, QR login: the examples of its documentation (seed 002), and what may come instead."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.platform import Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.base import ConnectsByCode
from providers.connecting import CodeProgress, CodeState, ConnectCode
from providers.wahdx.service import Wahdx
from tests.providers.wahdx_bench import Wire, ask, example

PNG = b"\x89PNG\r\n\x1a\n and what follows"
TOKEN = "VJ5JCKGJGRSWNMFWHQH4W5NKY943Q97D"


def the_code(**parts: Any) -> Any:
    """The documented answer with a whole picture: the documentation shortens it."""
    answer = example("login_code")
    answer["data"]["qrCodeImage"] = "data:image/png;base64," + base64.b64encode(PNG).decode()
    answer["data"] |= parts
    return answer


async def code(answer: Any, status: int = 200) -> ConnectCode:
    return await ask(Wire(answer, status), lambda wahdx: wahdx.connect_code())


async def progress(answer: Any, status: int = 200) -> CodeProgress:
    return await ask(Wire(answer, status), lambda wahdx: wahdx.code_progress(TOKEN))


def test_it_is_declared():
    """Accounts of TikTok are connected by a code, others in the dashboard."""
    assert issubclass(Wahdx, ConnectsByCode)
    assert Wahdx.capabilities.connectable == {Platform.TIKTOK}
    assert "dashboard" in Wahdx.capabilities.connecting_page
    assert "Maximum" in Wahdx.capabilities.connecting_cost


async def test_a_code_is_asked_for_with_an_id_of_our_own():
    """The body has the field of the documented one, never the same twice, long enough."""
    ids: list[str] = []
    for _ in range(2):
        wire = Wire(the_code())
        await ask(wire, lambda wahdx: wahdx.connect_code())
        (request,) = wire.requests
        assert (request.method, request.url.path) == ("POST", "/api/content/qr-login/request")
        assert wire.body.keys() == example("request_login").keys()
        ids.append(wire.body["unique_id"])
    assert ids[0] != ids[1]
    assert all(len(unique_id) >= 8 for unique_id in ids)


async def test_the_code_of_the_documentation():
    """The picture is decoded, with the token that asks for its state and how long it holds."""
    expected = ConnectCode(image=PNG, token=TOKEN, expires_in=timedelta(seconds=300))
    assert await code(the_code()) == expected
    bare = the_code(qrCodeImage=base64.b64encode(PNG).decode(), expiresIn="300")
    assert await code(bare) == expected


async def test_a_code_holds_five_minutes_unless_told():
    """`expiresIn` left out means the documented 300 seconds."""
    answer = the_code()
    del answer["data"]["expiresIn"]
    assert (await code(answer)).expires_in == timedelta(minutes=5)


@pytest.mark.parametrize(
    "parts",
    [
        {"qrCodeImage": "data:image/png;base64,iVBORw0KGgo..."},
        {"qrCodeImage": "data:image/gif;base64,R0lGODlhAQABAAAAACw="},
        {"qrCodeImage": "https://elsewhere.example/code.png"},
        {"qrCodeImage": ""},
        {"token": ""},
        {"expiresIn": -1},
    ],
)
async def test_a_code_that_cannot_be_shown(parts: dict[str, Any]):
    """What is no picture, or has no token or time, is not shown to people."""
    with pytest.raises(ProtocolBrokenError):
        await code(the_code(**parts))


async def test_a_plan_without_qr_login():
    """The documented 403 is about the plan, and the remedy names the one that has it."""
    with pytest.raises(AccountBrokenError, match="only available for Maximum") as caught:
        await code(example("subscription_error"), 403)
    assert "Maximum plan" in caught.value.remedy
    assert "dashboard" in caught.value.remedy


async def test_the_check_of_the_documentation():
    """A check sends the token alone."""
    wire = Wire(example("login_new"))
    await ask(wire, lambda wahdx: wahdx.code_progress(TOKEN))
    (request,) = wire.requests
    assert (request.method, request.url.path) == ("POST", "/api/content/qr-login/check")
    assert wire.body == example("request_login_check")


@pytest.mark.parametrize("state", CodeState)
async def test_each_state_of_the_documentation(state: CodeState):
    """All five states are told apart; only a confirmed one has an account."""
    found = await progress(example(f"login_{state}"))
    assert found.state is state
    if state is CodeState.CONFIRMED:
        assert found.account_remote_id == "8abd72f0-4ede-441c-9c17-XXXXXXXXX"
        assert found.account_name == "Creator Name"
    else:
        assert (found.account_remote_id, found.account_name) == ("", "")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"status": "WAITING"}, CodeProgress(state=CodeState.NEW)),
        ({"status": "Scanned", "account": None}, CodeProgress(state=CodeState.SCANNED)),
        ({"status": "confirmed"}, CodeProgress(state=CodeState.CONFIRMED)),
        (
            {"status": "confirmed", "account": {"accountId": 7, "username": "u"}},
            CodeProgress(state=CodeState.CONFIRMED, account_remote_id="7", account_name="u"),
        ),
        (
            {"status": "confirmed", "account": {"accountId": 7}},
            CodeProgress(state=CodeState.CONFIRMED, account_remote_id="7", account_name="7"),
        ),
    ],
)
async def test_states_nobody_documented(data: dict[str, Any], expected: CodeProgress):
    """An unknown word is waited out, and an account may be told in part or not at all."""
    assert await progress({"success": True, "data": data}) == expected


@pytest.mark.parametrize("status", [200, 400, 404])
async def test_a_token_that_is_refused(status: int):
    """A code the service does not know is replaced by a fresh one, not by another post."""
    with pytest.raises(ContentRejectedError, match="Invalid token") as caught:
        await progress({"success": False, "error": "Invalid token"}, status)
    assert caught.value.remedy == "Ask for a fresh code."
    assert caught.value.__context__ is None


async def test_both_calls_may_be_repeated():
    """Trouble there means later, not unknown: a code nobody scans does nothing."""
    for call in (code, progress):
        with pytest.raises(TryLaterError):
            await call({"error": "Internal server error"}, 500)
