"""A running simulated Genviral, with files to publish and calls to make."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.services.base import Pace
from sandbox.services.genviral.accounts import ACCOUNTS
from sandbox.services.genviral.service import Genviral
from tests.sandbox.services_bench import files_served, serve

KEY = "gva_test_1.secret"
QUICK = Pace(processing=0.03, public=0.03, slow=0.2)
(
    YOUTUBE,
    TIKTOK,
    HOSTED,
    INSTAGRAM,
    PINTEREST,
    X,
    X_PREMIUM,
    LINKEDIN,
    FACEBOOK,
    BLUESKY,
    REVOKED,
) = (account.id for account in ACCOUNTS)


class Service:
    """A running simulator and calls to it."""

    def __init__(self, folder: Path, files: str) -> None:
        self.folder, self.files = folder, files
        self.changes = 0

    async def start(self, pace: Pace = QUICK) -> None:
        self.simulator = Genviral(self.folder, KEY, pace=pace)
        self.simulator.on_change = self._changed
        self._runner, self.address = await serve(self.simulator.app())
        self.session = aiohttp.ClientSession()

    async def stop(self) -> None:
        await self.session.close()
        await self._runner.cleanup()

    def _changed(self) -> None:
        self.changes += 1

    async def call(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {KEY}", **parts.pop("headers", {})}
        url = f"{self.address}/api/partner/v1/{path}"
        async with self.session.request(method, url, headers=headers, **parts) as response:
            return response.status, await response.json()

    def video(self, seconds: float | None = 30, name: str = "v.mp4") -> dict[str, Any]:
        length = {} if seconds is None else {"duration_sec": seconds}
        return {"type": "video", "url": f"{self.files}/{name}", **length}

    def slides(self, *names: str) -> dict[str, Any]:
        return {"type": "slideshow", "urls": [f"{self.files}/{name}" for name in names]}

    async def post(self, who: str | Sequence[str], /, **fields: Any) -> tuple[int, Any]:
        ids = [who] if isinstance(who, str) else who
        body = {"caption": "Hello", "accounts": [{"id": id_} for id_ in ids], **fields}
        return await self.call("POST", "posts", json=body)

    async def posted(self, who: str | Sequence[str], /, **fields: Any) -> str:
        """The id of a post that is accepted."""
        code, reply = await self.post(who, **fields)
        assert code in (200, 201), reply
        return reply["data"]["id"]

    async def read(self, post_id: str) -> dict[str, Any]:
        code, reply = await self.call("GET", f"posts/{post_id}")
        assert code == 200, reply
        return reply["data"]

    async def until(self, post_id: str, *words: str) -> dict[str, Any]:
        return await self.until_so(post_id, lambda data: data["status"] in words)

    async def until_so(
        self, post_id: str, wanted: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        deadline = time.monotonic() + 5
        while not wanted(data := await self.read(post_id)):
            assert time.monotonic() < deadline, data
            await asyncio.sleep(0.01)
        return data

    def posts(self, account_id: str) -> list[Any]:
        return list(next(item.posts for item in self.simulator.feed() if item.id == account_id))


@asynccontextmanager
async def genviral_served(folder: Path) -> AsyncIterator[Service]:
    """Serve a simulator on a free port, and files for it."""
    async with files_served() as files:
        service = Service(folder, files)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()


def ahead(**parts: float) -> str:
    """A time from now, as it is sent."""
    return (datetime.now(UTC) + timedelta(**parts)).isoformat()
