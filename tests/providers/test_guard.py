"""Addresses that people choose: none inside a network, unless the operator allows it."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from bot.errors import ContentRejectedError, ProtocolBrokenError, TryLaterError
from providers.guard import Guard
from providers.http import ServiceClient
from tests.providers.contract_simulated import served

INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",  # noqa: S104 - nobody listens on it here
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
]
OUTSIDE = ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names and where they lead, for the loop of this test."""
    known: dict[str, list[str]] = {}
    real = asyncio.base_events.BaseEventLoop.getaddrinfo

    async def look_up(loop: Any, host: str, port: Any, **more: Any) -> list[Any]:
        if host not in known:
            return await real(loop, host, port, **more)
        found = [await real(loop, address, port, **more) for address in known[host]]
        return [item for items in found for item in items]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", look_up)
    return known


@pytest.mark.parametrize("address", INSIDE)
async def test_addresses_inside_are_refused(names: dict[str, list[str]], address: str):
    """By number or by a name that leads there; allowed by exactly what was asked for."""
    names["service.example"] = ["1.1.1.1", address]
    for host in (address, "service.example"):
        with pytest.raises(ContentRejectedError) as caught:
            await Guard().addresses(host)
        assert host in caught.value.message
        assert "ALLOWED_PRIVATE_HOSTS" in caught.value.remedy
        assert await Guard([host.upper()]).addresses(host)
    with pytest.raises(ContentRejectedError):
        await Guard(["other.example"]).addresses("service.example")


@pytest.mark.parametrize("address", OUTSIDE)
async def test_addresses_outside_are_reached(address: str):
    """Whatever belongs to the whole world may be called."""
    assert len(await Guard().addresses(address)) == 1


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost"])
async def test_other_spellings_of_this_machine(host: str):
    """What is judged is where a name leads, not how it is written."""
    with pytest.raises(ContentRejectedError):
        await Guard().addresses(host)


@dataclass
class Service:
    """A service on this machine, and what reached it."""

    address: str = ""
    hosts: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.hosts.append(request.headers["Host"])
        if request.path == "/away":
            return web.Response(status=302, headers={"Location": f"{self.address}/inside"})
        return web.json_response({"path": request.path})


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service on a free port of this machine."""
    service = Service()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.answer)
    async with served(app) as service.address:
        yield service


@asynccontextmanager
async def client(address: str, guard: Guard) -> AsyncIterator[ServiceClient]:
    client = ServiceClient("Service", address, headers={}, secrets=[], guard=guard)
    try:
        yield client
    finally:
        await client.close()


async def test_a_call_to_this_machine_is_refused_without_a_connection(service: Service):
    """Nothing reaches a server inside, neither by a read, a write nor a file."""

    async def content() -> AsyncIterator[bytes]:
        yield b"x"

    async with client(service.address, Guard()) as guarded:
        for call in (
            guarded.read("/x"),
            guarded.write("/x", {}),
            guarded.write_form("/x", [("a", "b")]),
            guarded.hand_over(f"{service.address}/x", content, size=1, headers={}),
        ):
            with pytest.raises(ContentRejectedError, match="inside a network"):
                await call
    assert service.hosts == []


async def test_an_allowed_host_is_reached(service: Service):
    """The operator's word counts, and the proxy of the environment is not asked."""
    async with client(service.address, Guard({"127.0.0.1"})) as guarded:
        assert (await guarded.read("/x")).data == {"path": "/x"}


async def test_a_name_keeps_its_host_header(service: Service, names: dict[str, list[str]]):
    """The connection goes to the address that was checked, the request to the name."""
    names["openshorts.lan"] = ["127.0.0.1"]
    port = service.address.rpartition(":")[2]
    async with client(f"http://openshorts.lan:{port}", Guard({"openshorts.lan"})) as guarded:
        await guarded.read("/x")
    assert service.hosts == [f"openshorts.lan:{port}"]


async def test_every_address_of_a_name_is_tried(service: Service, names: dict[str, list[str]]):
    """A name that leads to IPv6 first still reaches a service that listens on IPv4 alone."""
    names["localhost"] = ["::1", "127.0.0.1"]
    port = service.address.rpartition(":")[2]
    async with client(f"http://localhost:{port}", Guard({"localhost"})) as guarded:
        assert (await guarded.write("/x", {"a": 1})).data == {"path": "/x"}
    assert len(service.hosts) == 1


async def test_where_nobody_is(names: dict[str, list[str]]):
    """A name that leads nowhere and a closed port are tried again later."""
    names["shut.lan"] = ["::1", "127.0.0.1"]
    for address in ("https://nowhere.invalid", "http://shut.lan:1"):
        async with client(address, Guard({"shut.lan"})) as guarded:
            with pytest.raises(TryLaterError):
                await guarded.write("/x", {})


async def test_a_redirect_is_not_followed(service: Service):
    """A service that sends elsewhere is not obeyed, so nothing gets round the guard."""
    async with client(service.address, Guard({"127.0.0.1"})) as guarded:
        with pytest.raises(ProtocolBrokenError):
            await guarded.read("/away")
    assert len(service.hosts) == 1


async def test_a_certificate_is_asked_for_by_name(names: dict[str, list[str]]):
    """TLS names the host, not the address it leads to."""
    asked: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda connection, name, given: asked.append(name)
    names["openshorts.lan"] = ["127.0.0.1"]

    async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(nothing, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        async with client(f"https://openshorts.lan:{port}", Guard({"openshorts.lan"})) as guarded:
            with pytest.raises(TryLaterError):  # the server has no certificate
                await guarded.write("/x", {})
    assert asked == ["openshorts.lan"]
