"""A file on its way in: written to disk piece by piece, hashed meanwhile, then measured there.

However large it is, no more than a piece of it is held in memory.
"""

import asyncio
import errno
import hashlib
import os
import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from bot.domain.media import MAX_SIZE, Media
from bot.errors import InputError, Problem

PIECE = 1 << 20
"""Bytes that are collected before a thread writes and hashes them: small ones cost a switch each."""

FORGOTTEN_SECONDS = 24 * 3600.0
"""After so long, what still lies where files arrive belongs to a process that was killed."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A file that arrived whole: where it lies until it is kept, what it is, a small picture of
    it (`bot.glimpse`, perhaps empty).
    """

    path: Path
    media: Media
    glimpse: bytes


@asynccontextmanager
async def arriving(
    folder: Path, filename: str, pieces: AsyncIterable[bytes], one_at_a_time: asyncio.Semaphore
) -> AsyncGenerator[Arrival]:
    """Take a file in; unless it was moved away in the meantime, it is gone afterwards.

    Files are measured `one_at_a_time`, since unpacking a picture takes memory. Raises InputError
    for what is too large, for which there is no room, or which no service takes, and whatever
    `pieces` raises.
    """
    path = folder / uuid4().hex
    try:
        sha256 = await _written(path, filename, pieces)
        async with one_at_a_time:
            arrival = await asyncio.to_thread(_measured, path, filename, sha256)
        yield arrival
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


def forget(folder: Path) -> None:
    """Remove what was on its way in when a process was killed."""
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - FORGOTTEN_SECONDS:
            path.unlink(missing_ok=True)


async def _written(path: Path, filename: str, pieces: AsyncIterable[bytes]) -> str:
    """Write a file down to the disk; its hash."""
    hasher, size, held = hashlib.sha256(), 0, bytearray()
    try:
        file = await asyncio.to_thread(path.open, "xb")
        with file:
            async for piece in pieces:
                size += len(piece)
                if size > MAX_SIZE:
                    raise _refused(
                        f"the file {filename} has more than {MAX_SIZE / 1e9:.0f} GB, "
                        "the most that any service takes.",
                        "Make it smaller.",
                    )
                held += piece
                if len(held) >= PIECE:
                    await asyncio.to_thread(_write, file, hasher.update, held)
                    held.clear()
            await asyncio.to_thread(_write, file, hasher.update, held)
            await asyncio.to_thread(os.fsync, file.fileno())
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise _no_room(filename) from error
    return hasher.hexdigest()


def _no_room(filename: str) -> InputError:
    """What is told when the disk is full."""
    return _refused(
        f"there is no room left for {filename} where Copydesk keeps files.",
        "Tell whoever runs Copydesk, and give the file again when there is room.",
    )


def not_stored(filename: str, error: Exception) -> InputError:
    """What is told when a file arrived, but could not be put where files are kept."""
    return _refused(
        f"{filename} could not be stored ({type(error).__name__}).",
        "Tell whoever runs Copydesk, and give the file again.",
    )


def _write(file: BinaryIO, update: Callable[[bytearray], None], piece: bytearray) -> None:
    update(piece)
    file.write(piece)
    file.flush()


def _measured(path: Path, filename: str, sha256: str) -> Arrival:
    # Loaded with the first file, in its thread: what reads pictures and videos fills 20 MB.
    from bot.probe import probe

    found = probe(filename, path)
    media = Media(
        sha256=sha256,
        content_type=found.content_type,
        size=path.stat().st_size,
        filename=filename,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        frame_rate=found.frame_rate,
        codec=found.codec,
    )
    return Arrival(path=path, media=media, glimpse=found.glimpse)


def _refused(message: str, remedy: str) -> InputError:
    return InputError([Problem(field="Media", message=message, remedy=remedy)])
