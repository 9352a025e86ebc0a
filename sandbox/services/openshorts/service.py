"""OpenShorts, simulated: the HTTP API of a self-hosted server (seed 001, as the real one answers).

Its posts go to the simulated Upload-Post over HTTP, and stand in that one's feed. A link that
clips are to be cut from is taken as it is, not fetched: every video holds the same moments.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.services.base import AddressOf, Fault, FeedAccount, Pace
from sandbox.services.faults import COMMON
from sandbox.services.openshorts.clips import ClipRoutes
from sandbox.services.openshorts.errors import in_its_words
from sandbox.services.openshorts.footage import video
from sandbox.services.openshorts.jobs import Jobs
from sandbox.services.openshorts.rules import MAX_BYTES
from sandbox.services.openshorts.samples import CLIPS, SAMPLE_JOB
from sandbox.services.openshorts.social import SocialRoutes
from sandbox.services.openshorts.vendor import TIMEOUT, Vendor
from sandbox.services.shelf import Shelf
from sandbox.services.simulated import Simulated

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

FAULTS = (
    *COMMON,
    Fault("clips_never_finish", "Clips stay in the making until this is switched off."),
    Fault("clips_fail", "Cutting clips out of a video fails."),
    Fault("finds_nothing", "Ends the work on a video without a single clip."),
    Fault("low_resolution", "Asks for a confirmation before it takes a link."),
    Fault("jobs_expired", "Has deleted every job for its age."),
    Fault("file_lost", "Has lost the video of a clip that is to be posted."),
    Fault("key_refused", "Tells that Upload-Post refuses the key."),
    Fault("limit_reached", "Tells that the month's limit at Upload-Post is reached."),
)


class OpenShorts(Simulated):
    """The simulated server. It has no key of its own: Upload-Post judges the one that is sent.

    `gemini_key` is what the server's own environment holds, used where a call brings none. `now`
    gives the time in seconds of the Unix clock.
    """

    name = "openshorts"
    label = "OpenShorts"
    base_path = ""
    faults = FAULTS

    def __init__(
        self,
        folder: Path,
        api_key: str,
        address_of: AddressOf | None = None,
        *,
        pace: Pace | None = None,
        gemini_key: str = "",
        vendor_timeout: float = TIMEOUT,
        most_bytes: int = MAX_BYTES,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(pace)
        self._shelf = Shelf(folder)
        self._most_bytes = most_bytes
        self._busy = asyncio.Lock()
        self.jobs = Jobs(folder / "output", now)
        self.jobs.stands_still = lambda: self.fault == "clips_never_finish"
        self.jobs.keep(SAMPLE_JOB, CLIPS, [video(number) for number in range(len(CLIPS))])
        vendor = Vendor(address_of, vendor_timeout)
        self._clips = ClipRoutes(self.jobs, self._switch, self._pace, gemini_key)
        self._social = SocialRoutes(self.jobs, self._switch, self._pace, vendor, self._busy)

    @property
    def calls(self) -> int:
        """How often it was asked to publish, accepted or not."""
        return self._shelf.calls

    @property
    def orders(self) -> int:
        """How many orders for clips it took since it was started."""
        return self.jobs.ordered

    def app(self) -> web.Application:
        """The HTTP API."""
        app = web.Application(
            client_max_size=self._most_bytes, middlewares=[in_its_words, self._guard]
        )
        app.add_routes([*self._clips.routes(), *self._social.routes()])
        return app

    def feed(self) -> list[FeedAccount]:
        """Nothing: what it posts is published by Upload-Post."""
        return []

    def media(self, name: str) -> Path | None:
        """Nothing either; its clips lie at its own addresses."""
        return None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Count posts, slow down, and answer nobody while a post is handed on."""
        if request.method == "POST" and request.path == "/api/social/post":
            self._shelf.count_call()
        if self.fault == "rate_limited":
            body = {"detail": "Too many requests"}
            return web.json_response(body, status=429, headers={"Retry-After": "5"})
        async with self._busy:
            pass  # the real server hands videos on in its event loop
        return await handler(request)
