"""The HTTP edge: every trouble has its place in the law of retries, and no secret leaves."""

import asyncio
import contextlib
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
from providers import http
from providers.answer import LONGEST_WAIT, retry_after
from providers.http import Call, ServiceClient
from tests.providers.http_bench import TROUBLE, a_client, answering, failure_of, raising


def subclasses(kind: type) -> Iterator[type]:
    yield kind
    for child in kind.__subclasses__():
        yield from subclasses(child)


def test_every_transport_error_of_httpx_has_its_place():
    """A new kind of error in a new httpx must be sorted by a person."""
    assert set(subclasses(httpx.TransportError)) <= set(TROUBLE)


@pytest.mark.parametrize("writes", [False, True], ids=["read", "write"])
@pytest.mark.parametrize("kind", TROUBLE, ids=lambda kind: kind.__name__)
async def test_trouble_on_the_way(kind: type[Exception], writes: bool):
    """What was surely not sent may be tried again; what was perhaps sent is unknown on a write."""
    failure = await failure_of(a_client(raising(kind("trouble"))), writes)
    assert type(failure) is TROUBLE[kind][writes]


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
        assert type(await failure_of(a_client(answering(status, **body)), False)) is read
        assert type(await failure_of(a_client(answering(status, **body)), True)) is write


async def test_a_write_is_sent_once_whatever_comes_back():
    """Neither a redirect nor an error makes the client send a write again."""
    for status in (301, 307, 308, 429, 500, 503):
        seen: list[httpx.Request] = []

        def handle(request: httpx.Request, status=status, seen=seen) -> httpx.Response:
            seen.append(request)
            return httpx.Response(status, headers={"location": "/elsewhere", "retry-after": "0"})

        await failure_of(a_client(handle), writes=True)
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


async def test_the_wait_reaches_the_error():
    """The service's own wait comes with the error, also where it was merely ill."""
    for status in (429, 503):
        client = a_client(answering(status, headers={"retry-after": "7"}))
        failure = await failure_of(client, writes=False)
        assert isinstance(failure, TryLaterError)
        assert failure.retry_after == 7


async def test_a_text_that_cannot_be_written_is_refused():
    """Half of a character pair cannot be sent and never will be."""
    client = a_client(answering(200, json={}))
    with pytest.raises(ContentRejectedError):
        await client.write("/post", {"content": "\ud83d"})
    await client.close()


async def test_a_body_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch):
    """An answer is read up to its bound and then no longer understood."""
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 1 << 16
            yield b" " * (1 << 16)

    failure = await failure_of(
        a_client(lambda request: httpx.Response(200, content=endless())), True
    )
    assert isinstance(failure, ProtocolBrokenError)
    assert read <= http.WRITE.body + (2 << 16)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[" * 100_000, b'"\\ud800"', b"\xff", b"null"]
)
async def test_what_is_no_json_is_no_answer(content: bytes):
    """A success whose body is not JSON is a broken protocol, on a write perhaps an accepted post."""
    failure = await failure_of(a_client(answering(200, content=content)), writes=True)
    assert isinstance(failure, ProtocolBrokenError)


async def test_words_come_without_control_characters():
    """What a service says can be stored and shown: no NUL, no line feeds."""
    failure = await failure_of(a_client(answering(400, json={"error": "a\x00b\nc"})), True)
    assert "a b c" in failure.message
    assert "\\u0000" in failure.excerpt


async def test_the_whole_call_has_a_deadline(monkeypatch: pytest.MonkeyPatch):
    """A service that sends a byte now and then is given up all the same."""
    short = Call(writes=True, read_seconds=5, total_seconds=0.05, body=1 << 20)
    monkeypatch.setattr(http, "WRITE", short)

    async def dribble():
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    client = a_client(lambda request: httpx.Response(200, content=dribble()))
    assert isinstance(await failure_of(client, True), OutcomeUnknownError)


async def test_no_more_than_so_many_calls_are_in_flight(monkeypatch: pytest.MonkeyPatch):
    """The process has a limit of its own over all connections; who waits too long was not sent."""
    arrived, full, gate = 0, asyncio.Event(), asyncio.Event()

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal arrived
        arrived += 1
        if arrived == http.MAX_CALLS:
            full.set()
        await gate.wait()
        return httpx.Response(200, json={})

    clients = [a_client(handle) for _ in range(3)]
    calls = [
        asyncio.create_task(clients[number % 3].write("/post", {}))
        for number in range(http.MAX_CALLS)
    ]
    await full.wait()
    monkeypatch.setattr(http, "SLOT_SECONDS", 0.02)
    late = await failure_of(a_client(handle), writes=True)
    gate.set()
    await asyncio.gather(*calls)
    for client in clients:
        await client.close()
    assert isinstance(late, TryLaterError)
    assert arrived == http.MAX_CALLS


async def test_a_cancelled_call_gives_its_slot_back():
    """Calls that are cancelled at shut-down do not use up the limit."""

    async def handle(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = a_client(handle)
    for _ in range(http.MAX_CALLS + 5):
        call = asyncio.create_task(client.write("/post", {}))
        await asyncio.sleep(0)
        call.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await call
    await client.close()
    client = a_client(answering(200, json={"fine": 1}))
    assert (await client.read("/x")).data == {"fine": 1}
    await client.close()


@pytest.mark.parametrize(
    ("base_url", "kind"),
    [
        ("http://127.0.0.1:1", TryLaterError),  # nobody listens
        ("https://nowhere.invalid", TryLaterError),  # no such name (RFC 6761)
        ("ftp://127.0.0.1", ContentRejectedError),
        ("http://host:port", ContentRejectedError),
        ("http://[bad]", ContentRejectedError),
        ("", ContentRejectedError),
    ],
)
async def test_addresses_where_nobody_is(base_url: str, kind: type):
    """Over real sockets: what could not be sent is never unknown."""
    client = ServiceClient("Service", base_url, headers={}, secrets=[])
    assert isinstance(await failure_of(client, writes=True), kind)


async def test_a_port_that_speaks_no_tls():
    """A failed TLS handshake comes before the request, so nothing was sent."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = ServiceClient("Service", f"https://127.0.0.1:{port}", headers={}, secrets=[])
        assert isinstance(await failure_of(client, writes=True), TryLaterError)


async def test_a_connection_closed_while_idle_is_not_used_again():
    """A service that closes idle connections does not make the next write unknown."""
    connections = 0

    async def answer_and_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"{}")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n\r\n{}")
        writer.close()
        await writer.wait_closed()
        closed.set()

    async with await asyncio.start_server(answer_and_close, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = ServiceClient("Service", f"http://127.0.0.1:{port}", headers={}, secrets=[])
        for _ in range(3):
            closed = asyncio.Event()
            assert (await client.write("/post", {})).data == {}
            await closed.wait()
        await client.close()
    assert connections == 3


async def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
):
    """The sandbox's services are reached directly, also behind a company's proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = ServiceClient("Service", f"http://127.0.0.1:{port}", headers={}, secrets=[])
        assert (await client.read("/x")).data == {}
        await client.close()
    elsewhere = ServiceClient("Service", "http://service.example", headers={}, secrets=[])
    assert isinstance(await failure_of(elsewhere, writes=True), TryLaterError)
