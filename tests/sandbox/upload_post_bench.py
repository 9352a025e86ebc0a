"""A running simulated Upload-Post, with files to publish and calls to make."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from sandbox.services.upload_post.service import UploadPost
from tests.sandbox.services_bench import QUICK, files_served, serve

KEY = "upload-post-key"
VIDEO, PHOTOS, TEXT = "upload", "upload_photos", "upload_text"


def in_future(**ahead: float) -> str:
    """A time from now, as it is sent."""
    return (datetime.now(UTC) + timedelta(**ahead)).strftime("%Y-%m-%dT%H:%M:%S")


class Service:
    """A running simulator and calls to it."""

    def __init__(self, folder: Path, files: str) -> None:
        self.folder, self.files = folder, files

    async def start(self) -> None:
        self.simulator = UploadPost(self.folder, KEY, pace=QUICK)
        self._runner, self.address = await serve(self.simulator.app())
        self._session = aiohttp.ClientSession(headers={"Authorization": f"Apikey {KEY}"})

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def call(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        url = f"{self.address}/api/{path}"
        async with self._session.request(method, url, **parts) as response:
            return response.status, await response.json()

    async def page(self, url: str) -> tuple[int, str]:
        async with self._session.get(url) as response:
            return response.status, await response.text()

    async def send(
        self,
        path: str,
        platforms: Sequence[str],
        *,
        media: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> tuple[int, Any]:
        """Send a form; a field that is a list comes several times, None leaves it out."""
        form = aiohttp.FormData(quote_fields=False)
        every: dict[str, Any] = {"user": "harbour", "title": "Hello", "platform[]": platforms}
        every |= {"async_upload": "true"}
        name = {VIDEO: "video", PHOTOS: "photos[]"}.get(path, "")
        every |= {name: [f"{self.files}/{item}" for item in media]} if media else {}
        for field, value in (every | fields).items():
            for item in value if isinstance(value, list | tuple) else [value]:
                if item is not None:
                    form.add_field(field, str(item), content_type="text/plain")
        return await self.call("POST", path, data=form, headers=headers or {})

    async def until(
        self, question: Mapping[str, str], wanted: Callable[[Any], Any]
    ) -> dict[str, Any]:
        """Ask for the status until it is as wanted."""
        deadline = time.monotonic() + 5
        while True:
            _, body = await self.call("GET", "uploadposts/status", params=question)
            if wanted(body):
                return body
            assert time.monotonic() < deadline, body
            await asyncio.sleep(0.01)

    async def over(self, **question: str) -> dict[str, Any]:
        """The status when every platform is done."""
        return await self.until(question, lambda body: body["status"] in ("completed", "failed"))

    def posts(self, account: str) -> list[Any]:
        return list(next(item.posts for item in self.simulator.feed() if item.id == account))


@asynccontextmanager
async def upload_post_served(folder: Path) -> AsyncIterator[Service]:
    """Serve a simulator on a free port, and files for it."""
    async with files_served() as files:
        service = Service(folder, files)
        await service.start()
        try:
            yield service
        finally:
            await service.stop()
