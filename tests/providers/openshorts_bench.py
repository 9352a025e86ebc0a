"""OpenShorts with a server that answers as recorded, and the examples of its documentation."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bot.domain.clip import ClipRef
from bot.domain.platform import Kind, Platform
from providers.openshorts.service import OpenShorts
from providers.submission import Recipient, Submission, Submitted

DATA = Path(__file__).parent / "data" / "openshorts"
RECORDED: dict[str, dict[str, Any]] = {
    item["name"]: item for item in json.loads((DATA / "captures.json").read_text())["captures"]
}
JOB = "09172eae-2663-4771-bc18-fa293bb7ebbc"  # the one that was recorded, of two clips
ALL = (Platform.TIKTOK, Platform.INSTAGRAM, Platform.YOUTUBE)

CREDENTIALS = {
    "url": " http://openshorts.example:8000/ ",
    "key": " YOUR_UPLOAD_POST_KEY\n",
    "profile": "myusername",
}


def example(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


class Wire:
    """A server whose jobs are completed, with one answer to everything else; keeps requests.

    `answers` go before, by method and end of the path: (status, JSON).
    """

    def __init__(
        self,
        answer: Any = None,
        status: int = 200,
        answers: dict[tuple[str, str], tuple[int, Any]] | None = None,
    ) -> None:
        self.answer, self.status = answer, status
        self.answers = answers or {}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        for (method, ending), (status, body) in self.answers.items():
            if request.method == method and request.url.path.endswith(ending):
                return httpx.Response(status, json=body)
        if request.url.path.startswith("/api/status/"):
            return httpx.Response(200, json=_completed())
        return httpx.Response(self.status, json=self.answer)

    def sent(self, path: str) -> httpx.Request:
        """The one request to a path."""
        (request,) = [item for item in self.requests if item.url.path == path]
        return request

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.sent("/api/social/post").content)


def _completed() -> Any:
    return RECORDED["status_completed"]["response"]["body"]


def recorded_wire(name: str, **parts: Any) -> Wire:
    """A server that gives one recorded answer."""
    response = RECORDED[name]["response"]
    body = response["body"]
    return Wire(json.loads(body) if isinstance(body, str) else body, response["status"], **parts)


async def ask(wire: Wire, call: Callable[[OpenShorts], Any], **credentials: str) -> Any:
    provider = OpenShorts(
        CREDENTIALS | credentials,
        base_url="https://upload-post.example/api",
        transport=httpx.MockTransport(wire),
    )
    try:
        return await call(provider)
    finally:
        await provider.close()


def a_submission(*platforms: Platform, **parts: Any) -> Submission:
    return Submission(
        key="k",
        caption=parts.pop("caption", "My desc #a"),
        title=parts.pop("title", "My title"),
        kind=parts.pop("kind", Kind.CLIP),
        media=(),
        recipients=tuple(
            Recipient(remote_id=f"myusername/{platform}", platform=platform)
            for platform in platforms or ALL
        ),
        clip=parts.pop("clip", ClipRef(project_id=JOB, index=0)),
        **parts,
    )


def a_question(platform: Platform, remote_id: str = "request:req_abc", **parts: Any) -> Submitted:
    return Submitted(
        account_remote_id=f"myusername/{platform}",
        remote_id=remote_id,
        platform=platform,
        kind=Kind.CLIP,
        **parts,
    )
