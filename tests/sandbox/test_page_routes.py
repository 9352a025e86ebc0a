"""The page's own routes, over a socket."""

import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from sandbox.child import Child
from sandbox.page.page import FILES, Page, same_origin
from sandbox.services.wahdx.service import Wahdx


class Site:
    """The page on a free port, with what it published and a client."""

    def __init__(self, folder: Path) -> None:
        self.published: list[tuple[str, dict[str, Any]]] = []
        self.child = Child([sys.executable, "-c", "import time; time.sleep(60)"], {}, lambda: True)
        self.wahdx = Wahdx(folder, "key")
        self.runner = web.AppRunner(self._app())
        self.http: aiohttp.ClientSession

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[same_origin])
        page = Page(
            self.child,
            {"wahdx": self.wahdx},
            lambda name, body: self.published.append((name, body)),
            {"wahdx": {"key": "sk_1"}},
        )
        page.mount(app)
        return app

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        """Return the status and the JSON of an answer."""
        async with self.http.request(method, path, **more) as answer:
            return answer.status, await answer.json(content_type=None)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """Serve the page alone."""
    site = Site(tmp_path)
    await site.runner.setup()
    await web.TCPSite(site.runner, "127.0.0.1", 0).start()
    port = site.runner.addresses[0][1]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as site.http:
        yield site
    await site.child.kill()
    await site.runner.cleanup()


async def test_all_files_are_served(site: Site) -> None:
    """Every file of the page is served as what it is."""
    kinds = {".html": "text/html", ".js": "javascript", ".css": "text/css", ".svg": "image/svg"}
    for file in FILES.iterdir():
        path = "/" if file.name == "index.html" else f"/{file.name}"
        async with site.http.get(path) as answer:
            assert (answer.status, await answer.text()) == (200, file.read_text())
            assert kinds[file.suffix] in answer.headers["Content-Type"]


@pytest.mark.parametrize("path", ["/nothing.js", "/page.py", "/static/main.js", "/..%2fpage.py"])
async def test_nothing_else_is_served(site: Site, path: str) -> None:
    """Only the page's own files are served."""
    async with site.http.get(path) as answer:
        assert answer.status == 404


def test_no_outside_address() -> None:
    """The page loads nothing from elsewhere, and never parses data as HTML."""
    for file in FILES.iterdir():
        text = file.read_text()
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)[\w.-]+", text) == []
        assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", text) == []


async def test_only_own_scripts_run(site: Site) -> None:
    """A policy keeps foreign scripts from the page, and all scripts from people's files."""
    async with site.http.get("/") as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    async with site.http.get("/out-there/wahdx/media/x.html") as answer:
        assert answer.status == 404
    async with site.http.get("/cdn/attachments/1/2/x.html") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff" or answer.status == 404


async def test_bot_is_started_and_killed(site: Site) -> None:
    """The routes start and kill the process; each change reaches the live sockets."""
    assert (await site.ask("GET", "/bot"))[1]["state"] == "stopped"
    status, news = await site.ask("POST", "/bot/start")
    assert (status, news["pid"]) == (200, site.child.pid)
    status, news = await site.ask("POST", "/bot/kill")
    assert (status, news["state"], news["pid"]) == (200, "stopped", None)
    assert "SIGKILL" in news["log"][-1]
    states = [body["state"] for name, body in site.published if name == "BOT"]
    assert states == ["running", "stopped"]


async def test_out_there_lists_accounts(site: Site) -> None:
    """The feeds come with the service's faults, the first of which is none."""
    _, found = await site.ask("GET", "/out-there")
    (service,) = found["services"]
    assert (service["name"], service["fault"], service["faults"][0]["key"]) == (
        "wahdx",
        "none",
        "none",
    )
    assert {account["platform"] for account in service["accounts"]} >= {"tiktok", "instagram"}


async def test_fault_is_chosen(site: Site) -> None:
    """Choosing a fault changes the simulator and is told to the live sockets."""
    status, service = await site.ask("PUT", "/out-there/wahdx/fault", json={"fault": "slow"})
    assert (status, service["fault"], site.wahdx.fault) == (200, "slow", "slow")
    assert ("OUT_THERE", {"service": "wahdx"}) in site.published


@pytest.mark.parametrize("body", ['{"fault": "fire"}', "{}", "[]", "no json"])
async def test_unknown_fault_is_refused(site: Site, body: str) -> None:
    """What is no fault is refused and changes nothing."""
    status, answer = await site.ask("PUT", "/out-there/wahdx/fault", data=body)
    assert (status, answer) == (400, {"message": "There is no such fault."})
    assert site.wahdx.fault == "none"


async def test_other_sites_may_not_ask(site: Site) -> None:
    """A page of another site cannot kill the bot through the visitor's browser."""
    headers = {"Origin": "http://elsewhere.example"}
    async with site.http.post("/bot/kill", headers=headers) as answer:
        assert answer.status == 403
