"""The one place that knows httpx: connections, addresses that were checked, bounded answers."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

import httpx

from providers.call import Call
from providers.form import FileBody, Form
from providers.guard import Guard

POOL = httpx.Limits(
    max_connections=8,
    max_keepalive_connections=4,
    # Below the 5 s after which Node closes an idle connection: a write on a connection that is
    # being closed ends as "outcome unknown", for no reason.
    keepalive_expiry=3.0,
)

# One for the process, made before its event loop runs: it takes 20 ms and more, in which everybody
# would wait, and every connection has a client of its own.
_TLS = httpx.create_ssl_context()

Transport = httpx.AsyncBaseTransport  # for tests, in the network's place

TROUBLE = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)
"""What sending may raise; `reach_of` says how far it came."""

# The request did not leave: no address, no connection, no TLS, no free connection, no tunnel.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# The request cannot be written down, so it did not leave, and repeating it never helps.
_UNSENDABLE = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    UnicodeError,
)


class Reach(Enum):
    """How far a request came before there was trouble."""

    UNSENDABLE = "unsendable"
    NEVER_SENT = "never sent"
    PERHAPS_SENT = "perhaps sent"


def reach_of(trouble: Exception) -> Reach:
    """How far the request came that ended in this trouble."""
    if isinstance(trouble, _UNSENDABLE):
        return Reach.UNSENDABLE
    return Reach.NEVER_SENT if isinstance(trouble, _NEVER_SENT) else Reach.PERHAPS_SENT


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back; `body` is None when it is longer than the call takes."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """An answer whose body is still to be read, as it comes over the wire."""

    status: int
    headers: Mapping[str, str]
    pieces: AsyncIterator[bytes]

    @property
    def is_redirect(self) -> bool:
        """Whether it names another address."""
        return 300 <= self.status < 400 and "location" in self.headers

    @property
    def content_type(self) -> str:
        """The type it is said to have, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def size(self) -> int | None:
        """Its size in bytes, where it is told."""
        told = self.headers.get("content-length", "")
        return int(told) if told.isdecimal() else None


class Wire:
    """The connections to one address; a guard says which others may be reached from there."""

    def __init__(self, base_url: str, guard: Guard | None, transport: Transport | None) -> None:
        self._http = httpx.AsyncClient(
            transport=transport or (_GuardedTransport(guard) if guard else None),
            verify=_TLS,
            limits=POOL,
            follow_redirects=False,
            # A proxy of the environment does not lead back here, and would get round the guard.
            trust_env=guard is None and not _is_local(base_url),
        )

    async def send(
        self,
        call: Call,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: Form | FileBody | None = None,
        **parts: Any,
    ) -> Reply:
        """Send a request once. Raises TROUBLE, and what the guard or a file raises."""
        if body:
            parts["content"] = body.stream()
            headers = {**headers, **body.headers}
        timeout = httpx.Timeout(connect=10.0, read=call.read_seconds, write=30.0, pool=10.0)
        async with asyncio.timeout(call.seconds(body.size if body else 0)):
            request = self._http.build_request(
                method, url, headers=headers, timeout=timeout, **parts
            )
            response = await self._http.send(request, stream=True)
            try:
                content = await _bounded(response, call.body)
            finally:
                await response.aclose()
        return Reply(status=response.status_code, headers=response.headers, body=content)

    @asynccontextmanager
    async def open(
        self, url: str, *, headers: Mapping[str, str], read_seconds: float
    ) -> AsyncGenerator[Opened]:
        """Ask for something that is too large to be held. Raises TROUBLE and what the guard
        raises, and so does reading it.
        """
        timeout = httpx.Timeout(connect=10.0, read=read_seconds, write=30.0, pool=10.0)
        request = self._http.build_request("GET", url, headers=headers, timeout=timeout)
        response = await self._http.send(request, stream=True)
        try:
            yield Opened(
                status=response.status_code, headers=response.headers, pieces=response.aiter_raw()
            )
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Give the sockets back."""
        await self._http.aclose()


class _GuardedTransport(httpx.AsyncHTTPTransport):
    """Connects to an address that was checked, not to a name that may lead elsewhere next time."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(verify=_TLS, limits=POOL)
        self._guard = guard

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        try:
            addresses = await self._guard.addresses(host)
        except OSError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        # The Host header is written already, and the certificate is to be that of the name.
        request.extensions = {**request.extensions, "sni_hostname": host}
        for address in addresses[:-1]:
            # Nothing was sent, as to ::1 for a server that listens on IPv4 alone.
            with suppress(httpx.ConnectError):
                return await self._connect(request, address)
        return await self._connect(request, addresses[-1])

    async def _connect(self, request: httpx.Request, address: str) -> httpx.Response:
        request.url = request.url.copy_with(host=address)
        return await super().handle_async_request(request)


async def _bounded(response: httpx.Response, maximum: int) -> bytes | None:
    """The body, or None when it is longer than the maximum."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > maximum:
            return None
    return bytes(body)


def _is_local(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False  # said when it is called
    return host in ("localhost", "::1") or host.startswith("127.")
