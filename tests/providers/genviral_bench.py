"""Genviral with a service that gives prepared answers, and the examples of its documentation."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from bot.domain.platform import Kind, Platform
from providers.genviral.service import Genviral
from providers.submission import MediaFile, Receipt, Recipient, Submission, Submitted

DATA = Path(__file__).parent / "data" / "genviral"
POST = "11111111-1111-1111-1111-111111111111"
HOSTED_TIKTOK = "0f4f54d4-8cce-4fb7-8c7b-befbcb8af812"
VIDEO = "https://cdn.example.com/recap.mp4"
PHOTOS = ("https://cdn.example.com/1.jpg", "https://cdn.example.com/2.jpg")
PUBLIC = "PUBLIC_TO_EVERYONE"

Answer = tuple[int, Any]


def example(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


class Wire:
    """Answers by method and the end of the path; `GET /accounts` as documented unless told."""

    def __init__(self, answers: Mapping[str, Answer | Any] | None = None) -> None:
        self._answers = {"GET /accounts": example("accounts"), **(answers or {})}
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = request.url.path.removeprefix("/v1")
        answer = self._answers[f"{request.method} {path}"]
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return httpx.Response(status, json=body)

    @property
    def asked(self) -> list[str]:
        return [f"{one.method} {one.url.path.removeprefix('/v1')}" for one in self.requests]

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.requests[-1].content)


async def ask(wire: Wire, call: Callable[[Genviral], Any]) -> Any:
    provider = Genviral(
        {"key": " gva_live_1.hush-hush \n"},
        base_url="https://genviral.example/v1/",
        transport=httpx.MockTransport(wire),
    )
    try:
        return await call(provider)
    finally:
        await provider.close()


def a_video(seconds: float | None = 42.0, url: str = VIDEO) -> MediaFile:
    return MediaFile(
        url=url,
        content_type="video/mp4",
        size=9,
        name="recap.mp4",
        seconds=seconds,
        content=nine_bytes,
    )


async def nine_bytes() -> AsyncIterator[bytes]:
    yield b"123456789"


def photos() -> tuple[MediaFile, ...]:
    return tuple(MediaFile(url=url, content_type="image/jpeg", size=9) for url in PHOTOS)


def a_recipient(platform: Platform, account: str = "", **options: str) -> Recipient:
    return Recipient(remote_id=account or f"{platform}-1", platform=platform, options=options)


def a_submission(*recipients: Recipient, kind: Kind = Kind.VIDEO, **parts: Any) -> Submission:
    media = {Kind.VIDEO: (a_video(),), Kind.PHOTOS: photos(), Kind.TEXT: ()}
    return Submission(
        key=parts.get("key", "copydesk-7-1"),
        caption=parts.get("caption", "A caption"),
        title=parts.get("title", ""),
        kind=kind,
        media=parts.get("media", media.get(kind, ())),
        recipients=recipients,
        at=parts.get("at"),
    )


async def publish(submission: Submission, answer: Any = None) -> tuple[list[Receipt], Wire]:
    wire = Wire({"POST /posts": answer or (201, example("created"))})
    return await ask(wire, lambda genviral: genviral.publish(submission)), wire


async def sent(submission: Submission) -> dict[str, Any]:
    _, wire = await publish(submission)
    assert wire.requests[-1].headers["Authorization"] == "Bearer gva_live_1.hush-hush"
    assert wire.asked[-1] == "POST /posts"
    return wire.body


async def sent_for(
    platform: Platform, kind: Kind = Kind.VIDEO, headline: str = "", **options: str
) -> dict[str, Any]:
    """The body of a post to one account with these options."""
    return await sent(a_submission(a_recipient(platform, **options), kind=kind, title=headline))


def a_question(account: str = "account-1", post: str = POST, **parts: Any) -> Submitted:
    return Submitted(
        account_remote_id=account,
        remote_id=post,
        platform=parts.get("platform", Platform.YOUTUBE),
        kind=parts.get("kind", Kind.VIDEO),
        at=parts.get("at"),
    )


def a_post(status: str, *states: dict[str, Any], post: str = POST, **parts: Any) -> dict[str, Any]:
    """The answer to a question about a post."""
    data = {"id": post, "status": status, "accounts": {"states": list(states)}, **parts}
    return {"ok": True, "code": 200, "message": "Post retrieved", "data": data}


async def status(answers: Mapping[str, Any], *questions: Submitted) -> tuple[list[Receipt], Wire]:
    wire = Wire({f"GET /posts/{post}": answer for post, answer in answers.items()})
    return await ask(wire, lambda genviral: genviral.status(questions)), wire
