"""What can be made to go wrong with requests: rate limits, chosen failures."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

RESET = "reset"


@dataclass
class Fault:
    """One failure that waits for its requests; `after` lets the request be done first."""

    method: str
    path: re.Pattern[str]
    effect: int | str  # an HTTP status, or "reset" for a dropped connection
    times: int
    after: bool


class Faults:
    """Decides, request by request, what fails."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: list[Fault] = []
        self.requests_per_second: int | None = None  # None: no limit
        self.refused = 0  # requests that were one too many
        self._window_start = 0.0
        self._in_window = 0

    def add(self, fault: Fault) -> None:
        """Let requests of this kind fail."""
        self._waiting.append(fault)

    def take(self, method: str, path: str, *, after: bool) -> int | str | None:
        """Return what befalls this request, and count it."""
        for fault in self._waiting:
            if fault.method == method and fault.after == after and fault.path.search(path):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault.effect
        return None

    def retry_after(self) -> float | None:
        """Count a request; return the seconds to wait when it is one too many."""
        if self.requests_per_second is None:
            return None
        now = self._clock()
        if now - self._window_start >= 1:
            self._window_start, self._in_window = now, 0
        self._in_window += 1
        if self._in_window <= self.requests_per_second:
            return None
        self.refused += 1
        return max(0.001, round(self._window_start + 1 - now, 3))
