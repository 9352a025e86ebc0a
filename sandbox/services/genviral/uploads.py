"""The storage of the simulated Genviral: signed places for uploads, and the files in them.

It behaves as a store for signed PUTs does: the key must stay away, the content type is signed too.
"""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from sandbox.services.genviral import answers
from sandbox.services.genviral.refusals import RefusedError, body_of
from sandbox.services.genviral.schema import FILE, TYPES
from sandbox.services.genviral.store import File, Store

LIFETIME = timedelta(seconds=600)
"""How long a place takes its bytes."""


class Uploads:
    """Three addresses: one asks for a place (with the key), one takes the bytes, one gives them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def place(self, request: web.Request) -> web.Response:
        """Answer `POST /files`."""
        asked = await body_of(request, FILE)
        file = File(
            id=uuid.uuid4().hex,
            content_type=asked["contentType"],
            extension=TYPES[asked["contentType"]],
            filename=asked.get("filename", ""),
            signature=secrets.token_hex(16),
            created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            duration=asked.get("duration_sec"),
            size=asked.get("size"),
        )
        self._store.put(file)
        origin = str(request.url.origin())
        data: dict[str, Any] = {
            "uploadUrl": f"{origin}/storage/{file.id}?signature={file.signature}",
            "url": f"{origin}/cdn/{file.name}",
            "contentType": file.content_type,
            "expiresIn": int(LIFETIME.total_seconds()),
        }
        return answers.envelope("Upload URL generated", data, 201)

    async def listed(self, request: web.Request) -> web.Response:
        """Answer `GET /files`."""
        limit, offset = whole(request, "limit", 50, 1, 100), whole(request, "offset", 0, 0, None)
        kind = request.query.get("type", "")
        found = [
            file
            for file in self._store.files()
            if file.stored and file.content_type.startswith(kind)
        ]
        origin = str(request.url.origin())
        shown = [answers.file(file, origin) for file in found[offset : offset + limit]]
        data: dict[str, Any] = {
            "files": shown,
            "total": len(found),
            "limit": limit,
            "offset": offset,
            "context": None,
        }
        return answers.envelope("Files retrieved", data)

    async def take(self, request: web.Request) -> web.Response:
        """Take the bytes of a place."""
        file = self._store.file(request.match_info["id"])
        if "Authorization" in request.headers:
            return _storage_error(400, "InvalidArgument")  # two ways to prove who asks
        if file is None or request.query.get("signature") != file.signature:
            return _storage_error(403, "SignatureDoesNotMatch")
        if request.headers.get("Content-Type") != file.content_type:
            return _storage_error(403, "SignatureDoesNotMatch")
        if datetime.now(UTC) > datetime.fromisoformat(file.created_at) + LIFETIME:
            return _storage_error(403, "AccessDenied")
        with (self._store.uploads / file.name).open("wb") as kept:
            async for piece in request.content.iter_chunked(1 << 16):
                kept.write(piece)
            file.size = kept.tell()
        file.stored = True
        self._store.put(file)
        return web.Response()

    async def give(self, request: web.Request) -> web.StreamResponse:
        """Give a file to whoever asks."""
        names = {file.name: file for file in self._store.files() if file.stored}
        file = names.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        headers = {"Content-Type": file.content_type}
        return web.FileResponse(self._store.uploads / file.name, headers=headers)


def whole(request: web.Request, name: str, default: int, least: int, most: int | None) -> int:
    """A whole number in the query, within its bounds."""
    told = request.query.get(name, str(default))
    if not told.isdigit() or int(told) < least or (most is not None and int(told) > most):
        raise RefusedError(400, "invalid_query_parameter", f"{name} is out of range")
    return int(told)


def _storage_error(status: int, code: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")
