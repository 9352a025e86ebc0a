"""What can go wrong at any simulated service, and the one place where it does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from sandbox.services.base import Fault, drop

COMMON = (
    Fault("none", "Works as documented."),
    Fault("slow", "Accepts a post at once, answers after 8 seconds."),
    Fault(
        "rate_limited", "Answers every call, reading too, with 429 and “try again in 5 seconds”."
    ),
    Fault("refused", "Refuses every post, whatever it holds."),
    Fault("error_before", "Answers 500 to a post and does not accept it."),
    Fault("error_after", "Accepts a post, then answers 500."),
    Fault("drop_before", "Cuts the connection without accepting the post."),
    Fault("drop_after", "Accepts a post, then cuts the connection."),
    Fault("wrong_json", "Accepts a post, then answers in a form nobody documented."),
    Fault("missing_fields", "Accepts a post, then answers without saying what became of it."),
    Fault("huge_body", "Accepts a post, then answers with 16 MB."),
)
"""Every simulator has these; `never_finishes` and others of its own come after them."""

HUGE = 16_000_000  # bytes, more than any documented answer

Answer = Callable[[], web.Response]


class Switch:
    """The fault in force; one at a time."""

    def __init__(self, faults: Sequence[Fault], on_change: Callable[[], None]) -> None:
        self._faults = faults
        self._on_change = on_change
        self._changed = asyncio.Event()
        self._key = faults[0].key

    @property
    def key(self) -> str:
        """The key of the fault in force."""
        return self._key

    def turn(self, key: str) -> None:
        """Choose another fault; ValueError for one that does not exist."""
        if key not in [fault.key for fault in self._faults]:
            raise ValueError(f"No fault is called {key!r}.")
        self._key = key
        self._changed.set()
        self._changed = asyncio.Event()
        self._on_change()

    async def until_not(self, key: str) -> None:
        """Wait while this fault is in force."""
        while self._key == key:
            await self._changed.wait()

    async def around(
        self,
        request: web.Request,
        accept: Callable[[], Awaitable[web.Response]],
        *,
        error: Answer,
        refusal: Answer,
        slow: float,
    ) -> web.Response:
        """Answer a publish call: `accept` carries it out, the fault in force spoils it.

        `error` and `refusal` are a 500 and a 4xx in the service's own words; `slow` is in seconds.
        """
        fault = self._key
        instead: dict[str, Answer] = {
            "refused": refusal,
            "error_before": error,
            "drop_before": lambda: drop(request),
        }
        if fault in instead:
            return instead[fault]()
        accepted = await accept()
        if accepted.status >= 400:
            return accepted
        if fault == "slow":
            await asyncio.sleep(slow)
        afterwards: dict[str, Answer] = {
            "error_after": error,
            "drop_after": lambda: drop(request),
            "wrong_json": lambda: web.json_response({"ok": 1, "result": ["accepted"]}),
            "missing_fields": lambda: web.json_response({}),
            "huge_body": lambda: web.json_response({"padding": "x" * HUGE}),
        }
        return afterwards.get(fault, lambda: accepted)()
