"""A service that gives its recorded answers, as `data/<name>/contract.json` tells."""

import json
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.domain.clip import ClipRef
from bot.domain.media import EXTENSIONS
from bot.domain.platform import Kind, Platform
from bot.errors import ProviderError
from providers.base import Provider, ReadsStatus
from providers.catalogue import PROVIDERS
from providers.submission import MediaFile, Recipient, Submission, Submitted

DATA = Path(__file__).parent / "data"
TYPES = {Kind.VIDEO: "video/mp4", Kind.PHOTOS: "image/jpeg"}

Handler = Callable[[httpx.Request], httpx.Response]


def contract(name: str) -> dict[str, Any]:
    """What a service's answers and simulator are; a service without them fails here."""
    file = DATA / name / "contract.json"
    if not file.is_file():
        pytest.fail(f"The service {name} has no recorded answers: {file} does not exist.")
    return json.loads(file.read_text())


@dataclass
class Bench:
    """One service with its recorded answers and a transport that plays them.

    `requests` are those that trouble may befall: all but the reads that come before a publish
    call.
    """

    name: str
    requests: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.case = contract(self.name)
        self.before: dict[str, str] = self.case["publish"].get("before", {})

    @property
    def secrets(self) -> list[str]:
        fields = PROVIDERS[self.name].capabilities.credentials
        return [self.case["credentials"][field.name] for field in fields if field.secret]

    def recorded(self, file: str) -> Any:
        return json.loads((DATA / self.name / file).read_text())

    def provider(self, handler: Handler) -> Provider:
        def handle(request: httpx.Request) -> httpx.Response:
            for ending, file in self.before.items():
                if request.method == "GET" and request.url.path.endswith(ending):
                    return httpx.Response(200, json=self.recorded(file))
            self.requests.append(request)
            return handler(request)

        return PROVIDERS[self.name](
            self.case["credentials"],
            base_url="https://service.example",
            transport=httpx.MockTransport(handle),
        )

    def submission(self) -> Submission:
        kind = Kind(self.case["kind"])
        clip = self.case.get("clip")
        return Submission(
            key="post-1-revision-1",
            caption="A caption",
            title="",
            kind=kind,
            media=(_file(TYPES[kind]),) if kind in TYPES else (),
            recipients=(
                Recipient(
                    remote_id="account-1",
                    platform=Platform(self.case["platform"]),
                    options=self.case["options"],
                ),
            ),
            clip=ClipRef(**clip) if clip else None,
        )

    def submitted(self) -> Submitted:
        return Submitted(
            account_remote_id="account-1",
            remote_id=self.case["publish"]["remote_id"],
            platform=Platform(self.case["platform"]),
            kind=Kind(self.case["kind"]),
        )

    async def call(self, name: str, handler: Handler) -> Any:
        provider = self.provider(handler)
        try:
            match name:
                case "publish":
                    return await provider.publish(self.submission())
                case "accounts":
                    return await provider.accounts()
                case _:
                    assert isinstance(provider, ReadsStatus)
                    return await provider.status([self.submitted()])
        finally:
            await provider.close()

    async def failure(self, name: str, handler: Handler) -> ProviderError:
        with pytest.raises(ProviderError) as caught:
            await self.call(name, handler)
        return caught.value


def _file(content_type: str) -> MediaFile:
    name = f"file.{EXTENSIONS[content_type]}"

    async def content():
        yield b"123456789"

    return MediaFile(
        url=f"https://media.example/{name}",
        content_type=content_type,
        size=9,
        name=name,
        seconds=5.0 if content_type.startswith("video") else None,
        content=content,
    )


def answer(status: int = 200, **parts: Any) -> Handler:
    return lambda request: httpx.Response(status, **parts)


def trouble(kind: type[Exception]) -> Handler:
    def handle(request: httpx.Request) -> httpx.Response:
        raise kind(f"trouble with {dict(request.headers)} {request.content!r}")

    return handle


def echo(status: int) -> Handler:
    """Answer with all that was sent, as careless services do."""

    def handle(request: httpx.Request) -> httpx.Response:
        sent = {"url": str(request.url), **dict(request.headers)}
        content = request.content.decode(errors="replace")
        body = {"error": str(sent), "success": False, "echo": sent, "body": content}
        return httpx.Response(status, json=body)

    return handle


def no_secret(secrets: list[str], failure: ProviderError) -> None:
    """Nothing that is shown, stored or logged of an error holds a secret."""
    texts = [failure.message, failure.remedy, failure.excerpt, repr(failure)]
    texts += traceback.format_exception(failure)
    for secret in secrets:
        assert not [text for text in texts if secret in text]
    assert failure.__cause__ is None
    assert failure.__context__ is None
