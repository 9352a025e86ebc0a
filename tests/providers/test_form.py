"""Forms and files as they arrive at a service over a real socket: whole, streamed, or broken off."""

import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

import pytest
from aiohttp import BodyPartReader, web

from bot.errors import TryLaterError
from providers.form import Form, FormFile
from providers.http import ServiceClient
from tests.providers.contract_simulated import served

MB = 1 << 20
ODD = ['a "quoted" name', "two\r\nlines", "émoji 😀", "semi;colon=1", " "]


@dataclass
class Service:
    """A service that takes forms and files, and what arrived."""

    address: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, str, str, str, int]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def form(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.filename is None:
                self.fields.append((unquote(part.name or ""), await part.text()))
            else:
                self.files.append(await _taken(part))
        return web.json_response({"ok": True})

    async def file(self, request: web.Request) -> web.Response:
        self.headers.append(dict(request.headers))
        size = 0
        async for piece in request.content.iter_chunked(1 << 16):
            size += len(piece)
        self.files.append(("", "", request.content_type, "", size))
        return web.Response()


async def _taken(part: BodyPartReader) -> tuple[str, str, str, str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := await part.read_chunk(1 << 16):
        digest.update(piece)
        size += len(piece)
    kind = part.headers["Content-Type"]
    return unquote(part.name or ""), unquote(part.filename or ""), kind, digest.hexdigest(), size


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service on a free port."""
    service = Service()
    app = web.Application()
    app.router.add_post("/form", service.form)
    app.router.add_put("/file", service.file)
    async with served(app) as service.address:
        yield service


@pytest.fixture
async def client(service: Service) -> AsyncIterator[ServiceClient]:
    """A client with a key."""
    client = ServiceClient(
        "Service", service.address, headers={"X-API-Key": "canary"}, secrets=["canary"]
    )
    yield client
    await client.close()


def a_file(name: str, size: int, *, announced: int | None = None, piece: int = MB) -> FormFile:
    async def content() -> AsyncIterator[bytes]:
        for _ in range(size // piece):
            yield b"v" * piece
        yield b"v" * (size % piece)

    return FormFile(
        field="video",
        name=name,
        content_type="video/mp4",
        size=size if announced is None else announced,
        content=content,
    )


async def test_what_is_sent_arrives(service: Service, client: ServiceClient):
    """Fields in their order, repeated ones too, and files with names, types and bytes."""
    fields = [("platform[]", "x"), ("platform[]", "tiktok"), *((name, name) for name in ODD)]
    files = [a_file(name, 1000) for name in ODD]
    assert (await client.write_form("/form", fields, files)).data == {"ok": True}
    assert service.fields == fields
    digest = hashlib.sha256(b"v" * 1000).hexdigest()
    assert service.files == [("video", name, "video/mp4", digest, 1000) for name in ODD]
    (headers,) = service.headers
    assert headers["X-API-Key"] == "canary"
    assert headers["Content-Length"].isdigit()
    assert "Transfer-Encoding" not in headers


async def test_the_length_is_right():
    """The length that is announced is that of the bytes, whatever they hold."""
    for files in ([], [a_file("a.mp4", 5000), a_file("😀.mp4", 0)]):
        form = Form([(name, name) for name in ODD], files)
        body = b"".join([piece async for piece in form.stream()])
        assert form.headers["Content-Length"] == str(len(body)) == str(form.size)


async def test_a_large_file_is_not_held(service: Service, client: ServiceClient):
    """Memory stays that of a few pieces, in a form and as a file of its own."""
    file = a_file("large.mp4", 64 * MB)
    tracemalloc.start()
    try:
        await client.write_form("/form", [("a", "b")], [file])
        address = f"{service.address}/file"
        await client.hand_over(address, file.content, size=file.size, headers={})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [size for *_, size in service.files] == [64 * MB] * 2
    assert peak < 16 * MB


async def test_a_signed_address_gets_the_file_alone(service: Service, client: ServiceClient):
    """Neither our key nor any other header of the service goes to its store."""
    file = a_file("a.mp4", 1000)
    await client.hand_over(
        f"{service.address}/file", file.content, size=1000, headers={"Content-Type": "video/mp4"}
    )
    (headers,) = service.headers
    assert (headers["Content-Type"], headers["Content-Length"]) == ("video/mp4", "1000")
    assert "canary" not in str(headers)
    own = {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}
    assert headers.keys() - own == {"Content-Type", "Content-Length"}
    assert service.files == [("", "", "video/mp4", "", 1000)]


async def unreadable() -> AsyncIterator[bytes]:
    yield b"v" * 500
    raise RuntimeError("bucket canary-secret is gone")


@pytest.mark.parametrize(
    "file",
    [
        a_file("short.mp4", 900, announced=1000),
        a_file("long.mp4", 2000, announced=1000, piece=500),
        FormFile(field="v", name="a", content_type="video/mp4", size=1000, content=unreadable),
    ],
    ids=["too short", "too long", "unreadable"],
)
async def test_a_file_that_is_not_whole_is_never_accepted(
    service: Service, client: ServiceClient, file: FormFile
):
    """The body breaks off before its end, so the call may be made again."""
    with pytest.raises(TryLaterError) as caught:
        await client.write_form("/form", [("a", "b")], [file])
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None
    whole = a_file("whole.mp4", 10)
    assert (await client.write_form("/form", [], [whole])).data == {"ok": True}
    assert [name for _, name, *_ in service.files if name == "whole.mp4"] == ["whole.mp4"]
    address = f"{service.address}/file"
    with pytest.raises(TryLaterError):
        await client.hand_over(address, file.content, size=file.size, headers={})


async def test_each_call_reads_a_file_from_its_beginning(service: Service, client: ServiceClient):
    """A file can be sent again, whole."""
    opened = 0
    whole = a_file("a.mp4", 1000)

    def content() -> AsyncIterator[bytes]:
        nonlocal opened
        opened += 1
        return whole.content()

    file = replace(whole, content=content)
    for _ in range(2):
        await client.write_form("/form", [], [file])
    assert opened == 2
    assert [size for *_, size in service.files] == [1000, 1000]
