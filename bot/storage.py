"""The bytes of posts: a folder or a bucket, every file under the hash of its content."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import obstore
import puremagic
from obstore.store import LocalStore, ObjectStore, from_url

from bot.domain.media import EXTENSIONS, Media
from bot.errors import InputError, Problem

_HEAD = 65_536  # bytes that tell a file's type; every signature we take stands in its beginning
_ALIASES = {"video/avi": "video/x-msvideo"}
_MP4_BRANDS = {b"avc1", b"dash", b"iso2", b"iso4", b"iso5", b"iso6", b"isom", b"mp41", b"mp42"}


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
        """Store a file under its hash, its type told by its content. Raises InputError."""
        sha256, content_type = await asyncio.to_thread(_identify, filename, data)
        media = Media(sha256=sha256, content_type=content_type, size=len(data), filename=filename)
        await obstore.put_async(self._store, _path(server_id, sha256, media.extension), data)
        return media

    async def read(self, server_id: int, media: Media) -> bytes:
        """All bytes of a file; raises FileNotFoundError."""
        path = _path(server_id, media.sha256, media.extension)
        result = await obstore.get_async(self._store, path)
        return bytes(await result.bytes_async())

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


def _identify(filename: str, data: bytes) -> tuple[str, str]:
    content_type = _content_type(data)
    if content_type not in EXTENSIONS:
        raise InputError(
            [
                Problem(
                    field="Media",
                    message=f"the file {filename} is {content_type}, which no service takes.",
                    remedy=f"Give one of {', '.join(sorted(set(EXTENSIONS.values())))}.",
                )
            ]
        )
    return hashlib.sha256(data).hexdigest(), content_type


def _content_type(data: bytes) -> str:
    try:
        found = puremagic.from_string(  # pyright: ignore[reportUnknownMemberType]
            data[:_HEAD], mime=True
        )
    except (puremagic.PureError, ValueError):
        found = ""
    if not found:
        return "video/mp4" if _is_mp4(data) else "of an unknown type"
    return _ALIASES.get(found, found)


def _is_mp4(data: bytes) -> bool:
    """Whether the file calls itself MP4 video in a way puremagic does not know.

    An ISO 14496-12 file begins with a box `ftyp` of brands, the major one first.
    """
    if data[4:8] != b"ftyp" or data[8:11] == b"M4A":
        return False
    box = data[8 : min(int.from_bytes(data[:4], "big"), 256)]
    return any(box[at : at + 4] in _MP4_BRANDS for at in range(0, len(box), 4))
