"""A film of any size over real sockets, and those that take one: a service, a bucket. None holds it."""

import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from struct import pack

from aiohttp import web
from typing_extensions import override

from tests.bucket import Bucket, serving
from tests.pictures import video

_PIECE = bytes(1 << 18)


class Giver(Bucket):
    """Gives a film in 4K, which is followed by as much of nothing as its size asks for, and counts the
    bytes that are brought: `taken`, by where they were.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        film = video("mp4", 3840, 2160, seconds=1, rate=2)
        # ISO 14496-12: a box that is to be skipped, its size in 64 bits.
        self._head = film + pack(">I4sQ", 1, b"free", size - len(film))
        self.size = size
        self.sha256 = ""
        """The hash of what was given last, known when it was given whole."""
        self.taken = Counter[str]()

    @override
    def app(self) -> web.Application:
        app = super().app()
        app.router.add_get("/film.mp4", self._film)
        app.router.add_post("/upload", self._upload)
        return app

    async def _film(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(self.size)})
        await response.prepare(request)
        hasher = hashlib.sha256()
        for piece in self._pieces(0, self.size):
            hasher.update(piece)
            await response.write(piece)
        self.sha256 = hasher.hexdigest()
        return response

    async def _upload(self, request: web.Request) -> web.Response:
        await self._count(request, "upload")
        return web.json_response({})

    @override
    async def _object(self, request: web.Request) -> web.StreamResponse:
        if request.method != "PUT" or "partNumber" not in request.query:
            return await super()._object(request)
        await self._count(request, "bucket")
        self.parts[request.match_info["key"]][int(request.query["partNumber"])] = b""
        return web.Response(headers={"ETag": '"x"'})

    @override
    async def _given(self, request: web.Request, key: str) -> web.StreamResponse:
        if key not in self.objects or not key.endswith(".mp4"):
            return await super()._given(request, key)
        start, end, _ = request.http_range.indices(self.size)
        response = web.StreamResponse(
            status=206,
            headers={
                "ETag": '"x"',
                "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT",
                "Content-Length": str(end - start),
                "Content-Range": f"bytes {start}-{end - 1}/{self.size}",
            },
        )
        await response.prepare(request)
        if request.method == "GET":
            for piece in self._pieces(start, end):
                await response.write(piece)
        return response

    def _pieces(self, start: int, end: int) -> Iterator[bytes]:
        at = start
        if at < len(self._head):
            yield (head := self._head[at:end])
            at += len(head)
        while at < end:
            yield (piece := _PIECE[: end - at])
            at += len(piece)

    async def _count(self, request: web.Request, where: str) -> None:
        async for piece in request.content.iter_any():
            self.taken[where] += len(piece)


@asynccontextmanager
async def giving(size: int) -> AsyncIterator[tuple[Giver, str]]:
    """Serve a film of so many bytes; who gives it, and the address."""
    giver = Giver(size)
    async with serving(giver) as address:
        yield giver, address
