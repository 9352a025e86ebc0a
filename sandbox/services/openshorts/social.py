"""Posting at the simulated OpenShorts: everything is asked of Upload-Post with the caller's key."""

import asyncio
import json
from typing import Any

from aiohttp import web

from sandbox.services.base import Pace
from sandbox.services.faults import Switch
from sandbox.services.openshorts.errors import refused
from sandbox.services.openshorts.jobs import Jobs
from sandbox.services.openshorts.rules import PostRequest, RefusedError, post_request
from sandbox.services.openshorts.vendor import SHOWN, Vendor

_LIMIT = '429: Vendor API Error: {"success": false, "message": "Monthly upload limit reached"}'
_KEY = '401: Vendor API Error: {"success": false, "message": "Invalid or expired token"}'
_CONTENT = '400: Vendor API Error: {"success": false, "message": "The content was refused"}'


class SocialRoutes:
    """The endpoints under `/api/social`."""

    def __init__(
        self, jobs: Jobs, switch: Switch, pace: Pace, vendor: Vendor, busy: asyncio.Lock
    ) -> None:
        self._jobs = jobs
        self._switch = switch
        self._pace = pace
        self._vendor = vendor
        self._busy = busy

    def routes(self) -> list[web.RouteDef]:
        """What to mount."""
        return [
            web.post("/api/social/post", self._post),
            web.get("/api/social/user", self._user),
            web.get("/api/social/scheduled", self._scheduled),
            web.delete("/api/social/scheduled/{job}", self._cancel),
            web.get("/api/social/analytics", self._analytics),
        ]

    async def _post(self, request: web.Request) -> web.Response:
        async def accept() -> web.Response:
            try:
                return web.json_response(await self._hand_on(request))
            except RefusedError as error:
                return refused(error)

        async with self._busy:
            return await self._switch.around(
                request,
                accept,
                error=lambda: refused(RefusedError(500, "timed out")),
                refusal=lambda: refused(RefusedError(500, _CONTENT)),
                slow=self._pace.slow,
            )

    async def _hand_on(self, request: web.Request) -> Any:
        post = post_request(await _body(request))
        key = request.headers.get("X-Upload-Post-Key") or post.api_key
        if not key:
            raise RefusedError(400, "Missing Upload-Post API key")
        if not post.user_id:
            raise RefusedError(400, "Missing Upload-Post user profile")
        clip = self._clip(post)
        job, name = str(clip["video_url"]).split("/")[-2:]
        file = self._jobs.file(job, name)
        match self._switch.key:
            case "key_refused":
                raise RefusedError(500, _KEY)
            case "limit_reached":
                raise RefusedError(500, _LIMIT)
            case fault if fault == "file_lost" or not file.is_file():
                raise RefusedError(500, f"404: Video file not found: output/{job}/{name}")
            case _:
                return await self._vendor.upload(key, post, clip, file)

    def _clip(self, post: PostRequest) -> dict[str, Any]:
        """The clip at that place of the list as it is now, counted from the end when negative."""
        job = None if self._switch.key == "jobs_expired" else self._jobs.find(post.job_id)
        if job is None:
            raise RefusedError(404, "Job not found")
        result = self._jobs.status(job)["result"]
        if result is None:
            raise RefusedError(400, "Job result not available")
        try:
            return result["clips"][post.clip_index]
        except IndexError as error:
            raise RefusedError(500, str(error)) from error

    async def _user(self, request: web.Request) -> web.Response:
        profiles = await self._vendor.profiles(_key(request))
        empty: dict[str, Any] = {} if profiles else {"error": "No profiles found"}
        return web.json_response({"profiles": profiles, **empty})

    async def _scheduled(self, request: web.Request) -> web.Response:
        key, profile = _key(request), _profile(request)
        posts = await self._vendor.scheduled(key, profile)
        return web.json_response({"profile_username": profile, "scheduled_posts": posts})

    async def _cancel(self, request: web.Request) -> web.Response:
        key, profile = _key(request), _profile(request)
        job = request.match_info["job"]
        if job not in [post.get("job_id") for post in await self._vendor.scheduled(key, profile)]:
            raise RefusedError(404, "Scheduled post not found")
        await self._vendor.proxied(key, "DELETE", f"uploadposts/schedule/{job}")
        return web.json_response({"success": True, "job_id": job})

    async def _analytics(self, request: web.Request) -> web.Response:
        key, profile = _key(request), _profile(request)
        params = {"platforms": ",".join(SHOWN)}
        return web.json_response(
            await self._vendor.proxied(key, "GET", f"analytics/{profile}", params=params)
        )


def _key(request: web.Request) -> str:
    key = request.headers.get("X-Upload-Post-Key")
    if not key:
        raise RefusedError(400, "Missing X-Upload-Post-Key header")
    return key


def _profile(request: web.Request) -> str:
    profile = request.query.get("user")
    if not profile:
        raise RefusedError(400, "Missing Upload-Post user profile")
    return profile


async def _body(request: web.Request) -> Any:
    """The JSON of a request, in the words of its framework where it is none."""
    text = await request.text()
    if request.content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise RefusedError(
            422,
            [
                {
                    "type": "json_invalid",
                    "loc": ["body", error.pos],
                    "msg": "JSON decode error",
                    "input": {},
                    "ctx": {"error": error.msg},
                }
            ],
        ) from error
