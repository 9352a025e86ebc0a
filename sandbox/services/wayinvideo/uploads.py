"""The storage of the simulated WayinVideo: an address for one file, which serves for one order."""

import secrets
from pathlib import Path, PurePosixPath
from typing import Any

from aiohttp import web

from sandbox.services.wayinvideo.refusals import TEXT, RefusedError, fields_of
from sandbox.services.wayinvideo.store import Store

TYPES = (".avi", ".mp4", ".mov", ".webm")
LIFE = 3600  # seconds that an address can be used
MAX_BYTES = 5_000_000_000


class Uploads:
    """Files that were handed over."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder / "uploads"
        self._folder.mkdir(parents=True, exist_ok=True)

    def place(self, body: Any, now: float) -> tuple[str, str]:
        """A new identity, and the signature under which its file is taken."""
        name = fields_of(body, {"name": TEXT}, "name")["name"]
        if PurePosixPath(name).suffix.lower() not in TYPES:
            raise RefusedError(400, "name must end in avi, mp4, mov or webm")
        identity, signature = f"file_{secrets.token_hex(8)}", secrets.token_hex(16)
        upload = {"id": identity, "signature": signature, "until": now + LIFE, "used": False}
        self._store.put("upload", upload)
        return identity, signature

    async def take(self, request: web.Request, now: float) -> web.Response:
        """Take the bytes as a storage with signed addresses does."""
        upload = self._store.get("upload", request.match_info["identity"])
        if upload is None or request.query.get("signature") != upload["signature"]:
            return _xml(403, "SignatureDoesNotMatch")
        if now > upload["until"]:
            return _xml(403, "AccessDenied")
        if "Authorization" in request.headers:
            return _xml(400, "InvalidArgument")
        if (request.content_length or MAX_BYTES + 1) > MAX_BYTES:
            return _xml(411, "MissingContentLength")
        with (self._folder / upload["id"]).open("wb") as file:
            async for chunk in request.content.iter_chunked(1 << 16):
                file.write(chunk)
        return web.Response()

    def use(self, identity: str) -> bytes:
        """The beginning of a file, for the only order it serves; refuses one that is not there."""
        upload = self._store.get("upload", identity)
        file = self._folder / identity
        if upload is None or not file.is_file():
            raise RefusedError(400, f"video_url is not valid: {identity}")
        if upload["used"]:
            raise RefusedError(400, f"This file was used already: {identity}")
        self._store.put("upload", upload | {"used": True})
        with file.open("rb") as opened:
            return opened.read(16)


def _xml(status: int, code: str) -> web.Response:
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>"
    return web.Response(status=status, text=body, content_type="application/xml")
