"""The one HTTP client of the services: timeouts by kind of call, the law of retries, no secrets.

A *read* changes nothing at the service and may be repeated; a *write* publishes and may not.

| what happened                            | read                 | write                |
|------------------------------------------|----------------------|----------------------|
| no connection, no slot: nothing was sent | TryLaterError        | TryLaterError        |
| a request that can never be sent         | ContentRejectedError | ContentRejectedError |
| any other trouble on the way, 5xx, 408   | TryLaterError        | OutcomeUnknownError  |
| 429, 425                                 | TryLaterError        | TryLaterError        |
| 401, 402, 403                            | AccountBrokenError   | AccountBrokenError   |
| any other 4xx                            | ContentRejectedError | ContentRejectedError |
| 3xx, no JSON, a body that is too long    | ProtocolBrokenError  | ProtocolBrokenError  |
"""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import httpx

from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProviderError,
    TryLaterError,
)
from providers.answer import Answer, Redactor, read_answer
from providers.verdict import Refusal, failure_of

MAX_CALLS = 20  # in flight per process: httpx slows down above it (encode/httpx #3215)
SLOT_SECONDS = 30.0  # the longest wait for one of these
POOL = httpx.Limits(
    max_connections=8,
    max_keepalive_connections=4,
    # Below the 5 s after which Node closes an idle connection: a write on a connection that is
    # being closed ends as "outcome unknown", for no reason.
    keepalive_expiry=3.0,
)

Transport = httpx.AsyncBaseTransport  # for tests, so that only this module imports httpx

# The request did not leave: no address, no connection, no TLS, no free connection, no tunnel.
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
# The request cannot be written down, so it did not leave, and repeating it never helps.
_UNSENDABLE = (
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    UnicodeError,
)
_TROUBLE = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A kind of call: whether it writes, how long it waits (seconds), how much it reads (bytes)."""

    writes: bool
    read_seconds: float
    total_seconds: float  # because httpx's read timeout begins anew with every byte
    body: int

    @property
    def timeout(self) -> httpx.Timeout:
        """The timeouts of one request."""
        return httpx.Timeout(connect=10.0, read=self.read_seconds, write=30.0, pool=10.0)


# WAHDX lists more than 1,000 accounts in one answer (seed 002).
READ = Call(writes=False, read_seconds=30.0, total_seconds=60.0, body=8 << 20)
# WAHDX answers for Instagram, Threads and Facebook when the post is out, however long that takes.
WRITE = Call(writes=True, read_seconds=300.0, total_seconds=330.0, body=1 << 20)


class ServiceClient:
    """The HTTP side of one connection; raises only errors of `bot.errors.ProviderError`.

    `refusal` is the service's own reading of a 4xx answer; None leaves it to the status.
    """

    def __init__(
        self,
        service: str,
        base_url: str,
        *,
        headers: Mapping[str, str],
        secrets: Iterable[str],
        refusal: Refusal = lambda answer: None,
        transport: Transport | None = None,
    ) -> None:
        self._service = service
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._redactor = Redactor(secrets)
        self._refusal = refusal
        self._http = httpx.AsyncClient(
            transport=transport,
            verify=_tls(),
            limits=POOL,
            follow_redirects=False,
            trust_env=not _is_local(base_url),  # a proxy of the environment does not lead back here
        )

    async def read(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """GET something."""
        return await self._exchange(READ, "GET", path, params=params)

    async def ask(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST a question that changes nothing at the service."""
        return await self._exchange(READ, "POST", path, json=body)

    async def write(self, path: str, body: Mapping[str, Any]) -> Answer:
        """POST something that publishes."""
        return await self._exchange(WRITE, "POST", path, json=body)

    async def close(self) -> None:
        """Give the sockets back."""
        await self._http.aclose()

    async def _exchange(self, call: Call, method: str, path: str, **parts: Any) -> Answer:
        self._check_headers()
        slots = await self._slot()
        try:
            async with asyncio.timeout(call.total_seconds):
                response, body = await self._send(call, method, path, **parts)
        except _TROUBLE as error:
            failure = self._failure(error, call)
        else:
            return self._judge(call, response, body)
        finally:
            slots.release()
        raise failure  # outside the handler: the lower error may quote a secret, so no chain

    def _check_headers(self) -> None:
        # httpx and h11 quote a header they refuse, and with it the secret.
        if not all(value.isascii() and value.isprintable() for value in self._headers.values()):
            raise AccountBrokenError(
                f"The key for {self._service} holds characters no key has.",
                remedy=f"Connect {self._service} again and paste the key alone.",
            )

    async def _slot(self) -> asyncio.Semaphore:
        slots = _slots()
        try:
            async with asyncio.timeout(SLOT_SECONDS):
                await slots.acquire()
        except TimeoutError:
            raise TryLaterError(f"Too many calls are in flight; {self._service} waits.") from None
        return slots

    async def _send(
        self, call: Call, method: str, path: str, **parts: Any
    ) -> tuple[httpx.Response, bytes | None]:
        request = self._http.build_request(
            method, self._base_url + path, headers=self._headers, timeout=call.timeout, **parts
        )
        response = await self._http.send(request, stream=True)
        try:
            return response, await _bounded(response, call.body)
        finally:
            await response.aclose()

    def _failure(self, error: Exception, call: Call) -> ProviderError:
        what = self._redactor.text(f"{type(error).__name__}: {error}".removesuffix(": "))
        if isinstance(error, _UNSENDABLE):
            return ContentRejectedError(
                f"The request to {self._service} cannot be sent ({type(error).__name__}).",
                remedy=f"Ask the operator to check the address of {self._service}.",
            )
        if isinstance(error, _NEVER_SENT):
            return TryLaterError(f"{self._service} could not be reached ({what}).")
        if call.writes:
            return OutcomeUnknownError(
                f"{self._service} was asked to publish, but its answer did not arrive ({what}).",
                remedy="Look at the account to see whether the post is live.",
            )
        return TryLaterError(f"{self._service} did not answer ({what}).")

    def _judge(self, call: Call, response: httpx.Response, body: bytes | None) -> Answer:
        answer = read_answer(self._service, response.status_code, body or b"", self._redactor)
        if not response.is_success:
            wait = response.headers.get("retry-after")
            raise failure_of(answer, wait, writes=call.writes, refusal=self._refusal)
        if body is None:
            raise answer.broken(f"more than {call.body:,} bytes")
        if answer.data is None:
            raise answer.broken("no JSON")
        return answer


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


@cache
def _tls() -> ssl.SSLContext:
    # One for the process: making it takes 20 ms and every connection has a client of its own.
    return httpx.create_ssl_context()


_SLOTS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _slots() -> asyncio.Semaphore:
    # By event loop, because a semaphore belongs to the loop that first waited for it.
    return _SLOTS.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MAX_CALLS))
