"""Reading a file from an address that people gave: public hosts only, after DNS and after every
redirect; bounded in size and time; streamed.
"""

import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus
from urllib.parse import unquote, urljoin, urlsplit

from bot.domain.media import MAX_SIZE
from bot.errors import ContentRejectedError, ProviderError, TryLaterError
from providers.guard import Guard
from providers.wire import TROUBLE, Opened, Transport, Wire

MOST_REDIRECTS = 5
READ_SECONDS, TOTAL_SECONDS = 30.0, 600.0
"""How long the next byte, and the whole file, may take. Discord lets us answer for 15 minutes."""

_HEADERS = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Copydesk"}
_PAGES = ("text/html", "application/xhtml+xml")
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What an address leads to: a name for the file, whether it is a web page, its bytes once."""

    filename: str
    is_page: bool
    pieces: AsyncIterator[bytes]


class Fetcher:
    """Fetches files; `private_hosts` are those in private networks that may be asked too."""

    def __init__(
        self, private_hosts: Iterable[str] = (), *, transport: Transport | None = None
    ) -> None:
        self._guard = Guard(private_hosts)
        self._transport = transport

    @asynccontextmanager
    async def open(self, url: str) -> AsyncGenerator[Found]:
        """Ask for a file. Raises ContentRejectedError for what is refused, TryLaterError for what
        may work another time; the bytes raise the same.
        """
        until = time.monotonic() + TOTAL_SECONDS
        for _ in range(MOST_REDIRECTS + 1):
            # Connections are not kept: the next one to the same address may be to another host.
            wire = Wire(url, self._guard, self._transport)
            try:
                async with wire.open(url, headers=_HEADERS, read_seconds=READ_SECONDS) as opened:
                    if opened.is_redirect:
                        url = _next(url, opened)
                        continue
                    _check(url, opened)
                    yield Found(
                        filename=_filename(url, opened),
                        is_page=opened.content_type in _PAGES,
                        pieces=_pieces(url, opened, until),
                    )
                    return
            except TROUBLE as error:
                raise _unreachable(url, error) from None
            finally:
                await wire.close()
        raise ContentRejectedError(
            f"{_host(url)} leads on and on.", remedy="Give the address of the file itself."
        )

    async def stream(self, url: str) -> AsyncIterator[bytes]:
        """The bytes behind an address in pieces; raises as `open` does."""
        async with self.open(url) as found:
            async for piece in found.pieces:
                yield piece


async def _pieces(url: str, opened: Opened, until: float) -> AsyncIterator[bytes]:
    try:
        async for piece in opened.pieces:
            if time.monotonic() > until:
                raise TryLaterError(
                    f"{_host(url)} took more than {TOTAL_SECONDS / 60:.0f} minutes."
                )
            yield piece
    except ProviderError:
        raise
    except TROUBLE as error:
        raise _unreachable(url, error) from None


def _next(url: str, opened: Opened) -> str:
    found = urljoin(url, opened.headers.get("location", ""))
    if urlsplit(found).scheme not in ("http", "https"):
        raise ContentRejectedError(
            f"{_host(url)} leads to something that is no web address.",
            remedy="Give the address of the file itself.",
        )
    return found


def _check(url: str, opened: Opened) -> None:
    host, status = _host(url), opened.status
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ContentRejectedError(
            f"{host} does not give the file to everyone ({status}).",
            remedy="Share it so that everyone with the link may see it, or upload it here.",
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryLaterError(f"{host} cannot give the file now ({status}).")
    if status != HTTPStatus.OK:
        raise ContentRejectedError(
            f"{host} has no such file ({status}).", remedy="See whether the link is whole."
        )
    if opened.headers.get("content-encoding", "identity").lower() != "identity":
        raise ContentRejectedError(
            f"{host} gives the file packed.", remedy="Download it, and upload it here."
        )
    if (size := opened.size) is not None and size > MAX_SIZE:
        raise ContentRejectedError(
            f"the file has {size / 1e9:.1f} GB; {MAX_SIZE / 1e9:.0f} GB are taken.",
            remedy="Make it smaller.",
        )


def _filename(url: str, opened: Opened) -> str:
    """The name the server gives the file (RFC 6266), else the last part of its address."""
    header = Message()
    header["Content-Disposition"] = opened.headers.get("content-disposition", "")
    given = header.get_filename() or unquote(urlsplit(url).path).rpartition("/")[2]
    return _UNFIT.sub(" ", given).strip()[-100:] or "file"


def _unreachable(url: str, error: Exception) -> TryLaterError:
    # Without its words, which may quote the address and what is secret in it.
    return TryLaterError(f"{_host(url)} could not be read ({type(error).__name__}).")


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the address"
