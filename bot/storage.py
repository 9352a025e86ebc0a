"""The bytes of posts: a folder or a bucket, every file under the hash of its content, and beside it
a small picture of it (`bot.glimpse`).
"""

import asyncio
import shutil
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from bot import arrival
from bot.arrival import Arrival, arriving, not_stored
from bot.depot import is_bucket_public, open_depot
from bot.domain.media import Media

if TYPE_CHECKING:
    from obstore import GetOptions, ReadableFile

_PIECE = (
    1 << 18
)  # bytes read at once: four times as many fill four times as much, and are no faster
_PARTS_AT_ONCE = 2
_PART = 5 << 20  # bytes of one; a bucket takes 10,000 of them


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """The name of a file in the storage."""

    server_id: int
    sha256: str
    extension: str

    @property
    def path(self) -> str:
        """Where it lies."""
        return f"{self.server_id}/{self.sha256}.{self.extension}"

    @property
    def glimpse_path(self) -> str:
        """Where the small picture of it lies."""
        return f"{self.server_id}/{self.sha256}.glimpse.jpg"


class Storage:
    """Keeps files of a server; `url` is `file:` and a folder, or `s3://bucket/prefix`.

    What is asked of it raises FileNotFoundError for a file that is not there, another OSError where
    the store does not answer.

    Raises SetupError where none can be kept there.
    """

    def __init__(self, url: str) -> None:
        depot = open_depot(url)
        self._store, self._folder, self._arriving = depot.store, depot.folder, depot.arriving
        self._one_at_a_time = asyncio.Semaphore()

    def receive(
        self, filename: str, pieces: AsyncIterable[bytes]
    ) -> AbstractAsyncContextManager[Arrival]:
        """Take a file in and measure it; see `bot.arrival.arriving`. It is kept by `put`."""
        return arriving(self._arriving, filename, pieces, self._one_at_a_time)

    async def put(self, server_id: int, arrived: Arrival) -> None:
        """Keep a file that arrived, unless the same bytes are kept already. Raises InputError where
        the storage does not take it.
        """
        kept = name_of(server_id, arrived.media)
        try:
            if arrived.glimpse:
                await obstore.put_async(self._store, kept.glimpse_path, arrived.glimpse)
            if not await self.has(server_id, arrived.media):
                await self._put(arrived.path, kept)
        except (BaseError, OSError) as error:  # its words may quote credentials
            raise not_stored(arrived.media.filename, error) from None

    async def _put(self, path: Path, kept: Kept) -> None:
        if self._folder:  # it lies on the same disk, so that a move is enough
            await asyncio.to_thread(_move, path, self._folder / kept.path)
        else:
            # A large one piece by piece: the library itself would read parts ahead and copy them.
            size = (await asyncio.to_thread(path.stat)).st_size
            source = path if size <= _PART else _pieces(path)
            await obstore.put_async(
                self._store, kept.path, source, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE
            )

    async def read(self, server_id: int, media: Media) -> bytes:
        """All bytes of a file; raises FileNotFoundError."""
        return await self._read(name_of(server_id, media).path)

    async def glimpse(self, server_id: int, media: Media) -> bytes | None:
        """The small picture of a file, or None where there is none."""
        try:
            return await self._read(name_of(server_id, media).glimpse_path)
        except FileNotFoundError:
            return None

    async def has(self, server_id: int, media: Media) -> bool:
        """Whether a file is there, whole."""
        try:
            return await self.size(name_of(server_id, media)) == media.size
        except FileNotFoundError:
            return False

    async def size(self, kept: Kept) -> int:
        """How many bytes a file has; raises FileNotFoundError."""
        with _answering():
            return (await obstore.head_async(self._store, kept.path))["size"]

    async def stream(
        self, kept: Kept, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes of a file in pieces, from `start` up to but not with `end`; raises
        FileNotFoundError.
        """
        options: GetOptions = {"range": {"offset": start}} if start else {}
        if end is not None:
            options = {"range": (start, end)}
        with _answering():
            result = await obstore.get_async(self._store, kept.path, options=options)
            async for piece in result.stream(min_chunk_size=_PIECE):
                yield bytes(piece)

    def seekable(self, kept: Kept) -> "ReadableFile":
        """A file to be read anywhere in it, in a thread; raises FileNotFoundError."""
        with _answering():
            return obstore.open_reader(self._store, kept.path, buffer_size=_PIECE)

    @property
    def gives_links(self) -> bool:
        """Whether others can fetch files from the bucket itself, by links that it signs."""
        return isinstance(self._store, S3Store) and is_bucket_public()

    async def link(self, kept: Kept, lifetime: timedelta) -> str:
        """A link to a file in the bucket, which ends after a while."""
        assert isinstance(self._store, S3Store)  # noqa: S101 - `gives_links` was asked before
        return await obstore.sign_async(self._store, "GET", kept.path, lifetime)

    async def remove(self, files: Iterable[Kept]) -> None:
        """Remove files with their glimpses; what is gone already is no error."""
        paths = [path for kept in files for path in (kept.path, kept.glimpse_path)]
        with _answering():
            try:
                await obstore.delete_async(self._store, paths)
            except FileNotFoundError:
                for path in paths:  # a folder stops at the first that is not there
                    await self._remove(path)

    async def _remove(self, path: str) -> None:
        try:
            await obstore.delete_async(self._store, path)
        except FileNotFoundError:
            return

    async def state(self) -> str:
        """Whether files can be kept, for the operator: where, and how much room there is."""
        if self._folder:
            room = await asyncio.to_thread(shutil.disk_usage, self._folder)
            return f"a folder on a disk with {room.free / 1e9:.1f} GB free"
        try:
            await self.size(Kept(server_id=0, sha256="nothing", extension="jpg"))
        except FileNotFoundError:
            pass
        except OSError as error:
            return f"a bucket. {error} Check MEDIA_URL."
        return "a bucket, which answers"

    async def forget_arrivals(self) -> None:
        """Remove what was on its way in when a process was killed."""
        await asyncio.to_thread(arrival.forget, self._arriving)

    async def _read(self, path: str) -> bytes:
        with _answering():
            result = await obstore.get_async(self._store, path)
            return bytes(await result.bytes_async())


@contextmanager
def _answering() -> Generator[None]:
    """What the store raises as an OSError, without its words, which may quote credentials."""
    try:
        yield
    except BaseError as error:
        raise OSError(f"Where files are kept does not answer ({type(error).__name__}).") from None


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, _PIECE):
            yield piece


def _move(path: Path, to: Path) -> None:
    to.parent.mkdir(exist_ok=True)
    path.replace(to)


def name_of(server_id: int, media: Media) -> Kept:
    """The name of a server's file in the storage."""
    return Kept(server_id=server_id, sha256=media.sha256, extension=media.extension)
