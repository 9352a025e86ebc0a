"""Upload-Post, simulated: its HTTP API (docs.upload-post.com), with faults to choose."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from sandbox.services.base import AddressOf, Fault, FeedAccount, Pace
from sandbox.services.faults import COMMON
from sandbox.services.shelf import Shelf
from sandbox.services.simulated import Simulated
from sandbox.services.upload_post.answers import finished, repeated, told
from sandbox.services.upload_post.feed import feed_of
from sandbox.services.upload_post.fields import RefusedError
from sandbox.services.upload_post.forms import read_form
from sandbox.services.upload_post.profiles import PREFIX, Profiles
from sandbox.services.upload_post.records import Records
from sandbox.services.upload_post.rules import check_caps, check_profile, read_upload
from sandbox.services.upload_post.store import Store, Upload
from sandbox.services.upload_post.work import Work

FAULTS = (
    *COMMON,
    Fault("never_finishes", "Uploads stay in processing until this is switched off."),
    Fault("fails_there", "Accepts a post; the platforms then refuse it."),
    Fault("duplicate_content", "Takes every post for one of the last 48 hours and refuses it."),
)

_KINDS = {"/api/upload": "video", "/api/upload_photos": "photo", "/api/upload_text": "text"}
_KEYS = ("Idempotency-Key", "X-Idempotency-Key", "X-Request-Id")
_REMEMBERED = timedelta(hours=24)  # how long a key collapses repetitions

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class UploadPost(Simulated):
    """The simulated service."""

    name = "upload_post"
    label = "Upload-Post"
    base_path = "/api"
    faults = FAULTS

    def __init__(
        self,
        folder: Path,
        api_key: str,
        address_of: AddressOf | None = None,
        *,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(pace)
        self._shelf = Shelf(folder)
        self._store = Store(folder)
        self._key = api_key
        self._profiles = Profiles(self._store, self._changed)
        self._work = Work(self._shelf, self._store, self._pace, self._switch, self._changed)
        self._records = Records(self._store, self._shelf, self._work)

    @property
    def calls(self) -> int:
        """How often it was asked to publish, accepted or not."""
        return self._shelf.calls

    def app(self) -> web.Application:
        """The HTTP API."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes([web.post(path, self._upload) for path in _KINDS])
        app.add_routes([*self._profiles.routes(), *self._records.routes()])
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
        return app

    def feed(self) -> list[FeedAccount]:
        """What was published, account by account, newest first."""
        return feed_of(self._profiles.all(), self._shelf.posts(), self.name)

    def media(self, name: str) -> Path | None:
        """A file it fetched or was sent."""
        posts = self._shelf.posts()
        known = {file for post in posts for file, _ in post.files} | {post.cover for post in posts}
        return self._shelf.media / name if name in known else None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Check the key, slow down, and put refusals into Upload-Post's words."""
        if request.path in _KINDS:
            self._shelf.count_call()
        if request.path != PREFIX and request.headers.get("Authorization") != f"Apikey {self._key}":
            body = {"success": False, "message": "Invalid or expired token"}
            return web.json_response(body, status=401)
        if self.fault == "rate_limited":
            body = {"success": False, "message": "Too many requests"}
            return web.json_response(body, status=429, headers={"Retry-After": "5"})
        try:
            return await handler(request)
        except RefusedError as error:
            return web.json_response(error.body, status=error.status)

    async def _upload(self, request: web.Request) -> web.Response:
        async def accept() -> web.Response:
            return await self._accept(request)

        return await self._switch.around(
            request, accept, error=_internal_error, refusal=_refusal, slow=self._pace.slow
        )

    async def _accept(self, request: web.Request) -> web.Response:
        form = await read_form(request, self._shelf.media)
        given = (request.headers.get(name) for name in _KEYS)
        key = next((value for value in given if value), form.value("request_id"))
        now = datetime.now(UTC)
        if earlier := self._earlier(key, now):
            return _answer(earlier)
        upload = read_upload(_KINDS[request.path], form, key, now)
        check_profile(upload, self._profiles.get(upload.profile))
        check_caps(upload, self._shelf.posts(), now)
        if self.fault == "duplicate_content":
            raise RefusedError(429, "Post verification failed", violations=repeated(upload))
        upload.answer = told(upload)
        self._store.keep(upload)
        if upload.value("async_upload") == "false" and not upload.job_id:
            await self._work.finish(upload)
            upload.answer = finished(upload, self._work.posts_of(upload))
            self._store.keep(upload)
        else:
            self._work.begin(upload)
        return _answer(upload)

    def _earlier(self, key: str, now: datetime) -> Upload | None:
        """The upload this key named in the last 24 hours."""
        for upload in self._store.uploads():
            is_recent = datetime.fromisoformat(upload.made_at) > now - _REMEMBERED
            if key and upload.key == key and is_recent:
                return upload
        return None

    async def _start(self, app: web.Application) -> None:
        self._work.resume()

    async def _stop(self, app: web.Application) -> None:
        await self._work.rest()


def _answer(upload: Upload) -> web.Response:
    return web.json_response(upload.answer, status=202 if upload.job_id else 200)


def _internal_error() -> web.Response:
    return web.json_response({"success": False, "error": "Internal server error"}, status=500)


def _refusal() -> web.Response:
    body = {"success": False, "message": "The content was refused"}
    return web.json_response(body, status=400)
