"""How often Discord is called: always below its limit, so that it never has to refuse a call."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace

import aiohttp
import yarl

CALLS_A_SECOND, AT_ONCE = 35, 10
"""Discord allows a bot 50 calls a second (its documentation, "Global Rate Limit"); after a rest
`AT_ONCE` go out together. In any second fewer than 50 arrive, though some are slower than others.
"""

_UNCOUNTED = ("/interactions/", "/webhooks/")
"""Answers to people do not count to that limit, and nobody waits for them."""


class Turns:
    """Gives calls their turn in the order in which they ask: so many a second, and after a rest so
    many at once.
    """

    def __init__(self, a_second: float, *, at_once: int = 1) -> None:
        self._gap = 1 / a_second
        self._saved = (at_once - 1) * self._gap
        self._next = 0.0

    async def turn(self) -> None:
        """Wait until one more call fits."""
        if wait := self.take(asyncio.get_running_loop().time()):
            await asyncio.sleep(wait)

    def take(self, now: float) -> float:
        """Take the next turn at a moment of a clock that never goes back; the seconds until it."""
        at = max(self._next, now - self._saved)
        self._next = at + self._gap
        return max(0.0, at - now)


def trace(root: Callable[[], str]) -> aiohttp.TraceConfig:
    """What has every call under Discord's `root` wait for its turn: a hook of aiohttp's, which
    discord.py takes.
    """
    turns = Turns(CALLS_A_SECOND, at_once=AT_ONCE)

    async def wait(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        call: aiohttp.TraceRequestStartParams,
    ) -> None:
        if _counts(yarl.URL(root()), call.url):
            await turns.turn()

    config = aiohttp.TraceConfig()
    config.on_request_start.append(wait)
    return config


def _counts(root: yarl.URL, url: yarl.URL) -> bool:
    path = url.path.removeprefix(root.path)
    return url.origin() == root.origin() and not path.startswith(_UNCOUNTED)
