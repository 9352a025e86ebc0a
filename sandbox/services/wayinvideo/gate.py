"""What every call to the simulated WayinVideo passes: key, rate and headers; refusals in its shape."""

import json
from collections import deque
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.services.faults import Switch
from sandbox.services.shelf import Shelf
from sandbox.services.wayinvideo.refusals import RefusedError, refusal

CALLS, MINUTE = 15, 60.0

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """The gate before the API; what its answers lead to lies outside."""

    def __init__(
        self, api_key: str, switch: Switch, shelf: Shelf, now: Callable[[], float]
    ) -> None:
        self._key, self._switch, self._shelf, self._now = api_key, switch, shelf, now
        self._turns: deque[float] = deque(maxlen=CALLS)

    @web.middleware
    async def guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Let a call through, or answer why not."""
        if not request.path.startswith("/api/"):
            return await handler(request)
        if request.path.endswith("/publish"):
            self._shelf.count_call()
        try:
            self._check(request)
            return await handler(request)
        except RefusedError as error:
            answer = refusal(error.status, request.path, error.message)
            if self._switch.key == "rate_limited":
                answer.headers["Retry-After"] = "5"  # nobody documents it; the fault says it
            return answer
        except json.JSONDecodeError as error:
            return refusal(400, request.path, f"JSON parse error: {error.msg}")
        except web.HTTPException as error:
            return refusal(error.status, request.path)

    def _check(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            raise RefusedError(403)
        fault = self._switch.key
        if fault == "rate_limited" or (fault == "busy" and self._is_too_much()):
            raise RefusedError(429)
        if request.headers.get("x-wayinvideo-api-version") != "v2":
            raise RefusedError(400, "The header x-wayinvideo-api-version must be v2")
        if request.method == "POST" and request.content_type != "application/json":
            raise RefusedError(415)

    def _is_too_much(self) -> bool:
        now = self._now()
        if len(self._turns) == CALLS and now - self._turns[0] < MINUTE:
            return True
        self._turns.append(now)
        return False
