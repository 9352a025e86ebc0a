"""The bytes of posts: a folder or a bucket, every file under the hash of its content."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from bot.domain.media import Media
from bot.probe import probe


class Storage:
    """Keeps files of a server; `url` is `file:` and a folder, or `s3://bucket/prefix`."""

    def __init__(self, url: str) -> None:
        self._store: ObjectStore
        if url.startswith("file:"):
            folder = Path(url.removeprefix("file:")).resolve()
            self._store = LocalStore(folder, mkdir=True)
        else:
            self._store = from_url(url)

    async def keep(self, server_id: int, filename: str, data: bytes) -> Media:
        """Store a file under its hash, measured by reading it. Raises InputError."""
        media = await asyncio.to_thread(_measure, filename, data)
        await obstore.put_async(self._store, _path(server_id, media.sha256, media.extension), data)
        return media

    async def read(self, server_id: int, media: Media) -> bytes:
        """All bytes of a file; raises FileNotFoundError."""
        path = _path(server_id, media.sha256, media.extension)
        result = await obstore.get_async(self._store, path)
        return bytes(await result.bytes_async())

    async def has(self, server_id: int, media: Media) -> bool:
        """Whether a file is there, whole."""
        path = _path(server_id, media.sha256, media.extension)
        try:
            found = await obstore.head_async(self._store, path)
        except FileNotFoundError:
            return False
        return found["size"] == media.size

    async def stream(
        self, server_id: int, sha256: str, extension: str
    ) -> tuple[int, AsyncIterator[bytes]]:
        """A file's size in bytes and its bytes in pieces; raises FileNotFoundError."""
        result = await obstore.get_async(self._store, _path(server_id, sha256, extension))
        return result.meta["size"], _pieces(result)


async def _pieces(result: "obstore.GetResult") -> AsyncIterator[bytes]:
    async for piece in result.stream():
        yield bytes(piece)


def _path(server_id: int, sha256: str, extension: str) -> str:
    return f"{server_id}/{sha256}.{extension}"


def _measure(filename: str, data: bytes) -> Media:
    found = probe(filename, data)
    return Media(
        sha256=hashlib.sha256(data).hexdigest(),
        content_type=found.content_type,
        size=len(data),
        filename=filename,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        frame_rate=found.frame_rate,
        codec=found.codec,
    )
