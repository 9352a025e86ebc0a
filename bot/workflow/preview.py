"""A picture of what a post shows: the first picture of its video, or its photos on one sheet."""

import asyncio
import logging
from collections.abc import Sequence

from bot import glimpse
from bot.domain.media import Media
from bot.errors import InputError
from bot.storage import name_of
from bot.workflow.desk import Desk

log = logging.getLogger(__name__)

LARGEST_READ_AGAIN = 300_000_000
"""Bytes of a file that came before there were glimpses, and is read once more to make one."""


async def picture(desk: Desk, server_id: int, media: Sequence[Media]) -> bytes | None:
    """A JPEG of at most 200 KB and 1,280 pixels that shows these files in order; None where none
    of them can be shown.
    """
    found = [await of_file(desk, server_id, item) for item in media]
    shown = [item for item in found if item]
    return await asyncio.to_thread(glimpse.sheet, shown) if shown else None


async def of_file(desk: Desk, server_id: int, media: Media) -> bytes | None:
    """A small JPEG of one file, or None; it was drawn when the file came."""
    try:
        known = await desk.storage.glimpse(server_id, media)
        if known is None and media.size <= LARGEST_READ_AGAIN:
            return await _drawn_again(desk, server_id, media)
    except (OSError, InputError) as error:
        log.warning("No picture of the file %s: %s", media.sha256, error)
        return None
    return known


async def _drawn_again(desk: Desk, server_id: int, media: Media) -> bytes | None:
    pieces = desk.storage.stream(name_of(server_id, media))
    async with desk.storage.receive(media.filename, pieces) as arrived:
        await desk.storage.put(server_id, arrived)
    return arrived.glimpse or None
