"""The HTTP edge over real sockets: addresses where nobody is, TLS, idle connections, proxies."""

import asyncio

import pytest

from bot.errors import ContentRejectedError, TryLaterError
from providers.http import ServiceClient
from tests.providers.http_bench import failure_of


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
    assert isinstance(await failure_of(client, "publish"), kind)


async def test_a_port_that_speaks_no_tls():
    """A failed TLS handshake comes before the request, so nothing was sent."""

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = ServiceClient("Service", f"https://127.0.0.1:{port}", headers={}, secrets=[])
        assert isinstance(await failure_of(client, "publish"), TryLaterError)


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
    assert isinstance(await failure_of(elsewhere, "publish"), TryLaterError)
