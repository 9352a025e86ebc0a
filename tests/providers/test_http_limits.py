"""The HTTP edge: what a call may hold, how long it may take, and how many there are at once."""

import asyncio
import contextlib

import httpx
import pytest

from bot.errors import ContentRejectedError, OutcomeUnknownError, ProtocolBrokenError, TryLaterError
from providers import call, slots
from providers.call import PUBLISH, Call
from tests.providers.http_bench import FILE, a_client, answering, failure_of


async def test_a_text_that_cannot_be_written_is_refused():
    """Half of a character pair cannot be sent and never will be."""
    client = a_client(answering(200, json={}))
    with pytest.raises(ContentRejectedError):
        await client.write("/post", {"content": "\ud83d"})
    with pytest.raises(ContentRejectedError):
        await client.write_form("/post", [("content", "\ud83d")])
    await client.close()


async def test_a_body_without_end_is_not_read():
    """An answer is read up to its bound and then no longer understood."""
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 1 << 16
            yield b" " * (1 << 16)

    failure = await failure_of(
        a_client(lambda request: httpx.Response(200, content=endless())), "publish"
    )
    assert isinstance(failure, ProtocolBrokenError)
    assert read <= PUBLISH.body + (2 << 16)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[" * 100_000, b'"\\ud800"', b"\xff", b"null"]
)
async def test_what_is_no_json_is_no_answer(content: bytes):
    """A success whose body is not JSON is a broken protocol, on a write perhaps an accepted post."""
    failure = await failure_of(a_client(answering(200, content=content)), "publish")
    assert isinstance(failure, ProtocolBrokenError)


async def test_words_come_without_control_characters():
    """What a service says can be stored and shown: no NUL, no line feeds."""
    failure = await failure_of(a_client(answering(400, json={"error": "a\x00b\nc"})), "publish")
    assert "a b c" in failure.message
    assert "\\u0000" in failure.excerpt


async def test_the_whole_call_has_a_deadline():
    """A service that sends a byte now and then is given up all the same."""

    async def dribble():
        while True:
            yield b" "
            await asyncio.sleep(0.01)

    client = a_client(lambda request: httpx.Response(200, content=dribble()))
    short = Call(asks_to="publish", read_seconds=5, total_seconds=0.05)
    with pytest.raises(OutcomeUnknownError):
        await client.write("/post", {}, call=short)
    await client.close()


async def test_a_file_has_the_time_its_size_needs(monkeypatch: pytest.MonkeyPatch):
    """The deadline of a call grows with what is sent, down to a slowest speed."""

    async def receive(request: httpx.Request) -> httpx.Response:
        await request.aread()
        await asyncio.sleep(0.1)
        return httpx.Response(200, json={})

    short = Call(asks_to="publish", read_seconds=5, total_seconds=0.02)
    client = a_client(receive)
    with pytest.raises(OutcomeUnknownError):
        await client.write_form("/post", [], [FILE], call=short)
    monkeypatch.setattr(call, "SLOWEST", 0.01)  # bytes a second: three bytes may take minutes
    await client.write_form("/post", [], [FILE], call=short)
    await client.close()


async def test_no_more_than_so_many_calls_are_in_flight(monkeypatch: pytest.MonkeyPatch):
    """The process has a limit of its own over all connections; who waits too long was not sent."""
    arrived, full, gate = 0, asyncio.Event(), asyncio.Event()

    async def handle(request: httpx.Request) -> httpx.Response:
        nonlocal arrived
        arrived += 1
        if arrived == slots.MAX_CALLS:
            full.set()
        await gate.wait()
        return httpx.Response(200, json={})

    clients = [a_client(handle) for _ in range(3)]
    calls = [
        asyncio.create_task(clients[number % 3].write("/post", {}))
        for number in range(slots.MAX_CALLS)
    ]
    await full.wait()
    monkeypatch.setattr(slots, "SLOT_SECONDS", 0.02)
    late = await failure_of(a_client(handle), "publish")
    gate.set()
    await asyncio.gather(*calls)
    for client in clients:
        await client.close()
    assert isinstance(late, TryLaterError)
    assert arrived == slots.MAX_CALLS


async def test_a_cancelled_call_gives_its_slot_back():
    """Calls that are cancelled at shut-down do not use up the limit."""

    async def handle(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = a_client(handle)
    for _ in range(slots.MAX_CALLS + 5):
        call = asyncio.create_task(client.write("/post", {}))
        await asyncio.sleep(0)
        call.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await call
    await client.close()
    client = a_client(answering(200, json={"fine": 1}))
    assert (await client.read("/x")).data == {"fine": 1}
    await client.close()
