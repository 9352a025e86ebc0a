"""Cutting clips at the simulated OpenShorts: orders, how far they are, and the videos."""

from collections.abc import Mapping
from typing import IO, Any

from aiohttp import web

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.openshorts import samples
from sandbox.services.openshorts.errors import refused
from sandbox.services.openshorts.jobs import RETENTION, Job, Jobs
from sandbox.services.openshorts.rules import RefusedError, check_length, order

BLOCKED = "GeminiBlockedError: blocked"


class ClipRoutes:
    """The endpoints that have nothing to do with posting."""

    def __init__(self, jobs: Jobs, switch: Switch, pace: Pace, gemini_key: str) -> None:
        self._jobs = jobs
        self._switch = switch
        self._pace = pace
        self._gemini_key = gemini_key

    def routes(self) -> list[web.RouteDef]:
        """What to mount."""
        return [
            web.get("/health", self._health),
            web.get("/api/config", self._config),
            web.post("/api/process", self._process),
            web.get("/api/status/{job}", self._status),
            web.get("/videos/{job}/{file}", self._video),
        ]

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _config(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "youtubeUrlEnabled": True,
                "billingEnabled": False,
                "googleAuthEnabled": False,
                "jobRetentionSeconds": RETENTION,
            }
        )

    async def _process(self, request: web.Request) -> web.Response:
        fields, file = await _fields(request)
        key = request.headers.get("X-Gemini-Key") or self._gemini_key

        async def accept() -> web.Response:
            try:
                return self._accept(fields, file, key)
            except RefusedError as error:
                return refused(error)

        return await self._switch.around(
            request,
            accept,
            error=lambda: refused(RefusedError(500, "Internal Server Error")),
            refusal=lambda: refused(RefusedError(400, "The video was refused")),
            slow=self._pace.slow,
        )

    def _accept(self, fields: Mapping[str, Any], file: IO[bytes] | None, key: str) -> web.Response:
        asked = order(fields, key, has_file=file is not None)
        if self._switch.key == "low_resolution" and asked.url and not asked.takes_low_quality:
            return web.json_response(
                {
                    "needs_confirmation": True,
                    "message": "Only 360p is available for this video. Continue anyway?",
                }
            )
        failure = check_length(file) if file is not None else ""
        if self._switch.key == "clips_fail":
            failure = BLOCKED
        clips = samples.clips(0 if self._switch.key == "finds_nothing" else asked.count)
        job = self._jobs.order(clips, takes=4 * self._pace.processing, failure=failure)
        return web.json_response({"job_id": job.id, "status": "queued"})

    async def _status(self, request: web.Request) -> web.Response:
        return web.json_response(self._jobs.status(self._found(request.match_info["job"])))

    async def _video(self, request: web.Request) -> web.StreamResponse:
        file = self._jobs.file(request.match_info["job"], request.match_info["file"])
        if file.suffix != ".mp4" or not file.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(file)

    def _found(self, job_id: str) -> Job:
        job = None if self._switch.key == "jobs_expired" else self._jobs.find(job_id)
        if job is None:
            raise RefusedError(404, "Job not found")
        return job


async def _fields(request: web.Request) -> tuple[Mapping[str, Any], IO[bytes] | None]:
    """The fields of an order, which come as JSON or as a form, and the file."""
    if request.content_type == "application/json":
        return await request.json(), None
    form = await request.post()
    given = form.get("file")
    file = given.file if isinstance(given, web.FileField) else None
    return {name: value for name, value in form.items() if isinstance(value, str)}, file
