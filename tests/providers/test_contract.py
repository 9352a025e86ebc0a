"""What every provider promises, run against the recorded answers in `data/<name>/`.

`contract.json` there names the credentials (whose values are canaries), a platform, kind and
options to publish with, and the answers: `accounts`, `publish`, `refused`, and each `status`.
"""

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.delivery import DeliveryState
from bot.domain.media import EXTENSIONS
from bot.domain.platform import Kind, Platform
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    ProviderError,
    TryLaterError,
)
from providers.base import MediaLink, Provider, Recipient, Submission, Submitted
from providers.catalogue import PROVIDERS

DATA = Path(__file__).parent / "data"

Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Bench:
    """One service with its recorded answers and a transport that plays them."""

    name: str
    requests: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.case: dict[str, Any] = self.recorded("contract.json")

    def recorded(self, file: str) -> Any:
        return json.loads((DATA / self.name / file).read_text())

    def provider(self, handler: Handler) -> Provider:
        def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(request)
            return handler(request)

        return PROVIDERS[self.name](
            self.case["credentials"],
            base_url="https://service.example",
            transport=httpx.MockTransport(handle),
        )

    def submission(self) -> Submission:
        kind = Kind(self.case["kind"])
        content_type = {Kind.VIDEO: "video/mp4", Kind.PHOTOS: "image/jpeg"}.get(kind)
        link = f"https://media.example/file.{EXTENSIONS.get(content_type or '')}"
        return Submission(
            key="post-1-revision-1",
            caption="A caption",
            title="",
            kind=kind,
            media=(MediaLink(url=link, content_type=content_type, size=9),) if content_type else (),
            recipients=(
                Recipient(
                    remote_id="account-1",
                    platform=Platform(self.case["platform"]),
                    options=self.case["options"],
                ),
            ),
        )

    def submitted(self) -> Submitted:
        return Submitted(
            account_remote_id="account-1",
            remote_id=self.case["publish"]["remote_id"],
            platform=Platform(self.case["platform"]),
            kind=Kind(self.case["kind"]),
        )

    async def call(self, name: str, handler: Handler) -> Any:
        provider = self.provider(handler)
        try:
            match name:
                case "publish":
                    return await provider.publish(self.submission())
                case "accounts":
                    return await provider.accounts()
                case _:
                    return await provider.status([self.submitted()])
        finally:
            await provider.close()

    async def failure(self, name: str, handler: Handler) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await self.call(name, handler)
        return caught.value


@pytest.fixture(params=sorted(PROVIDERS))
def bench(request: pytest.FixtureRequest) -> Bench:
    """Each service of the catalogue; one without recorded answers fails here."""
    return Bench(request.param)


def answer(status: int = 200, **parts: Any) -> Handler:
    return lambda request: httpx.Response(status, **parts)


def trouble(kind: type[Exception]) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        raise kind(f"trouble with {dict(request.headers)} {request.content!r}")

    return handle


def echo(status: int) -> Handler:
    """Answer with all that was sent, as careless services do."""

    def handle(request: httpx.Request) -> httpx.Response:
        sent = {"url": str(request.url), **dict(request.headers)}
        body = {"error": str(sent), "success": False, "echo": sent, "body": str(request.content)}
        return httpx.Response(status, json=body)

    return handle


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


@pytest.mark.parametrize("name", TROUBLES)
async def test_trouble_is_sorted_by_the_law_of_retries(bench: Bench, name: str):
    """Each trouble ends in the class that says what may be done next, after one request."""
    handler, reading, publishing = TROUBLES[name]
    for call, kind in (("accounts", reading), ("publish", publishing)):
        failure = await bench.failure(call, handler)
        assert type(failure) is kind
        assert failure.__context__ is None  # what lies below may quote what was sent
    assert len(bench.requests) == 2


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
    for case in bench.case["status"]:
        (receipt,) = await bench.call("status", answer(json=bench.recorded(case["answer"])))
        assert receipt.state == DeliveryState(case["state"])
        assert receipt.remote_id == bench.case["publish"]["remote_id"]
        assert receipt.link == case.get("link", "")
        assert case.get("reason", "") in receipt.reason
        assert bool(receipt.remedy) == (receipt.state is DeliveryState.FAILED)


@pytest.mark.parametrize("status", [200, 302, 400, 401, 403, 429, 500])
async def test_no_secret_in_an_error_about_an_answer(bench: Bench, status: int):
    """A service that echoes the request does not bring the key into an error."""
    for name in ("accounts", "publish"):
        no_canary(bench, await bench.failure(name, echo(status)))


@pytest.mark.parametrize("kind", [httpx.ConnectError, httpx.ReadTimeout, httpx.LocalProtocolError])
async def test_no_secret_in_an_error_about_the_way(bench: Bench, kind: type[Exception]):
    """A transport error that quotes the request is not chained to ours."""
    for name in ("accounts", "publish"):
        no_canary(bench, await bench.failure(name, trouble(kind)))


async def test_a_provider_does_not_show_its_key(bench: Bench):
    """Printing a provider shows no secret."""
    provider = bench.provider(answer())
    shown = repr(provider) + str(provider)
    await provider.close()
    assert not [secret for secret in bench.case["credentials"].values() if secret in shown]


def no_canary(bench: Bench, failure: ProviderError) -> None:
    texts = [failure.message, failure.remedy, failure.excerpt, repr(failure)]
    texts += traceback.format_exception(failure)
    for secret in bench.case["credentials"].values():
        assert not [text for text in texts if secret in text]
    assert failure.__cause__ is None
    assert failure.__context__ is None


def test_capabilities_are_complete(bench: Bench):
    """What forms and checks are built from is there, under the name of the catalogue."""
    found = PROVIDERS[bench.name].capabilities
    assert found.name == bench.name
    assert found.label
    assert found.key_page
    assert {item.name for item in found.credentials} == set(bench.case["credentials"])
    assert PROVIDERS[bench.name].DEFAULT_URL.startswith("https://")
    for platform, limits in found.platforms.items():
        taken = [kind for kind in Kind if limits.caption_of(kind)]
        assert taken, platform
        for kind in taken:
            media = limits.media_of(kind)
            assert media is None or media.types <= set(EXTENSIONS)
