"""A running simulated OpenShorts beside an Upload-Post that answers as when it was recorded."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from sandbox.services.base import Pace
from sandbox.services.openshorts.service import OpenShorts
from tests.sandbox.services_bench import serve

QUICK = Pace(processing=0.05, public=0.05, slow=0.2)
CAPTURES = Path(__file__).parents[1] / "providers/data/openshorts/captures.json"
RECORDED: list[dict[str, Any]] = json.loads(CAPTURES.read_text())["captures"]

_LIMIT = {
    "success": False,
    "message": "Monthly upload limit reached",
    "usage": {"count": 10, "limit": 10, "last_reset": "2026-01-01"},
}
_REFUSALS = {
    "bad": (401, {"success": False, "message": "Invalid or expired token"}),
    "limit": (429, _LIMIT),
    "vend400": (400, {"success": False, "message": "User not found"}),
    "vend500": (500, {"success": False, "error": "boom"}),
}
_SCHEDULED = {
    "job_id": "sched123",
    "scheduled_date": "2026-12-01T10:00:00",
    "profile_username": "brand",
    "title": "t",
}


@dataclass
class Vendor:
    """Upload-Post as the recording had it: the key decides the answer. Calls are kept."""

    calls: list[dict[str, Any]] = field(default_factory=list)
    under_way: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        fields = await self._keep(request)
        key = request.headers["Authorization"].removeprefix("Apikey ")
        match key:
            case "html":
                return web.Response(text="<html>", content_type="text/html")
            case "drop":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "slow":
                self.under_way.set()
                await self.let_go.wait()
        if key in _REFUSALS:
            status, body = _REFUSALS[key]
            return web.json_response(body, status=status)
        return self._accept(request, key, fields)

    async def _keep(self, request: web.Request) -> list[list[str]]:
        fields: list[list[str]] = []
        if request.content_type == "multipart/form-data":
            for name, value in (await request.post()).items():
                fields.append([name, value if isinstance(value, str) else _told(value)])
        call = {
            "method": request.method,
            "path": request.path_qs,
            "auth": request.headers["Authorization"],
            "fields": fields,
        }
        # A reading that was cut off is repeated by the simulator's client, unlike the real one's.
        if call["method"] != "GET" or call not in self.calls:
            self.calls.append(call)
        return fields

    def _accept(self, request: web.Request, key: str, fields: list[list[str]]) -> web.Response:
        given = dict(fields)
        match request.method, request.path.removeprefix("/api/"):
            case "POST", "upload" if "scheduled_date" in given:
                body: Any = {"success": True, "message": "Upload scheduled", "job_id": "sched123"}
                body["scheduled_date"] = given["scheduled_date"]
                return web.json_response(body, status=202)
            case "POST", "upload":
                count = sum(name == "platform[]" for name, _ in fields)
                body = {
                    "success": True,
                    "message": "Upload initiated successfully in background.",
                    "request_id": "req_abc",
                    "total_platforms": count,
                }
            case "GET", "uploadposts/users":
                accounts = {"tiktok": {"username": "b"}, "instagram": "", "youtube": None}
                profile = {"username": "brand", "social_accounts": accounts}
                body = {"success": True, "profiles": [] if key == "empty" else [profile]}
            case "GET", "uploadposts/schedule":
                body = {"scheduled_posts": [_SCHEDULED]}
            case "DELETE", "uploadposts/schedule/sched123":
                body = {"success": True}
            case _:
                return web.json_response({"message": "no"}, status=404)
        return web.json_response(body)


def _told(file: web.FileField | bytearray | bytes) -> str:
    """A file as the recording writes it."""
    assert isinstance(file, web.FileField)
    return f"<file {file.filename}, {len(file.file.read())} bytes, {file.content_type}>"


class Server:
    """A running simulator and calls to it."""

    def __init__(self, folder: Path, vendor: Vendor, address: str) -> None:
        self.folder, self.vendor, self._vendor_address = folder, vendor, address

    async def start(self, **parts: Any) -> None:
        parts = {"pace": QUICK, "gemini_key": "of the server"} | parts
        self.simulator = OpenShorts(self.folder, "", lambda name: self._vendor_address, **parts)
        self._runner, self.address = await serve(self.simulator.app())
        self._session = aiohttp.ClientSession()

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    async def call(self, method: str, path: str, **parts: Any) -> tuple[int, Any]:
        async with self._session.request(method, self.address + path, **parts) as response:
            return response.status, await response.json()

    async def post(self, **fields: Any) -> tuple[int, Any]:
        body = {"clip_index": 0, "api_key": "good", "user_id": "brand", "platforms": ["tiktok"]}
        return await self.call("POST", "/api/social/post", json=body | fields)

    async def repeat(self, recorded: dict[str, Any]) -> tuple[int, Any]:
        """Make a recorded request again."""
        request = recorded["request"]
        parts: dict[str, Any] = {"headers": request.get("headers"), "params": request.get("params")}
        if "files" in request:
            form = aiohttp.FormData(request["data"])
            form.add_field("file", b"no video", filename="v.mp4", content_type="video/mp4")
            parts["data"] = form
        elif "content" in request:
            parts["data"] = request["content"]
        elif "json" in request:
            parts["json"] = request["json"]
        return await self.call(request["method"], request["path"], **parts)


@asynccontextmanager
async def openshorts_served(folder: Path) -> AsyncIterator[Server]:
    """Serve a simulator on a free port, with an Upload-Post beside it."""
    vendor = Vendor()
    runner, address = await serve(vendor.app())
    server = Server(folder, vendor, address)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
        await runner.cleanup()


def recorded(name: str) -> dict[str, Any]:
    """One recorded exchange."""
    return next(item for item in RECORDED if item["name"] == name)


def without_id(body: Any) -> str:
    """An answer in which every id of a job is the same, since each order has another."""
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "JOB", json.dumps(body, sort_keys=True))
