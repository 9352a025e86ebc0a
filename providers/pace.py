"""How often a service may be called: its documented rate, and what its answers say is left."""

import asyncio
import hashlib
import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, time
from weakref import WeakKeyDictionary

from bot.errors import TryLaterError
from providers.answer import LONGEST_WAIT, retry_after

LONGEST_TURN = 60.0
"""Seconds a call waits for its turn; a longer wait is told instead."""

LONGEST_CLOSED = 60.0
"""Seconds a key is closed by one answer: a longer wait may be meant for one account alone, and is
told to the call that was refused."""


SHORT_WAIT = 2.0
"""Seconds until a closed key opens that are waited for: whoever was told to wait comes on time by
a clock of his own."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls in any stretch of so many seconds, for one key."""

    calls: int
    seconds: float


@dataclass(slots=True)
class _Key:
    """What is known of one key at one service, in moments of the monotonic clock; `turns` holds
    as many as may fall into one stretch.
    """

    turns: deque[float]
    closed_until: float = 0.0


class Pace:
    """Gives calls their turn; the same key shares one pace, whichever connections use it."""

    def __init__(self, service: str, secrets: Iterable[str], rate: Rate | None) -> None:
        secret = hashlib.sha256("\0".join(secrets).encode(errors="replace")).hexdigest()
        self._name = service, secret
        self._service = service
        self._rate = rate

    async def turn(self) -> None:
        """Wait for a turn. Raises TryLaterError when the service takes no calls now, or when the
        turn is more than LONGEST_TURN away.
        """
        key, now = self._key(), monotonic()
        rest = max(key.closed_until - now, 0.0)
        if rest > SHORT_WAIT:
            raise self._later("takes no more calls now", rest)
        wait = self._reserve(key, self._rate, now + rest) if self._rate else 0.0
        if rest + wait > 0:
            await asyncio.sleep(rest + wait)

    def heed(self, status: int, headers: Mapping[str, str]) -> None:
        """Note what an answer says: 429, or no call left, closes the key for the time it names."""
        wait = wait_told(status, headers)
        if wait is not None and (status == 429 or _nothing_left(headers)):
            self._key().closed_until = monotonic() + min(wait, LONGEST_CLOSED)

    def _reserve(self, key: _Key, rate: Rate, now: float) -> float:
        """Take the next free turn; the seconds until then."""
        is_full = len(key.turns) == rate.calls
        turn = max(now, key.turns[0] + rate.seconds) if is_full else now
        if turn - now > LONGEST_TURN:
            raise self._later(f"takes {rate.calls} calls in {rate.seconds:g} seconds", turn - now)
        key.turns.append(turn)  # the oldest leaves by itself
        return turn - now

    def _later(self, why: str, wait: float) -> TryLaterError:
        told = f"{self._service} {why}; it is tried again in {math.ceil(wait)} seconds."
        return TryLaterError(told, retry_after=wait)

    def _key(self) -> _Key:
        keys = _KEYS.setdefault(asyncio.get_running_loop(), {})
        return keys.setdefault(
            self._name, _Key(deque(maxlen=self._rate.calls if self._rate else 0))
        )


def wait_told(status: int, headers: Mapping[str, str]) -> float | None:
    """The seconds an answer asks to wait: its Retry-After, or else when its rate begins anew."""
    wait = retry_after(headers.get("retry-after"), datetime.now(UTC))
    if wait is None and (status == 429 or _nothing_left(headers)):
        wait = _until(headers.get("x-ratelimit-reset"))
    return wait


def _nothing_left(headers: Mapping[str, str]) -> bool:
    return headers.get("x-ratelimit-remaining", "").strip() == "0"


def _until(reset: str | None) -> float | None:
    """The seconds a reset header means: a wait, or a moment of the Unix clock in s or ms."""
    try:
        value = float(reset or "")
    except ValueError:
        return None
    if not math.isfinite(value) or value < 0:
        return None
    if value > 1e12:
        value /= 1000
    return min(max(value - time(), 0.0) if value > 1e9 else value, LONGEST_WAIT)


# By event loop, that is by process: a test has a loop of its own and so a fresh memory.
_KEYS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[tuple[str, str], _Key]] = (
    WeakKeyDictionary()
)
