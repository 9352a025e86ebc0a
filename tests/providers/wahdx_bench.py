"""WAHDX with a service that gives one answer, and the examples of its documentation (seed 002)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bot.domain.platform import Kind, Platform
from providers.submission import MediaFile, Receipt, Recipient, Submission, Submitted
from providers.wahdx.service import Wahdx

DATA = Path(__file__).parent / "data" / "wahdx"
TIKTOK_LINK = "https://www.tiktok.com/@mybrand/video/7489123456789012345"
INSTAGRAM_LINK = "https://www.instagram.com/p/ABC123XYZ/"


def example(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


class Wire:
    """Answers every request alike and keeps the bodies."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.answer, self.status = answer, status
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, json=self.answer)

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.requests[-1].content)


async def ask(wire: Wire, call: Callable[[Wahdx], Any]) -> Any:
    provider = Wahdx(
        {"key": " sk_1 \n"},
        base_url="https://wahdx.example/",
        transport=httpx.MockTransport(wire),
    )
    try:
        return await call(provider)
    finally:
        await provider.close()


def a_submission(
    platform: Platform, kind: Kind = Kind.VIDEO, urls: tuple[str, ...] = (), **parts: Any
) -> Submission:
    content_type = "video/mp4" if kind is Kind.VIDEO else "image/jpeg"
    return Submission(
        key="k",
        caption=parts.get("caption", "A caption"),
        title=parts.get("title", ""),
        kind=kind,
        media=tuple(MediaFile(url=url, content_type=content_type, size=1) for url in urls),
        recipients=(
            Recipient(
                remote_id="YOUR_ACCOUNT_ID", platform=platform, options=parts.get("options", {})
            ),
        ),
    )


async def sent(submission: Submission) -> dict[str, Any]:
    wire = Wire(example("post_tiktok"))
    await ask(wire, lambda wahdx: wahdx.publish(submission))
    assert wire.requests[0].headers["X-API-Key"] == "sk_1"
    assert str(wire.requests[0].url) == "https://wahdx.example/api/content/post"
    return wire.body


async def status(answer: Any, *submitted: Submitted) -> list[Receipt]:
    return await ask(Wire(answer), lambda wahdx: wahdx.status(submitted))


def a_question(account: str, publish_id: str, **parts: Any) -> Submitted:
    return Submitted(
        account_remote_id=account,
        remote_id=publish_id,
        platform=parts.get("platform", Platform.TIKTOK),
        kind=parts.get("kind", Kind.VIDEO),
    )


VIDEO = ("https://your-domain.com/video.mp4",)
PHOTOS = ("https://your-domain.com/photo1.jpg", "https://your-domain.com/photo2.jpg")
