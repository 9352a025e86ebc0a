"""What the simulated Upload-Post tells of uploads, and what can be done to them afterwards."""

from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from sandbox.services.shelf import Shelf
from sandbox.services.upload_post.answers import OVER, remembered, scheduled, status_of
from sandbox.services.upload_post.fields import NoJobError, RefusedError
from sandbox.services.upload_post.profiles import json_of
from sandbox.services.upload_post.rules import read_time
from sandbox.services.upload_post.store import Store, Upload
from sandbox.services.upload_post.work import Work

_PAGE_SIZES = ("10", "20", "50", "100")
_REMOVABLE = ("facebook", "youtube", "x", "linkedin", "threads")


class Records:
    """Status, schedule, retry, removal and history."""

    def __init__(self, store: Store, shelf: Shelf, work: Work) -> None:
        self._store = store
        self._shelf = shelf
        self._work = work

    def routes(self) -> list[web.RouteDef]:
        """The calls by their documented paths."""
        base = "/api/uploadposts"
        return [
            web.get(f"{base}/status", self._status),
            web.get(f"{base}/schedule", self._schedule),
            web.patch(base + "/schedule/{job}", self._edit),
            web.delete(base + "/schedule/{job}", self._cancel),
            web.post(f"{base}/posts/retry", self._retry),
            web.post(f"{base}/posts/unpublish", self._unpublish),
            web.get(f"{base}/history", self._history),
        ]

    async def _status(self, request: web.Request) -> web.Response:
        asked = {name: request.query.get(name, "") for name in ("request_id", "job_id")}
        if not any(asked.values()):
            return web.json_response({"error": "request_id is required"}, status=400)
        upload = self._store.upload(**asked)
        if upload is None:
            return web.json_response({**asked, "status": "not_found", "results": []}, status=404)
        return web.json_response(status_of(upload, self._work.posts_of(upload)))

    async def _schedule(self, request: web.Request) -> web.Response:
        profile = request.query.get("profile_username", "")
        waiting = [item for item in self._waiting() if profile in ("", item.profile)]
        waiting.sort(key=lambda upload: upload.due)
        return web.json_response({"scheduled_posts": [scheduled(upload) for upload in waiting]})

    async def _edit(self, request: web.Request) -> web.Response:
        upload = self._job(request)
        body = await json_of(request, {"scheduled_date", "timezone", "title", "caption"})
        if "scheduled_date" in body:
            zone = str(body.get("timezone") or "")
            now = datetime.now(UTC)
            upload.at = read_time(str(body["scheduled_date"]), zone, now).isoformat()
        texts = {"title": body.get("title"), "description": body.get("caption")}
        given = {name: str(value) for name, value in texts.items() if value}
        upload.fields = [pair for pair in upload.fields if pair[0] not in given]
        upload.fields += list(given.items())
        self._store.keep(upload)
        self._work.begin(upload)
        return web.json_response(
            {"success": True, "job_id": upload.job_id, "scheduled_date": upload.at}
        )

    async def _cancel(self, request: web.Request) -> web.Response:
        upload = self._job(request)
        self._work.drop(upload.request_id)
        self._store.remove("upload", upload.request_id)
        message = f"Job {upload.job_id} cancelled and assets deleted."
        return web.json_response({"success": True, "message": message})

    async def _retry(self, request: web.Request) -> web.Response:
        body = await json_of(request, {"request_id", "job_id"})
        asked = {name: str(value) for name, value in body.items()}
        upload = self._store.upload(**asked) if asked else None
        if upload is None:
            raise RefusedError(404, "Post not found")
        if not self._work.retry(upload):
            raise RefusedError(409, "There is nothing to retry")
        body = {"success": True, "message": "Retry started", "request_id": upload.request_id}
        return web.json_response(body)

    async def _unpublish(self, request: web.Request) -> web.Response:
        body = await json_of(request, {"platform", "user", "post_id"})
        platform, number = str(body.get("platform")), str(body.get("post_id"))
        if platform not in _REMOVABLE:
            message = f"'{platform}' does not support deletion"
            raise RefusedError(400, message, error_code="platform_not_supported")
        account = f"{body.get('user')}/{platform}"
        for post in self._shelf.posts():
            if (post.account_id, post.public_id, post.status) == (account, number, "completed"):
                post.status, post.link = "removed", ""
                self._shelf.put(post)
                return web.json_response({"success": True, "message": "Post deleted successfully"})
        raise RefusedError(404, "Post not found")

    async def _history(self, request: web.Request) -> web.Response:
        page, limit = request.query.get("page", "1"), request.query.get("limit", "10")
        if not page.isdigit() or page == "0":
            return web.json_response({"error": "Invalid page"}, status=400)
        if limit not in _PAGE_SIZES:
            return web.json_response({"error": "Invalid limit"}, status=400)
        uploads = {upload.request_id: upload for upload in self._store.uploads()}
        items = [
            item
            for post in sorted(self._shelf.posts(), key=lambda post: post.at, reverse=True)
            if post.status in OVER
            and (upload := uploads.get(post.id.rpartition(":")[0]))
            and _wanted(item := remembered(upload, post), request)
        ]
        start = (int(page) - 1) * int(limit)
        body = {
            "history": items[start : start + int(limit)],
            "total": len(items),
            "page": int(page),
            "limit": int(limit),
        }
        return web.json_response(body)

    def _job(self, request: web.Request) -> Upload:
        job = request.match_info["job"]
        for upload in self._waiting():
            if upload.job_id == job:
                return upload
        raise NoJobError

    def _waiting(self) -> list[Upload]:
        return [
            upload
            for upload in self._store.uploads()
            if upload.job_id and not upload.done and not self._work.posts_of(upload)
        ]


def _wanted(item: dict[str, Any], request: web.Request) -> bool:
    names = ("request_id", "job_id", "profile_username", "platform")
    return all(request.query.get(name, item[name]) == item[name] for name in names)
