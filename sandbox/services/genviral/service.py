"""Genviral, simulated: the Partner API of seed 003, with faults to choose."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from sandbox.services.base import AddressOf, Fault, FeedAccount, Pace
from sandbox.services.faults import COMMON
from sandbox.services.genviral import answers, bulk, feed, listing
from sandbox.services.genviral.posts import Posts
from sandbox.services.genviral.queue import Queue
from sandbox.services.genviral.refusals import RefusedError, body_of
from sandbox.services.genviral.schema import CREATE, DELETE, RETRY, UPDATE
from sandbox.services.genviral.store import Post, Store
from sandbox.services.genviral.uploads import Uploads
from sandbox.services.simulated import Simulated

FAULTS = (
    *COMMON,
    Fault("never_finishes", "Posts stay pending until this is switched off."),
    Fault("platform_refuses", "The first account of every post fails; retry it afterwards."),
    Fault("no_subscription", "The plan has ended: answers every call with 402."),
)

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Genviral(Simulated):
    """The simulated service."""

    name = "genviral"
    label = "Genviral"
    base_path = "/api/partner/v1"
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
        self._store = Store(folder)
        self._key = api_key
        self._queue = Queue(self._store, self._pace, self._switch, self._changed)
        self._posts = Posts(self._store, self._queue, self._changed)
        self._uploads = Uploads(self._store)

    @property
    def calls(self) -> int:
        """How often it was asked to publish, accepted or not."""
        return self._store.calls

    def app(self) -> web.Application:
        """The HTTP API, and the storage beside it."""
        app = web.Application(middlewares=[self._guard])
        base = self.base_path
        app.add_routes(
            [
                web.get(f"{base}/accounts", self._accounts),
                web.get(f"{base}/subscription", self._subscription),
                web.post(f"{base}/files", self._uploads.place),
                web.get(f"{base}/files", self._uploads.listed),
                web.post(f"{base}/posts", self._create),
                web.get(f"{base}/posts", self._list),
                web.post(f"{base}/posts/retry", self._retry),
                web.post(f"{base}/posts/delete", self._delete),
                web.get(f"{base}/posts/{{id}}", self._read),
                web.patch(f"{base}/posts/{{id}}", self._update),
                web.put("/storage/{id}", self._uploads.take),
                web.get("/cdn/{name}", self._uploads.give),
            ]
        )
        app.on_startup.append(self._start)
        app.on_cleanup.append(self._stop)
        return app

    def feed(self) -> list[FeedAccount]:
        """What was published, account by account, newest first."""
        return feed.accounts(self._store.posts(), self.name)

    def media(self, name: str) -> Path | None:
        """A file it fetched."""
        posts = self._store.posts()
        known = {file for post in posts for file, _ in post.files}
        known |= {file for post in posts for file in post.covers.values()}
        return self._store.media / name if name in known else None

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        """Check the key and the plan, slow down, and put refusals into the envelope."""
        if not request.path.startswith(self.base_path):
            return await handler(request)
        if request.method == "POST" and request.path.endswith("/posts"):
            self._store.count_call()
        try:
            self._let_in(request)
            return await handler(request)
        except RefusedError as error:
            return error.response({"Retry-After": "5"} if error.status == 429 else None)

    def _let_in(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            raise RefusedError(401, "invalid_token", "API key not found")
        if self.fault == "rate_limited":
            raise RefusedError(429, "rate_limited", "Too many requests")
        if self.fault == "no_subscription":
            raise RefusedError(
                402, "subscription_required", "An active subscription is required to use the API"
            )

    async def _accounts(self, request: web.Request) -> web.Response:
        return answers.envelope("Accounts retrieved", answers.accounts())

    async def _subscription(self, request: web.Request) -> web.Response:
        return answers.envelope("Subscription retrieved", answers.subscription())

    async def _create(self, request: web.Request) -> web.Response:
        body = await body_of(request, CREATE)

        async def accept() -> web.Response:
            post, is_duplicate = await self._posts.create(body)
            message = "Post scheduled" if post.status == "scheduled" else "Post queued"
            data = answers.saved(post, duplicate=is_duplicate)
            return answers.envelope(message, data, 200 if is_duplicate else 201)

        return await self._switch.around(
            request, accept, error=_upstream_failure, refusal=_refusal, slow=self._pace.slow
        )

    async def _update(self, request: web.Request) -> web.Response:
        changes = await body_of(request, UPDATE)
        if not changes:
            raise RefusedError(422, "invalid_payload", "At least one field is required", [])
        post = await self._posts.update(self._found(request.match_info["id"]), changes)
        return answers.envelope("Post updated", answers.saved(post))

    async def _read(self, request: web.Request) -> web.Response:
        post = self._found(request.match_info["id"])
        return answers.envelope("Post retrieved", answers.post(post))

    async def _list(self, request: web.Request) -> web.Response:
        return answers.envelope("Posts retrieved", listing.posts(request, self._store.posts()))

    async def _retry(self, request: web.Request) -> web.Response:
        asked = await body_of(request, RETRY)
        return answers.envelope("Posts queued for retry", bulk.retry(self._posts, asked))

    async def _delete(self, request: web.Request) -> web.Response:
        asked = await body_of(request, DELETE)
        return answers.envelope("Posts deleted", bulk.delete(self._posts, asked))

    def _found(self, post_id: str) -> Post:
        post = self._store.post(post_id)
        if post is None:
            raise RefusedError(404, "not_found", "Post not found")
        return post

    async def _start(self, app: web.Application) -> None:
        self._queue.resume()

    async def _stop(self, app: web.Application) -> None:
        await self._queue.rest()


def _upstream_failure() -> web.Response:
    return RefusedError(500, "create_failed", "Unexpected upstream failure").response()


def _refusal() -> web.Response:
    return RefusedError(400, "validation_failed", "The content was refused").response()
