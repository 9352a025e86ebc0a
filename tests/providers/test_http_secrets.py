"""The HTTP edge: no secret leaves in an error, a log or a picture of an object."""

import asyncio
import json
import logging
import traceback

import httpx
import pytest

from bot.errors import AccountBrokenError, ProviderError
from providers.answer import Redactor
from providers.http import ServiceClient
from tests.providers.http_bench import (
    CALLS,
    SECRET,
    TROUBLE,
    a_client,
    answering,
    failure_of,
    raising,
)

ECHOES = {
    "json": json.dumps({"error": {"message": f"key {SECRET} is bad"}, SECRET: 1}),
    "escaped": json.dumps({"error": f"key {SECRET}"}).replace("/", "\\/").replace("s", "\\u0073"),
    "text": f"key {SECRET} " + "x" * 600 + SECRET,
    "quoted": json.dumps({"error": "https://service.example/?k=sk_canary%2F0123%2B456789"}),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("status", [302, 400, 401, 403, 429, 500])
@pytest.mark.parametrize("form", ECHOES)
async def test_no_secret_in_an_error_about_an_answer(status: int, form: str, call: str):
    """A service that echoes the key does not bring it into an error, however it writes it."""
    client = a_client(answering(status, content=ECHOES[form].encode()))
    no_canary(await failure_of(client, call))


@pytest.mark.parametrize("form", ECHOES)
async def test_no_secret_in_an_answer(form: str):
    """Nor into what a success holds, or the error that it is no JSON."""
    client = a_client(answering(200, content=ECHOES[form].encode()))
    if form == "text":
        no_canary(await failure_of(client, "publish"))
        return
    answer = await client.write("/post")
    await client.close()
    assert "0123" not in answer.excerpt + answer.words + json.dumps(answer.data)


async def test_no_signature_in_an_error_of_a_store():
    """A store that quotes the signed address does not bring its signature into an error."""
    for status in (302, 400, 403, 500):

        def echo(request: httpx.Request, status=status) -> httpx.Response:
            return httpx.Response(status, json={"error": str(request.url)})

        no_canary(await failure_of(a_client(echo), "hand over"))


@pytest.mark.parametrize("kind", TROUBLE, ids=lambda kind: kind.__name__)
async def test_no_secret_in_an_error_about_the_way(kind: type[Exception]):
    """An error of the lower library that quotes the key is not chained to ours."""
    for call in CALLS:
        no_canary(await failure_of(a_client(raising(kind(f"illegal header {SECRET}"))), call))


def no_canary(failure: ProviderError) -> None:
    texts = [str(failure), repr(failure), failure.message, failure.remedy, failure.excerpt]
    texts += traceback.format_exception(failure)
    assert not [text for text in texts if "0123" in text]
    assert failure.__cause__ is None
    assert failure.__context__ is None


@pytest.mark.parametrize("key", ["sk_ä", "sk\n0123", "sk\x00"])
async def test_a_key_that_cannot_be_a_header(key: str):
    """A key that was pasted wrongly is named so, without quoting it and without a call."""
    client = ServiceClient(
        "Service",
        "https://service.example",
        headers={"X-API-Key": key},
        secrets=[key],
        transport=httpx.MockTransport(answering(200, json={})),
    )
    failure = await failure_of(client, "publish")
    assert isinstance(failure, AccountBrokenError)
    assert key not in str(failure)


async def test_the_client_does_not_show_its_key():
    """Neither the client nor its redactor prints a secret."""
    client = a_client(answering(200, json={}))
    assert "canary" not in repr(client) + str(client) + repr(Redactor([SECRET]))
    await client.close()


async def test_logs_hold_no_key(caplog: pytest.LogCaptureFixture):
    """Not even the lower libraries' debug lines show the key."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    caplog.set_level(logging.DEBUG)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        client = ServiceClient("Service", address, headers={"X-API-Key": SECRET}, secrets=[SECRET])
        await client.read("/x")
        await client.close()
    assert "httpcore" in {record.name.split(".")[0] for record in caplog.records}
    assert "0123" not in caplog.text


def test_short_secrets_maim_nothing():
    """A few characters are no secret: taking them out would change ids and words."""
    assert Redactor(["1", "", "abc"]).data({"id": "1abc"}) == {"id": "1abc"}
