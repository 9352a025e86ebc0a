"""What every provider promises, run against the recorded answers in `data/<name>/`."""

import httpx
import pytest

from bot.domain.delivery import DeliveryState
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.capabilities import StatusReading
from providers.catalogue import PROVIDERS
from tests.providers.contract_recorded import Bench, answer, echo, no_secret, trouble


@pytest.fixture(params=sorted(PROVIDERS))
def bench(request: pytest.FixtureRequest) -> Bench:
    """Each service of the catalogue; one without recorded answers fails here."""
    return Bench(request.param)


# What happens: what it means for a read, and for a publish call.
TROUBLES = {
    "no connection": (trouble(httpx.ConnectError), TryLaterError, TryLaterError),
    "time-out": (trouble(httpx.ReadTimeout), TryLaterError, OutcomeUnknownError),
    "dropped": (trouble(httpx.RemoteProtocolError), TryLaterError, OutcomeUnknownError),
    "500": (answer(500, json={"error": "x"}), TryLaterError, OutcomeUnknownError),
    "503": (answer(503, text="busy"), TryLaterError, OutcomeUnknownError),
    "429": (answer(429, headers={"retry-after": "7"}), TryLaterError, TryLaterError),
    "401": (answer(401, json={"error": "x"}), AccountBrokenError, AccountBrokenError),
    "403": (answer(403, json={"error": "x"}), AccountBrokenError, AccountBrokenError),
    "redirect": (
        answer(302, headers={"location": "https://elsewhere.example/"}),
        ProtocolBrokenError,
        ProtocolBrokenError,
    ),
    "a web page": (answer(html="<h1>Hello</h1>"), ProtocolBrokenError, ProtocolBrokenError),
    "wrong shape": (answer(json={"ok": 1}), ProtocolBrokenError, ProtocolBrokenError),
    "a list": (answer(json=[1, 2]), ProtocolBrokenError, ProtocolBrokenError),
}


@pytest.mark.parametrize("call", ["accounts", "publish"])
@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_is_sorted_by_the_law_of_retries(bench: Bench, name: str, call: str):
    """Each trouble ends in the class that says what may be done next, after one request."""
    handler, *meanings = TROUBLES[name]
    failure = await bench.failure(call, handler)
    assert type(failure) is meanings[call == "publish"]
    assert len(bench.requests) == 1


async def test_a_publish_call_waits_as_told(bench: Bench):
    """The service's Retry-After comes with the error."""
    failure = await bench.failure("publish", TROUBLES["429"][0])
    assert isinstance(failure, TryLaterError)
    assert failure.retry_after == 7


async def test_accounts_are_listed(bench: Bench):
    """The accounts come with whether each can be used."""
    case = bench.case["accounts"]
    accounts = await bench.call("accounts", answer(json=bench.recorded(case["answer"])))
    assert [account.usable for account in accounts] == case["usable"]
    assert all(account.remote_id and account.name for account in accounts)


async def test_an_accepted_post_has_a_receipt(bench: Bench):
    """One receipt per recipient, with the state and the service's id."""
    case = bench.case["publish"]
    receipts = await bench.call("publish", answer(json=bench.recorded(case["answer"])))
    assert [(receipt.state, receipt.remote_id) for receipt in receipts] == [
        (DeliveryState(case["state"]), case["remote_id"])
    ]


async def test_a_refusal_is_definite_and_in_the_services_words(bench: Bench):
    """A refused post is refused, whichever HTTP status says so, with words and a remedy."""
    case = bench.case["refused"]
    for status in case["statuses"]:
        body = bench.recorded(case["answer"])
        failure = await bench.failure("publish", answer(status, json=body))
        assert type(failure) is ContentRejectedError
        assert case["words"] in failure.message
        assert failure.remedy


async def test_status_is_read(bench: Bench):
    """A post under way, live or failed is told apart, with its link or its reason and remedy."""
    cases = bench.case.get("status", [])
    reading = PROVIDERS[bench.name].capabilities.status_reading
    assert bool(cases) == (reading is not StatusReading.NONE)
    for case in cases:
        (receipt,) = await bench.call("status", answer(json=bench.recorded(case["answer"])))
        assert receipt.state == DeliveryState(case["state"])
        assert receipt.remote_id == bench.case["publish"]["remote_id"]
        assert receipt.link == case.get("link", "")
        assert case.get("reason", "") in receipt.reason
        assert bool(receipt.remedy) == (receipt.state is DeliveryState.FAILED)


@pytest.mark.parametrize("call", ["accounts", "publish"])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 429, 500])
async def test_no_secret_in_an_error_about_an_answer(bench: Bench, status: int, call: str):
    """A service that echoes the request does not bring the key into an error."""
    no_secret(bench.secrets, await bench.failure(call, echo(status)))


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadTimeout, httpx.LocalProtocolError])
async def test_no_secret_in_an_error_about_the_way(bench: Bench, kind: type[Exception]):
    """A transport error that quotes the request is not chained to ours."""
    for name in ("accounts", "publish"):
        no_secret(bench.secrets, await bench.failure(name, trouble(kind)))


async def test_a_provider_does_not_show_its_key(bench: Bench):
    """Printing a provider shows no secret."""
    provider = bench.provider(answer())
    shown = repr(provider) + str(provider)
    await provider.close()
    assert not [secret for secret in bench.secrets if secret in shown]
