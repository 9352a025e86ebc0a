"""A client whose service plays one scene, and what each trouble on the way means."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.errors import ContentRejectedError, OutcomeUnknownError, ProviderError, TryLaterError
from providers.call import CHANGE, ORDER
from providers.form import FormFile
from providers.http import ServiceClient

SECRET = "sk_canary/0123+456789"
STORE = "https://store.example/file?signature=canary-0123"


async def some_bytes() -> AsyncIterator[bytes]:
    yield b"abc"


FILE = FormFile(field="video", name="a.mp4", content_type="video/mp4", size=3, content=some_bytes)

READS: dict[str, Callable[[ServiceClient], Awaitable[object]]] = {
    "read": lambda client: client.read("/accounts"),
    "ask": lambda client: client.ask("/status", {"a": 1}),
    "hand over": lambda client: client.hand_over(STORE, some_bytes, size=3, headers={}),
}
WRITES: dict[str, Callable[[ServiceClient], Awaitable[object]]] = {
    "publish": lambda client: client.write("/post", {"a": 1}),
    "change": lambda client: client.write("/post/1", {"a": 1}, call=CHANGE, method="PATCH"),
    "order": lambda client: client.write("/clips", {"a": 1}, call=ORDER),
    "form": lambda client: client.write_form("/post", [("a", "1")], [FILE]),
}
CALLS = READS | WRITES

# What each trouble means for a read and for a write.
NOTHING_SENT = (TryLaterError, TryLaterError)
UNSENDABLE = (ContentRejectedError, ContentRejectedError)
PERHAPS_SENT = (TryLaterError, OutcomeUnknownError)
TROUBLE = {
    httpx.ConnectError: NOTHING_SENT,
    httpx.ConnectTimeout: NOTHING_SENT,
    httpx.PoolTimeout: NOTHING_SENT,
    httpx.ProxyError: NOTHING_SENT,
    httpx.UnsupportedProtocol: UNSENDABLE,
    httpx.LocalProtocolError: UNSENDABLE,
    httpx.InvalidURL: UNSENDABLE,
    httpx.TransportError: PERHAPS_SENT,
    httpx.TimeoutException: PERHAPS_SENT,
    httpx.ReadTimeout: PERHAPS_SENT,
    httpx.WriteTimeout: PERHAPS_SENT,
    httpx.NetworkError: PERHAPS_SENT,
    httpx.ReadError: PERHAPS_SENT,
    httpx.WriteError: PERHAPS_SENT,
    httpx.CloseError: PERHAPS_SENT,
    httpx.ProtocolError: PERHAPS_SENT,
    httpx.RemoteProtocolError: PERHAPS_SENT,
    httpx.DecodingError: PERHAPS_SENT,
    httpx.TooManyRedirects: PERHAPS_SENT,
    ConnectionResetError: PERHAPS_SENT,
}

Handler = Callable[[httpx.Request], httpx.Response]


def a_client(handler, base_url: str = "https://service.example") -> ServiceClient:
    return ServiceClient(
        "Service",
        base_url,
        headers={"X-API-Key": SECRET},
        secrets=[SECRET],
        transport=httpx.MockTransport(handler),
    )


def answering(status: int, **parts) -> Handler:
    return lambda request: httpx.Response(status, **parts)


def raising(error: Exception) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        raise error

    return handle


async def failure_of(client: ServiceClient, call: str) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        await CALLS[call](client)
    await client.close()
    return caught.value
