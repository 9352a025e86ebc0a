"""One post at a time for each server: OpenShorts answers nobody while it hands a video on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary, WeakValueDictionary

from bot.errors import TryLaterError

LONGEST_TURN = 60.0
"""Seconds a post waits for the one before it; a longer wait is told instead."""

_Locks = WeakValueDictionary[str, asyncio.Lock]

# By event loop, because a lock belongs to the loop it first waited in; by address, because
# several connections may lead to one server.
_LOCKS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Locks] = WeakKeyDictionary()


@asynccontextmanager
async def turn(address: str) -> AsyncGenerator[None]:
    """Have the server at an address for one post. Raises TryLaterError when it stays busy."""
    locks = _LOCKS.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    lock = locks.get(address) or locks.setdefault(address, asyncio.Lock())
    try:
        async with asyncio.timeout(LONGEST_TURN):
            await lock.acquire()
    except TimeoutError:
        raise TryLaterError("The OpenShorts server is busy with another post.") from None
    try:
        yield
    finally:
        lock.release()
