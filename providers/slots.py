"""How many calls the process has in flight, over all connections to all services."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

from bot.errors import TryLaterError

MAX_CALLS = 20  # httpx slows down above it (encode/httpx #3215)
SLOT_SECONDS = 30.0  # the longest wait for one of these


@asynccontextmanager
async def slot(service: str) -> AsyncGenerator[None]:
    """Take a slot for a call. Raises TryLaterError when none becomes free."""
    # By event loop, because a semaphore belongs to the loop that first waited for it.
    slots = _SLOTS.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(MAX_CALLS))
    try:
        async with asyncio.timeout(SLOT_SECONDS):
            await slots.acquire()
    except TimeoutError:
        raise TryLaterError(f"Too many calls are in flight; {service} waits.") from None
    try:
        yield
    finally:
        slots.release()


_SLOTS: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
