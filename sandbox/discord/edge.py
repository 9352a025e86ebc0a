"""The edge to HTTP: reading requests, authority, answers, refusals, faults."""

import inspect
import json
from collections.abc import Callable
from typing import Any

from aiohttp import BodyPartReader, web

from sandbox.discord import files
from sandbox.discord.call import Call
from sandbox.discord.errors import UNAUTHORIZED, Refusal, status_refusal
from sandbox.discord.faults import RESET, Faults
from sandbox.discord.files import Upload
from sandbox.discord.values import Json
from sandbox.discord.world import Viewer, World

Action = Callable[[Call], Any]  # returns JSON, None for 204, or an awaitable of these


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Answer JSON with a Content-Type of exactly `application/json`."""
    if body is None:
        return web.Response(status=204)
    raw = json.dumps(body).encode()
    return web.Response(body=raw, status=status, headers=headers, content_type="application/json")


class Edge:
    """Turns actions into aiohttp handlers."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self.faults = faults

    def for_bot(self, action: Action) -> Any:
        """Handle a route that asks for the bot's token."""

        async def handle(request: web.Request) -> web.Response:
            def caller() -> Viewer:
                if request.headers.get("Authorization") != f"Bot {self.world.token}":
                    raise status_refusal(UNAUTHORIZED)
                return Viewer(self.world.bot_id, origin(request))

            return await self._guarded(request, action, caller, limited=True)

        return handle

    def for_token(self, action: Action) -> Any:
        """Handle a route whose address holds an interaction's token; it counts to no limit."""

        async def handle(request: web.Request) -> web.Response:
            def caller() -> Viewer:
                return Viewer(self.world.bot_id, origin(request))

            return await self._guarded(request, action, caller, limited=False)

        return handle

    def for_person(self, action: Action) -> Any:
        """Handle a route of the people API."""

        async def handle(request: web.Request) -> web.Response:
            def caller() -> Viewer:
                uid = request.match_info.get("uid", self.world.bot_id)
                self.world.user(uid)
                return Viewer(uid, origin(request))

            try:
                return await self._play(request, action, caller, files.PERSON_LIMIT)
            except Refusal as refusal:
                return answer(refusal.body, refusal.status)

        return handle

    async def _guarded(
        self, request: web.Request, action: Action, caller: Callable[[], Viewer], *, limited: bool
    ) -> web.Response:
        if failure := self._failure(request, after=False):
            return failure
        if limited and (seconds := self.faults.retry_after()):
            return _too_many(seconds, self.faults.requests_per_second)
        try:
            done = await self._play(request, action, caller, files.BOT_LIMIT)
        except Refusal as refusal:
            done = answer(refusal.body, refusal.status)
        return self._failure(request, after=True) or done

    def _failure(self, request: web.Request, *, after: bool) -> web.Response | None:
        effect = self.faults.take(request.method, request.path, after=after)
        if effect is None:
            return None
        if effect == RESET:
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        return answer(status_refusal(int(effect)).body, int(effect))

    async def _play(
        self, request: web.Request, action: Action, caller: Callable[[], Viewer], limit: int
    ) -> web.Response:
        call = Call(self.world, caller(), dict(request.match_info), dict(request.query))
        try:
            await _read_body(request, call, limit)
            body = action(call)
            if inspect.isawaitable(body):
                body = await body
            return body if isinstance(body, web.Response) else answer(body)
        finally:
            files.discard(self.world, call.uploads)


def origin(request: web.Request) -> str:
    """Return the address a request reached the sandbox at."""
    return f"{request.scheme}://{request.host}"


def _too_many(seconds: float, limit: int | None) -> web.Response:
    headers = {
        "Via": "1.1 sandbox",
        "Retry-After": str(int(seconds) + 1),
        "X-RateLimit-Global": "true",
        "X-RateLimit-Scope": "global",
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset-After": str(seconds),
    }
    body: Json = {
        "message": "You are being rate limited.",
        "retry_after": seconds,
        "global": True,
    }
    return answer(body, 429, headers)


async def _read_body(request: web.Request, call: Call, limit: int) -> None:
    if request.content_type == "multipart/form-data":
        try:
            await _read_parts(request, call, limit)
        except ValueError:
            raise Refusal(50109) from None
        return
    raw = await request.content.read(-1) if request.can_read_body else b""
    call.body = _parse(raw) if raw else {}


def _parse(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise Refusal(50109) from None


async def _read_parts(request: web.Request, call: Call, limit: int) -> None:
    call.body = {}
    total = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise Refusal(50109)
        if part.name == "payload_json":
            call.body = _parse(await part.read())
            continue
        upload = await _save(part, call.world, limit)
        call.uploads[str(part.name).removeprefix("files[").removesuffix("]")] = upload
        total += upload.size
        if upload.size > limit or total > max(limit, 10 * files.BOT_LIMIT):
            raise Refusal(40005)


async def _save(part: BodyPartReader, world: World, limit: int) -> Upload:
    file_id, size = world.new_id(), 0
    path = world.store.files_folder / file_id
    with path.open("wb") as file:
        while chunk := await part.read_chunk(1 << 16):
            size += len(chunk)
            if size <= limit:
                file.write(part.decode(chunk) if part.headers.get("Content-Encoding") else chunk)
    kind = part.headers.get("Content-Type", "application/octet-stream")
    return Upload(file_id, part.filename or "file", kind, size)
