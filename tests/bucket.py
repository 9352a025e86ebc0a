"""A bucket over real sockets: as much of S3 as a storage needs, and what it was asked."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class Bucket:
    """Keeps objects in memory, by their keys; does not look at signatures."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[str] = []

    def app(self) -> web.Application:
        """The bucket called `bucket` as an application."""
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/bucket", self._objects)
        app.router.add_route("*", "/bucket/{key:.+}", self._object)
        return app

    async def _objects(self, request: web.Request) -> web.Response:
        keys = re.findall("<Key>(.*?)</Key>", await request.text())
        for key in keys:
            self.objects.pop(key, None)
        deleted = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        return _xml(f"<DeleteResult>{deleted}</DeleteResult>")

    async def _object(self, request: web.Request) -> web.StreamResponse:
        key, query = request.match_info["key"], request.query
        self.asked.append(f"{request.method} {' '.join(query)}".strip())
        match request.method:
            case "POST" if "uploads" in query:
                self.parts[key] = {}
                return _xml(
                    "<InitiateMultipartUploadResult><Bucket>bucket</Bucket>"
                    f"<Key>{key}</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>"
                )
            case "POST":
                parts = self.parts.pop(key)
                self.objects[key] = b"".join(parts[number] for number in sorted(parts))
                return _xml(
                    "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
                )
            case "PUT" if "partNumber" in query:
                self.parts[key][int(query["partNumber"])] = await request.read()
                return web.Response(headers={"ETag": '"x"'})
            case "PUT":
                self.objects[key] = await request.read()
                return web.Response(headers={"ETag": '"x"'})
            case _:
                return await self._given(request, key)

    async def _given(self, request: web.Request, key: str) -> web.StreamResponse:
        if key not in self.objects:
            return web.Response(status=404)
        whole = self.objects[key]
        wanted = request.http_range
        body = whole[wanted]
        headers = {"ETag": '"x"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
        if wanted == slice(None, None, 1):
            return web.Response(body=body, headers=headers)
        start = wanted.start or 0
        headers["Content-Range"] = f"bytes {start}-{start + len(body) - 1}/{len(whole)}"
        return web.Response(status=206, body=body, headers=headers)


def _xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="application/xml")


@asynccontextmanager
async def serving(bucket: Bucket) -> AsyncIterator[str]:
    """Serve a bucket on a free port; its endpoint."""
    runner = web.AppRunner(bucket.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
