"""A running simulated WayinVideo whose clock the test moves, and calls to it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.services.base import Pace
from sandbox.services.wayinvideo.service import WayinVideo
from tests.sandbox.services_bench import KEY, serve

QUICK = Pace(processing=0.02, public=0.02, slow=0.2)
SLOW = Pace(processing=100, public=100, slow=0.2)
YOUTUBE, TIKTOK, INSTAGRAM, FACEBOOK, X, LINKEDIN, EXPIRED = (
    f"smacct06harbour{number}" for number in range(1, 8)
)
HEADERS = {"Authorization": f"Bearer {KEY}", "x-wayinvideo-api-version": "v2"}
SOURCE = "https://www.youtube.com/watch?v=harbour"


class Service:
    """A running simulator whose clock the test moves, and calls to it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ahead, self.changes = folder, 0.0, 0

    def now(self) -> float:
        return time.time() + self.ahead

    async def start(self, pace: Pace = QUICK) -> None:
        self.simulator = WayinVideo(self.folder, KEY, pace=pace, now=self.now)
        self.simulator.on_change = self._changed
        self._runner, self.address = await serve(self.simulator.app())
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def _changed(self) -> None:
        self.changes += 1

    async def call(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        url = path if path.startswith("http") else f"{self.address}/api/v2/{path}"
        headers = parts.pop("headers", HEADERS)
        async with self._session.request(method, url, headers=headers, **parts) as response:
            is_json = response.content_type == "application/json"
            return response.status, await (response.json() if is_json else response.read())

    async def publish(self, configs: Any = None, **fields: Any) -> tuple[int, Any]:
        body = {"project_id": "prj06harbour", "idx": 0, "resolution": "1080p"}
        body["publish_configs"] = {X: {"description": "Hello"}} if configs is None else configs
        return await self.call("POST", "social-media/publish", json=body | fields)

    async def order(self, path: str = "clips", **fields: Any) -> str:
        body = {"video_url": SOURCE, "enable_export": True} | fields
        code, answer = await self.call("POST", path, json=body)
        assert code == 200, answer
        assert answer["data"]["status"] == "CREATED"
        return answer["data"]["id"]

    async def project(self, project_id: str, path: str = "clips") -> dict[str, Any]:
        code, answer = await self.call("GET", f"{path}/results/{project_id}")
        assert code == 200, answer
        return answer["data"]

    def posts(self, account_id: str) -> list[Any]:
        return list(next(item.posts for item in self.simulator.feed() if item.id == account_id))

    async def live(self, account_id: str) -> Any:
        deadline = time.monotonic() + 5
        while not (posts := self.posts(account_id)) or not posts[0].link:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        return posts[0]


@asynccontextmanager
async def wayinvideo_served(folder: Path, pace: Pace = QUICK) -> AsyncIterator[Service]:
    """Serve a simulator on a free port."""
    service = Service(folder)
    await service.start(pace)
    try:
        yield service
    finally:
        await service.stop()
