"""Upload-Post as a service: submissions, the forms they become, and its simulator."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import httpx

from bot.domain.platform import Kind, Platform
from providers.submission import MediaFile, Receipt, Recipient, Submission, Submitted
from providers.upload_post.service import UploadPost
from tests.providers.upload_post_bench import BASE, KEY, Wire
from tests.sandbox.upload_post_bench import KEY as SIMULATED_KEY
from tests.sandbox.upload_post_bench import Service, upload_post_served

DATA = Path(__file__).parent / "data" / "upload_post"
VIDEO_URL = "https://media.example/roast.mp4"
PHOTO_URLS = ("https://media.example/1.jpg", "https://media.example/2.jpg")
ACCEPTED = {"success": True, "request_id": "r1", "total_platforms": 1}
BODY = b"\xff\xd8\xff\xe0jpeg"


def recorded(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text())


def to(platform: Platform, profile: str = "brand", **options: str) -> Recipient:
    return Recipient(remote_id=f"{profile}/{platform}", platform=platform, options=options)


def by_url(*urls: str, seconds: float | None = None) -> tuple[MediaFile, ...]:
    return tuple(
        MediaFile(
            url=url,
            content_type="video/mp4" if url.endswith("mp4") else "image/jpeg",
            size=1,
            name=url.rsplit("/", 1)[-1],
            seconds=seconds,
        )
        for url in urls
    )


def by_content(name: str, body: bytes = BODY) -> MediaFile:
    async def content() -> AsyncIterator[bytes]:
        yield body

    return MediaFile(url="", content_type="image/jpeg", size=len(body), name=name, content=content)


def a_submission(kind: Kind, *recipients: Recipient, **parts: Any) -> Submission:
    media = {Kind.VIDEO: by_url(VIDEO_URL), Kind.PHOTOS: by_url(*PHOTO_URLS), Kind.TEXT: ()}
    return Submission(
        key=parts.pop("key", "copydesk-7-1-12"),
        caption=parts.pop("caption", "Fresh beans on Friday"),
        title=parts.pop("title", ""),
        kind=kind,
        media=parts.pop("media", media[kind]),
        recipients=recipients,
        **parts,
    )


async def published(wire: Wire, submission: Submission) -> list[Receipt]:
    provider = UploadPost({"key": KEY}, base_url=BASE, transport=httpx.MockTransport(wire))
    try:
        return await provider.publish(submission)
    finally:
        await provider.close()


async def form_of(submission: Submission) -> list[list[str]]:
    """The fields a submission is sent as, in order; a file is its name."""
    wire = Wire(POST__upload=ACCEPTED, POST__upload_photos=ACCEPTED, POST__upload_text=ACCEPTED)
    await published(wire, submission)
    return fields_of(wire.requests[0])


def fields_of(request: httpx.Request) -> list[list[str]]:
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + request.content)
    found: list[list[str]] = []
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        found.append([name, part.get_filename() or content.decode()])
    return found


def questions(
    submission: Submission, receipts: Sequence[Receipt], at: datetime | None = None
) -> list[Submitted]:
    """The questions about each account of a submission."""
    return [
        Submitted(
            account_remote_id=recipient.remote_id,
            remote_id=receipt.remote_id,
            platform=recipient.platform,
            kind=submission.kind,
            at=at,
        )
        for recipient, receipt in zip(submission.recipients, receipts, strict=True)
    ]


@asynccontextmanager
async def beside_the_simulator(folder: Path) -> AsyncIterator[tuple[UploadPost, Service]]:
    """Serve the simulator, with a connection to it."""
    async with upload_post_served(folder) as service:
        provider = UploadPost({"key": SIMULATED_KEY}, base_url=f"{service.address}/api")
        try:
            yield provider, service
        finally:
            await provider.close()
