"""The HTTP side, over a real socket."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web as server

from bot import scheduler as scheduling
from bot import web
from bot.domain.media import Media
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.workflow import intake
from bot.workflow.desk import Desk
from bot.workflow.media_links import LIFETIME
from tests.factories import SERVER
from tests.pictures import PNG, in_pieces
from tests.scripted import Clock

DATA = PNG + bytes(1_000_000)


async def idle() -> None:
    """Do nothing."""


@pytest.fixture
async def http(desk: Desk) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve on a free port, and speak to it."""
    scheduler = Scheduler()
    scheduler.add("idle", idle)
    settings = Settings.model_validate({"http_port": 0})
    runner = await web.serve(web.build(desk, scheduler), settings)
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as session:
        yield session
    await runner.cleanup()


@pytest.fixture
async def media(desk: Desk) -> Media:
    """Keep a picture."""
    return await intake.keep(desk, SERVER, "a.png", in_pieces(DATA))


def path_of(desk: Desk, media: Media) -> str:
    """Make the path of a link."""
    return desk.links.make(SERVER, media, desk.now()).removeprefix("https://desk.example")


async def test_good_link(desk: Desk, http: aiohttp.ClientSession, media: Media) -> None:
    """A service that fetches a file gets its bytes, its type and its length."""
    async with http.get(path_of(desk, media)) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Length"] == str(len(DATA))
        assert await answer.read() == DATA


async def test_head(desk: Desk, http: aiohttp.ClientSession, media: Media) -> None:
    """A service may ask for the length before it fetches."""
    for _ in range(2):  # the connection stays usable
        async with http.head(path_of(desk, media)) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Length"] == str(len(DATA))


SIZE = len(DATA)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, SIZE),
        ("bytes=0-99", 0, 100),
        ("bytes=999000-999999", 999_000, 1_000_000),
        (f"bytes=100-{SIZE * 2}", 100, SIZE),
        ("bytes=-50", SIZE - 50, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_part(
    desk: Desk,
    http: aiohttp.ClientSession,
    media: Media,
    asked: str,
    start: int,
    end: int,
    method: str,
) -> None:
    """A service that fetches in parts gets each part, with its place in the whole."""
    async with http.request(
        method, path_of(desk, media), headers={"Range": asked, "If-Range": f'"{media.sha256}"'}
    ) as answer:
        assert answer.status == 206
        assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
        assert answer.headers["Content-Length"] == str(end - start)
        assert await answer.read() == (DATA[start:end] if method == "GET" else b"")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-1,5-6"},
        {"Range": "lines=1-2"},
        {"Range": "bytes=9-1"},
        {"Range": "bytes=0-9", "If-Range": '"another"'},
    ],
)
async def test_no_part(
    desk: Desk, http: aiohttp.ClientSession, media: Media, headers: dict[str, str]
) -> None:
    """Where no single part of this file is asked for, the whole is given."""
    async with http.get(path_of(desk, media), headers=headers) as answer:
        assert (answer.status, await answer.read()) == (200, DATA)


async def test_part_beyond_the_end(desk: Desk, http: aiohttp.ClientSession, media: Media) -> None:
    """A part that the file has not is refused with the file's length."""
    async with http.get(path_of(desk, media), headers={"Range": f"bytes={SIZE}-"}) as answer:
        assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


async def test_file_that_is_known(
    desk: Desk, http: aiohttp.ClientSession, media: Media, clock: Clock
) -> None:
    """Whoever has the file is not sent it again, and may keep it as long as the link is good."""
    clock.forward(LIFETIME / 2)
    path = path_of(desk, media)
    clock.forward(LIFETIME / 4)
    async with http.get(path) as answer:
        tag = answer.headers["ETag"]
        kept = LIFETIME.total_seconds() * 3 / 4
        assert answer.headers["Cache-Control"] == f"private, max-age={kept:.0f}, immutable"
        assert answer.headers["Accept-Ranges"] == "bytes"
    async with http.get(path, headers={"If-None-Match": tag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"/{SERVER}/", f"/{SERVER + 1}/"),
        (".png", ".exe"),
        ("/media/", "/media/../media/"),
    ],
)
async def test_changed_link(
    desk: Desk, http: aiohttp.ClientSession, media: Media, old: str, new: str
) -> None:
    """A link that was changed leads nowhere."""
    path = path_of(desk, media)
    changed = path.replace(old, new)
    assert changed != path
    async with http.get(changed) as answer:
        assert answer.status == (200 if ".." in new else 403)


@pytest.mark.parametrize("signature", ["A" * 24, "%C3%A9", "x"])
async def test_forged_link(
    desk: Desk, http: aiohttp.ClientSession, media: Media, signature: str
) -> None:
    """A link with a made-up signature is refused, whatever stands in it."""
    _, start, server_id, expires, _, name = path_of(desk, media).split("/")
    async with http.get(f"/{start}/{server_id}/{expires}/{signature}/{name}") as answer:
        assert answer.status == 403
        assert await answer.text() == "This link is not valid, or not valid any more."


async def test_expired_link(
    desk: Desk, http: aiohttp.ClientSession, media: Media, clock: Clock
) -> None:
    """A link is good for its lifetime only."""
    path = path_of(desk, media)
    clock.forward(LIFETIME)
    async with http.get(path) as answer:
        assert answer.status == 403


async def test_file_that_is_gone(desk: Desk, http: aiohttp.ClientSession, media: Media) -> None:
    """A good link to a file that is gone says so."""
    gone = replace(media, sha256="00" * 32)
    async with http.get(path_of(desk, gone)) as answer:
        assert answer.status == 404


async def test_health(http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health is good while the ticks run, and bad when they stall."""
    async with http.get("/health") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})
    monkeypatch.setattr(scheduling, "STALLED_AFTER", timedelta(0))
    async with http.get("/health") as answer:
        assert (answer.status, await answer.json()) == (503, {"status": "the ticks stall"})


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        (None, "127.0.0.1"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
        ("http://localhost", "127.0.0.1"),
        ("https://desk.example", "0.0.0.0"),  # noqa: S104 - what is tested
    ],
)
async def test_who_can_reach_it(desk: Desk, public_url: str | None, host: str) -> None:
    """Other machines reach it only where a public address says that they should."""
    settings = Settings.model_validate({"public_url": public_url, "http_port": 0})
    runner: server.AppRunner = await web.serve(web.build(desk, Scheduler()), settings)
    assert runner.addresses[0][0] == host
    await runner.cleanup()


async def test_health_of_ticks_that_fail(desk: Desk) -> None:
    """Health says which tick fails, as long as it does; why is for the log, not for strangers."""

    async def fail() -> None:
        raise RuntimeError("database or disk is full")

    scheduler = Scheduler()
    scheduler.add("publish", fail)
    await scheduler._ticks["publish"]._run_once()
    settings = Settings.model_validate({"http_port": 0})
    runner = await web.serve(web.build(desk, scheduler), settings)
    host, port = runner.addresses[0]
    async with aiohttp.ClientSession(f"http://{host}:{port}") as http, http.get("/health") as found:
        assert found.status == 503
        assert await found.json() == {"status": "the ticks fail", "ticks": ["publish"]}
    await runner.cleanup()
