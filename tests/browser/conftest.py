"""Chromium and a sandbox with the sample bot, shared by all tests of the page."""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

pytest.register_assert_rewrite("tests.browser.visitor")

from tests.browser.visitor import Visitor  # noqa: E402
from tests.browser.waiting import until  # noqa: E402

ROOT = Path(__file__).parents[2]
BOT = f"{sys.executable} {Path(__file__).with_name('sample_bot.py')}"
MISSING = "Chromium is not installed: apt-get install chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
ARGUMENTS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these tests on one loop: they share a browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium; without one, skip with the remedy, or fail in CI."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def sandbox(folder: Path, *more: str) -> AsyncGenerator[str]:
    """Run a sandbox, and give its address once it is set up."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", "0", "--state", str(folder), *more),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    words = (await process.stdout.readuntil(b"Open ") + await process.stdout.readline()).decode()
    found = re.search(r"Open (http://\S+)/ ", words)
    assert found, words
    memory = folder / "sandbox.json"
    await until(lambda: json.loads(memory.read_text())["set_up"])
    yield found[1]
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(3):
        await process.wait()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Run a sandbox with the sample bot."""
    async with sandbox(tmp_path_factory.mktemp("sample") / "state", "--bot", BOT) as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def real_address(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Run a sandbox with the real bot."""
    async with sandbox(tmp_path_factory.mktemp("real") / "state") as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(chromium: Browser) -> AsyncIterator[Visitor]:
    """Open the page in which all tests make their visits."""
    async with opened(chromium) as window:
        yield window


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def another_window(chromium: Browser) -> AsyncIterator[Visitor]:
    """Open a page of somebody else."""
    async with opened(chromium) as window:
        yield window


@asynccontextmanager
async def opened(chromium: Browser) -> AsyncGenerator[Visitor]:
    """Open a page that shares nothing with others, and close it."""
    context = await chromium.new_context()
    context.set_default_timeout(8000)
    yield Visitor(await context.new_page())
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(window: Visitor, address: str) -> AsyncIterator[Visitor]:
    """Open the sandbox with the sample bot at desktop width."""
    async with window.visit(address):
        yield window
