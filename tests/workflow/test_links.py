"""Files behind links that people give, fetched over real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from bot.domain.media import MAX_SIZE
from bot.errors import InputError
from bot.workflow import intake
from bot.workflow.desk import Desk
from providers import fetcher
from providers.fetcher import Fetcher
from tests.factories import SERVER
from tests.pictures import PNG

PAGE = "<html><title>Sign in</title></html>"

LEADS_TO = {
    "hop": "/cup.png",
    "loop": "/loop",
    "inside": "http://169.254.169.254/latest/meta-data",
    "local": "file:///etc/passwd",
}


class Site:
    """Somebody's web server, on this machine."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.url = ""

    def app(self) -> web.Application:
        """Its pages."""
        app = web.Application()
        app.router.add_get("/{name:.+}", self._page)
        return app

    async def _page(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(request.path)
        if name in LEADS_TO:
            raise web.HTTPFound(LEADS_TO[name])
        if name.isdecimal():
            return web.Response(status=int(name), text=PAGE)
        match name:
            case "page":
                return web.Response(text=PAGE, content_type="text/html")
            case "named":
                header = {"Content-Disposition": "attachment; filename*=UTF-8''caf%C3%A9%2Fx.png"}
                return web.Response(body=PNG, headers=header)
            case "large":
                response = web.StreamResponse(headers={"Content-Length": str(MAX_SIZE + 1)})
                await response.prepare(request)
                return response
            case "cut":
                response = web.StreamResponse(headers={"Content-Length": "1000"})
                await response.prepare(request)
                await response.write(PNG[:20])
                assert request.transport
                request.transport.abort()
                return response
            case "packed":
                return web.Response(body=b"x", headers={"Content-Encoding": "gzip"})
            case _:
                return web.Response(body=PNG)


@asynccontextmanager
async def serving(site: Site) -> AsyncIterator[None]:
    """Serve a site on a free port."""
    runner = web.AppRunner(site.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A site that is served."""
    site = Site()
    async with serving(site):
        yield site


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """A desk whose operator allows this machine."""
    return replace(desk, fetcher=Fetcher(["127.0.0.1"]))


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/cup%20one.png", "cup one.png"),
        ("/hop", "cup.png"),
        ("/named", "café x.png"),
        ("/folder/", "file"),
    ],
)
async def test_file_behind_a_link(desk: Desk, site: Site, path: str, name: str) -> None:
    """A file is fetched, through redirects, and kept under the name it has there."""
    media = await intake.take_link(desk, SERVER, site.url + path)
    assert (media.filename, media.content_type) == (name, "image/png")
    assert await desk.storage.read(SERVER, media) == PNG


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/page", "the link leads to a web page, not to a picture or video."),
        ("/loop", "127.0.0.1 leads on and on."),
        ("/local", "127.0.0.1 leads to something that is no web address."),
        ("/inside", "169.254.169.254 is an address inside a network"),
        ("/403", "127.0.0.1 does not give the file to everyone (403)."),
        ("/404", "127.0.0.1 has no such file (404)."),
        ("/503", "127.0.0.1 cannot give the file now (503)."),
        ("/large", "the file has 5.0 GB; 5 GB are taken."),
        ("/cut", "127.0.0.1 could not be read (RemoteProtocolError)."),
        ("/packed", "127.0.0.1 gives the file packed."),
    ],
)
async def test_link_that_gives_no_file(desk: Desk, site: Site, path: str, told: str) -> None:
    """What keeps a file from being fetched is told, with what to do; nothing of it is kept."""
    with pytest.raises(InputError) as caught:
        await intake.take_link(desk, SERVER, site.url + path)
    [problem] = caught.value.problems
    assert problem.message.startswith(told)
    assert (problem.field, bool(problem.remedy)) == ("Media", True)


async def test_site_inside(desk: Desk, site: Site) -> None:
    """A site inside the network is not asked unless its operator allows it."""
    desk = replace(desk, fetcher=Fetcher())
    for host in ("127.0.0.1", "localhost", "[::1]"):
        with pytest.raises(InputError, match="is an address inside a network"):
            await intake.take_link(desk, SERVER, site.url.replace("127.0.0.1", host))
    assert site.asked == []


async def test_slow_site(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes too long is given up."""
    monkeypatch.setattr(fetcher, "TOTAL_SECONDS", -1.0)
    with pytest.raises(InputError, match="took more than"):
        await intake.take_link(desk, SERVER, f"{site.url}/cup.png")


async def test_good_and_bad_links(desk: Desk, site: Site) -> None:
    """Of several links the good ones are kept, and each bad one is told."""
    links = [f"{site.url}/a.png", f"{site.url}/page", "cup"]
    kept, problems = await intake.take_links(desk, SERVER, links)
    assert [media.filename for media in kept] == ["a.png"]
    assert [problem.field for problem in problems] == ["Media", "Media"]


async def test_more_links_than_a_post_takes(desk: Desk, site: Site) -> None:
    """Not more links are followed than a post takes files, which is told."""
    links = [f"{site.url}/a.png"] * 11
    kept, [problem] = await intake.take_links(desk, SERVER, links)
    assert (len(kept), len(site.asked)) == (10, 10)
    assert "a post takes 10 files; 11 links were given" in problem.message


async def test_page_of_a_drive(desk: Desk, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drive that shows a page instead of the file wants it to be shared."""
    direct = intake.share_links.Direct(url=f"{site.url}/page", drive="Google Drive")
    monkeypatch.setattr(intake.share_links, "direct", lambda _link: direct)
    with pytest.raises(InputError, match="Google Drive showed a page instead"):
        await intake.take_link(desk, SERVER, "https://drive.google.com/file/d/1/view")
