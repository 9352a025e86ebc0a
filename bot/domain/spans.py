"""Stretches of time as people read them."""

import math
from datetime import timedelta

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def span(length: timedelta, *, up: bool = False) -> str:
    """A length in its two largest units, such as `2 hours 5 minutes`; whole seconds, cut off or,
    `up`, rounded up.
    """
    rest = math.ceil(length.total_seconds()) if up else math.floor(length.total_seconds())
    words: list[str] = []
    for name, seconds in _UNITS:
        count, rest = divmod(max(rest, 0), seconds)
        if count:
            words.append(f"{count:,} {name}{'s' * (count != 1)}")
    return " ".join(words[:2]) or "0 seconds"
