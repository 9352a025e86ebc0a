"""Fetching media as a service does: over HTTP, bounded, and believing neither name nor header."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import aiohttp

MAX_BYTES = 500_000_000
TIMEOUT = aiohttp.ClientTimeout(total=60)

# Extension: kind, content types.
FORMATS: dict[str, tuple[str, frozenset[str]]] = {
    "jpg": ("photo", frozenset({"image/jpeg"})),
    "jpeg": ("photo", frozenset({"image/jpeg"})),
    "png": ("photo", frozenset({"image/png"})),
    "webp": ("photo", frozenset({"image/webp"})),
    "mp4": ("video", frozenset({"video/mp4"})),
    "mov": ("video", frozenset({"video/quicktime"})),
    "m4v": ("video", frozenset({"video/x-m4v", "video/mp4"})),
    "webm": ("video", frozenset({"video/webm"})),
    "avi": ("video", frozenset({"video/x-msvideo"})),
}


class UnreachableError(Exception):
    """The file could not be fetched."""


class WrongFormatError(Exception):
    """The file is not what its address says."""


def extension(url: str) -> str:
    """The extension of an address, which decides what the service takes it for."""
    return PurePosixPath(urlsplit(url).path).suffix.lower().removeprefix(".")


async def fetch(url: str, folder: Path) -> tuple[str, str]:
    """Fetch one file into the folder: its name there and its content type."""
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, raise_for_status=True) as session,
            session.get(url) as response,
        ):
            pieces = response.content.iter_chunked(1 << 16)
            return await keep(pieces, extension(url), response.content_type, folder)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        raise UnreachableError(f"{url}: {error or type(error).__name__}") from error


async def keep(
    pieces: AsyncIterator[bytes], suffix: str, content_type: str, folder: Path
) -> tuple[str, str]:
    """Keep a file that comes in pieces, if it is what its extension and content type say: its name
    in the folder and its content type.
    """
    digest, size, head = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part") as part:
        async for chunk in pieces:
            size += len(chunk)
            if size > MAX_BYTES:
                raise WrongFormatError(f"more than {MAX_BYTES} bytes")
            head = head or chunk[:16]
            digest.update(chunk)
            part.write(chunk)
        part.flush()
        _check(suffix, content_type, head)
        name = f"{digest.hexdigest()}.{suffix}"
        if not (folder / name).exists():
            (folder / name).hardlink_to(part.name)
    return name, content_type


def _check(suffix: str, content_type: str, head: bytes) -> None:
    if suffix not in FORMATS:
        raise WrongFormatError(f".{suffix} is no format of pictures or videos")
    if content_type not in FORMATS[suffix][1]:
        raise WrongFormatError(f"a .{suffix} address answers with {content_type}")
    if suffix not in _formats_of(head):
        raise WrongFormatError(f"the file is not .{suffix}")


def _formats_of(head: bytes) -> tuple[str, ...]:
    """The extensions the first bytes of a file allow."""
    if head.startswith(b"RIFF"):
        return {b"WEBP": ("webp",), b"AVI ": ("avi",)}.get(head[8:12], ())
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return ("mp4", "mov", "m4v")
    signatures = {
        b"\xff\xd8\xff": ("jpg", "jpeg"),
        b"\x89PNG\r\n\x1a\n": ("png",),
        b"\x1aE\xdf\xa3": ("webm",),
    }
    return next((found for mark, found in signatures.items() if head.startswith(mark)), ())
