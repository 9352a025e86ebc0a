"""How long the event loop stands still while something runs."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any

_STEP = 0.001  # seconds between looks


async def longest_stall(work: Awaitable[Any]) -> float:
    """The longest time, in seconds, that a task which sleeps 1 ms was kept from waking."""
    gaps = [0.0]
    watch = asyncio.create_task(_watch(gaps))
    try:
        await work
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
    return max(gaps)


async def _watch(gaps: list[float]) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        slept = clock()
        await asyncio.sleep(_STEP)
        gaps[0] = max(gaps[0], clock() - slept - _STEP)
