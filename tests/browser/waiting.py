"""Waiting for something to become so."""

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

STEP = 0.02  # seconds between looks


async def until(condition: Callable[[], Any], seconds: float = 15) -> Any:
    """Return the condition's first true answer, awaited if need be; fail after the seconds."""
    found: Any = None
    for _ in range(int(seconds / STEP)):
        found = condition()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(STEP)
    raise AssertionError(f"Still {found!r} after {seconds} s")
