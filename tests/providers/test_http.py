"""The HTTP edge: every trouble has its place in the law of retries, and no secret leaves."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)
from providers.answer import LONGEST_WAIT, retry_after
from providers.http import ServiceClient
from tests.providers.http_bench import (
    CALLS,
    READS,
    TROUBLE,
    WRITES,
    a_client,
    answering,
    failure_of,
    raising,
)


def subclasses(kind: type) -> Iterator[type]:
    yield kind
    for child in kind.__subclasses__():
        yield from subclasses(child)


def test_every_transport_error_of_httpx_has_its_place():
    """A new kind of error in a new httpx must be sorted by a person."""
    assert set(subclasses(httpx.TransportError)) <= set(TROUBLE)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("kind", TROUBLE, ids=lambda kind: kind.__name__)
async def test_trouble_on_the_way(kind: type[Exception], call: str):
    """What was surely not sent may be tried again; what was perhaps sent is unknown on a write."""
    failure = await failure_of(a_client(raising(kind("trouble"))), call)
    assert type(failure) is TROUBLE[kind][call in WRITES]


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (301, ProtocolBrokenError, ProtocolBrokenError),
        (400, ContentRejectedError, ContentRejectedError),
        (401, AccountBrokenError, AccountBrokenError),
        (402, AccountBrokenError, AccountBrokenError),
        (403, AccountBrokenError, AccountBrokenError),
        (404, ContentRejectedError, ContentRejectedError),
        (408, TryLaterError, OutcomeUnknownError),
        (409, ContentRejectedError, ContentRejectedError),
        (422, ContentRejectedError, ContentRejectedError),
        (425, TryLaterError, TryLaterError),
        (429, TryLaterError, TryLaterError),
        (500, TryLaterError, OutcomeUnknownError),
        (502, TryLaterError, OutcomeUnknownError),
        (503, TryLaterError, OutcomeUnknownError),
        (504, TryLaterError, OutcomeUnknownError),
        (599, TryLaterError, OutcomeUnknownError),
    ],
)
async def test_status_codes(status: int, read: type, write: type):
    """Each status has its place, whatever the body is."""
    for body in ({"json": {"error": "why"}}, {"html": "<h1>why</h1>"}, {"content": b""}):
        for call in READS.keys() - {"hand over"}:
            assert type(await failure_of(a_client(answering(status, **body)), call)) is read
        for call in WRITES:
            assert type(await failure_of(a_client(answering(status, **body)), call)) is write


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, TryLaterError),
        (400, ContentRejectedError),
        (401, TryLaterError),
        (403, TryLaterError),
        (413, ContentRejectedError),
        (429, TryLaterError),
        (503, TryLaterError),
    ],
)
async def test_what_a_store_answers(status: int, kind: type):
    """A signed address that refuses says nothing about the key, and a fresh one may take the file."""
    assert type(await failure_of(a_client(answering(status)), "hand over")) is kind


async def test_a_service_reads_its_own_refusals():
    """Every answer of 400 or more is shown to the service first; None leaves it to the status."""
    for status in (400, 404, 429, 500):
        for meant, kind in ((AccountBrokenError("gone"), AccountBrokenError), (None, None)):
            client = ServiceClient(
                "Service",
                "https://service.example",
                headers={},
                secrets=[],
                refusal=lambda answer, meant=meant: meant,
                transport=httpx.MockTransport(answering(status)),
            )
            failure = await failure_of(client, "publish")
            plain = await failure_of(a_client(answering(status)), "publish")
            assert type(failure) is (kind or type(plain))


@pytest.mark.parametrize("call", CALLS)
async def test_a_call_is_sent_once_whatever_comes_back(call: str):
    """Neither a redirect nor an error makes the client send anything again."""
    for status in (301, 307, 308, 429, 500, 503):
        seen: list[httpx.Request] = []

        def handle(request: httpx.Request, status=status, seen=seen) -> httpx.Response:
            seen.append(request)
            return httpx.Response(status, headers={"location": "/elsewhere", "retry-after": "0"})

        await failure_of(a_client(handle), call)
        assert len(seen) == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5.0),
        (" 0 ", 0.0),
        ("1.5", 1.5),
        ("Sat, 01 Aug 2026 12:01:30 GMT", 90.0),
        ("Sat, 01 Aug 2026 12:01:30 -0000", 90.0),
        ("Sat, 01 Aug 2026 11:00:00 GMT", 0.0),  # past
        ("Sat, 01 Aug 2099 11:00:00 GMT", LONGEST_WAIT),
        ("999999999", LONGEST_WAIT),
        ("9" * 400, None),
        ("-3", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None):
    """A wait is read as seconds or as an HTTP date, and nonsense is no wait."""
    assert retry_after(value, datetime(2026, 8, 1, 12, tzinfo=UTC)) == seconds


@pytest.mark.parametrize("call", READS)
@pytest.mark.parametrize("status", [429, 503])
async def test_the_wait_reaches_the_error(status: int, call: str):
    """The service's own wait comes with the error, also where it was merely ill."""
    failure = await failure_of(a_client(answering(status, headers={"retry-after": "7"})), call)
    assert isinstance(failure, TryLaterError)
    assert failure.retry_after == 7
