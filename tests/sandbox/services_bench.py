"""A running simulated WAHDX, with files to publish and calls to make."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.services.base import Pace
from sandbox.services.wahdx.accounts import ACCOUNTS
from sandbox.services.wahdx.service import Wahdx

KEY = "sk_test"
QUICK = Pace(processing=0.05, public=0.05, slow=0.2)
JPEG = b"\xff\xd8\xff\xe0" + b"j" * 100
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"v" * 200_000
FILES = {
    "a.jpg": (JPEG, "image/jpeg"),
    "b.jpg": (JPEG + b"b", "image/jpeg"),
    "v.mp4": (MP4, "video/mp4"),
    "disguised.mp4": (JPEG, "video/mp4"),
    "mislabelled.jpg": (JPEG, "text/plain"),
}
TIKTOK, TIKTOK_2, INSTAGRAM, THREADS, FACEBOOK, EXPIRED = (account.id for account in ACCOUNTS)
PUBLIC = {"privacy_level": "PUBLIC_TO_EVERYONE"}


async def serve(app: web.Application) -> tuple[web.AppRunner, str]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@asynccontextmanager
async def files_served() -> AsyncIterator[str]:
    """Serve the files on a free port."""

    async def give(request: web.Request) -> web.Response:
        if request.match_info["name"] not in FILES:
            raise web.HTTPNotFound
        body, content_type = FILES[request.match_info["name"]]
        return web.Response(body=body, content_type=content_type)

    app = web.Application()
    app.router.add_get("/{name}", give)
    runner, address = await serve(app)
    try:
        yield address
    finally:
        await runner.cleanup()


class Service:
    """A running simulator and calls to it."""

    def __init__(self, folder: Path, files: str) -> None:
        self.folder, self.files = folder, files
        self.changes = 0

    async def start(self, pace: Pace = QUICK) -> None:
        self.simulator = Wahdx(self.folder, KEY, pace=pace)
        self.simulator.on_change = self._changed
        self._runner, self.address = await serve(self.simulator.app())
        self._session = aiohttp.ClientSession(headers={"X-API-Key": KEY})

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def _changed(self) -> None:
        self.changes += 1

    async def call(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        url = f"{self.address}/api/content/{path}"
        async with self._session.request(method, url, **parts) as response:
            return response.status, await response.json()

    async def post(self, account_id: str, *names: str, **fields: Any) -> tuple[int, Any]:
        account = next(account for account in ACCOUNTS if account.id == account_id)
        items = [{"url": f"{self.files}/{name}"} for name in names]
        body = {"platform": account.platform, "accountId": account_id, "content": "Hello"}
        return await self.call("POST", "post", json=body | {"mediaItems": items} | fields)

    async def status(self, account_id: str, publish_id: str, query: str = "") -> dict[str, Any]:
        code, body = await self.call("GET", f"status/{account_id}/{publish_id}{query}")
        assert code == 200, body
        return body["data"]

    async def until(
        self, account_id: str, publish_id: str, wanted: Callable[[dict[str, Any]], Any]
    ) -> dict[str, Any]:
        deadline = time.monotonic() + 5
        while not wanted(data := await self.status(account_id, publish_id, "?mediaType=video")):
            assert time.monotonic() < deadline, data
            await asyncio.sleep(0.01)
        return data

    def posts(self, account_id: str) -> list[Any]:
        return list(next(item.posts for item in self.simulator.feed() if item.id == account_id))


@asynccontextmanager
async def wahdx_served(folder: Path) -> AsyncIterator[Service]:
    """Serve a simulator on a free port, and files for it."""
    async with files_served() as files:
        service = Service(folder, files)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()
