"""Upload-Post's client with answers given by path, in the shapes of its documentation."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx

from bot.domain.platform import Kind, Platform
from providers.submission import Submitted
from providers.upload_post_api.client import UploadPostApi

KEY = "up_canary_0123456789"
BASE = "https://upload-post.example/api"
LATER = datetime.now(UTC) + timedelta(days=1)
EARLIER = datetime.now(UTC) - timedelta(minutes=5)

_Result = TypeVar("_Result")


class Wire:
    """Answers by method and path; a pair gives the status too. What is not known is 404."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {name.replace("__", "/"): answer for name, answer in answers.items()}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path.removeprefix("/api/").removeprefix("uploadposts/")
        answer = self.answers.get(f"{request.method}/{path}", (404, {"status": "not_found"}))
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return httpx.Response(status, json=body)

    @property
    def asked(self) -> list[str]:
        """The calls, without the common beginning of their addresses."""
        begin = len("/api/")
        return [f"{item.method} {item.url.path[begin:]}" for item in self.requests]


async def ask(wire: Wire, call: Callable[[UploadPostApi], Awaitable[_Result]]) -> _Result:
    api = UploadPostApi(f" {KEY}\n", base_url=BASE, transport=httpx.MockTransport(wire))
    try:
        return await call(api)
    finally:
        await api.close()


def a_question(remote_id: str = "request:r1", **parts: Any) -> Submitted:
    platform = parts.pop("platform", Platform.X)
    return Submitted(
        account_remote_id=f"brand/{platform}",
        remote_id=remote_id,
        platform=platform,
        kind=Kind.TEXT,
        **parts,
    )


def history(*items: dict[str, Any]) -> dict[str, Any]:
    """A page of the history; each item is of X and of the profile `brand` unless it says so."""
    common = {
        "profile_username": "brand",
        "platform": "x",
        "success": True,
        "upload_timestamp": datetime.now(UTC).isoformat(),
    }
    return {"history": [common | item for item in items], "total": len(items)}
