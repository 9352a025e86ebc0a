"""WayinVideo with answers given one after the other, and the examples of its documents."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx

from bot.domain.clip import ClipRef
from bot.domain.platform import Kind, Platform
from providers.submission import MediaFile, Recipient, Submission
from providers.wayinvideo.service import WayinVideo

DATA = Path(__file__).parent / "data" / "wayinvideo"
URL = "https://wayinvideo.example"
MP4 = b"\x00\x00\x00\x18ftypmp42"


def example(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


class Wire:
    """Gives its answers in turn, the last one for ever, and keeps the requests."""

    def __init__(self, *answers: Any, status: int = 200) -> None:
        self.answers = [
            answer if isinstance(answer, httpx.Response) else httpx.Response(status, json=answer)
            for answer in answers
        ]
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.requests[-1].content)

    @property
    def asked(self) -> list[str]:
        """The requests as method and path."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.requests]


async def ask(wire: Wire, call: Callable[[WayinVideo], Any]) -> Any:
    provider = WayinVideo(
        {"key": " wv_0123456789 \n"}, base_url=URL, transport=httpx.MockTransport(wire)
    )
    try:
        return await call(provider)
    finally:
        await provider.close()


def a_recipient(platform: Platform = Platform.YOUTUBE, **options: str) -> Recipient:
    return Recipient(remote_id="smacct06ixxxxxxx", platform=platform, options=options)


def a_submission(*recipients: Recipient, **parts: Any) -> Submission:
    return Submission(
        key="k",
        caption=parts.get("caption", "Posted by curl test"),
        title=parts.get("title", "API Test Video"),
        kind=Kind.CLIP,
        media=(),
        recipients=recipients or (a_recipient(),),
        at=parts.get("at"),
        clip=parts.get("clip", ClipRef(project_id="prj06ixxxxxxx", index=0)),
    )


def a_file(name: str = "sample-video.mp4") -> MediaFile:
    async def content() -> AsyncIterator[bytes]:
        yield MP4[:4]
        yield MP4[4:]

    return MediaFile(url="", content_type="video/mp4", size=len(MP4), name=name, content=content)
