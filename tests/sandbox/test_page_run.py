"""The sandbox as a process: its start, its set-up, its end, and its state."""

import asyncio
import os
import re
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sandbox import town
from tests.browser.waiting import until

ROOT = Path(__file__).parents[2]
BOT = f"{sys.executable} {ROOT / 'tests/browser/sample_bot.py'}"
ALL_SET = 2 + len(town.CONNECTED)  # the welcome, the settings, and each connection


class Running:
    """One sandbox process, its words, and a client."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, words: list[str]) -> None:
        self.process, self.address, self.words = process, address, words

    async def ask(self, path: str) -> Any:
        """Read JSON from the sandbox."""
        async with aiohttp.ClientSession(self.address) as http, http.get(path) as answer:
            return await answer.json()

    async def messages(self, name: str) -> list[Any]:
        """Return what someone sees in #social."""
        people = (await self.ask("/people"))["people"]
        uid = next(person["id"] for person in people if person["username"] == name)
        channels = await self.ask(f"/people/{uid}/channels")
        social = next(channel["id"] for channel in channels if channel["name"] == "social")
        return await self.ask(f"/people/{uid}/channels/{social}/messages")

    async def until_messages(self, name: str, count: int) -> list[Any]:
        """Wait until someone sees that many messages in #social."""

        async def enough() -> list[Any] | None:
            found = await self.messages(name)
            return found if len(found) >= count else None

        return await until(enough)

    async def runs(self) -> bool:
        """Tell whether the bot is connected."""
        return (await self.ask("/bot"))["state"] == "running"


def lives(pid: int) -> bool:
    """Tell whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def sandbox(folder: Path, *more: str, port: int = 0) -> AsyncIterator[Running]:
    """Run a sandbox until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", "--port", str(port), "--state", str(folder)),
        *("--bot", BOT, *more),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "DISCORD_TOKEN"},
    )
    assert process.stdout
    words: list[str] = []
    async with asyncio.timeout(15):
        while not words or "Open http" not in words[-1]:
            line = (await process.stdout.readline()).decode()
            assert line, words
            words.append(line)
    found = re.search(r"Open (http://\S+)/ ", words[-1])
    assert found
    try:
        yield Running(process, found[1], words)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_first_start_and_the_next(tmp_path: Path) -> None:
    """The set-up is acted out once, seen by the admin alone; a restart continues and ends fast."""
    folder = tmp_path / "state"
    async with sandbox(folder) as running:
        assert "No DISCORD_TOKEN was found" in "".join(running.words)
        _, settings, *connected = await running.until_messages("mara", ALL_SET)
        assert re.fullmatch(r"Set: approvals, Approver, \S+", settings["content"])
        for answer in connected:
            assert answer["content"].startswith("Connected with a key of ")
            assert settings["flags"] & answer["flags"] & 64
        (welcome,) = await running.messages("ann")
        assert "/post new" in welcome["content"]
        bot = (await running.ask("/bot"))["pid"]
        began = time.monotonic()
        running.process.send_signal(signal.SIGINT)
        await running.process.wait()
        assert time.monotonic() - began < 3
        assert not lives(bot)
    async with sandbox(folder) as running:
        await until(running.runs)
        assert [each["id"] for each in await running.messages("ann")] == [welcome["id"]]
        assert len(await running.messages("mara")) == ALL_SET


async def test_bot_ends_with_a_killed_sandbox(tmp_path: Path) -> None:
    """A sandbox that is killed leaves no bot behind."""
    if sys.platform != "linux":
        pytest.skip("Only Linux tells a child that its parent is gone: run this on Linux")
    async with sandbox(tmp_path / "state") as running:
        await running.until_messages("mara", ALL_SET)
        bot = (await running.ask("/bot"))["pid"]
        running.process.kill()
        await running.process.wait()
        await until(lambda: not lives(bot))


async def test_taken_port_and_taken_state(tmp_path: Path) -> None:
    """A taken port gives the next free one, and it is said; a taken state is refused."""
    folder = tmp_path / "state"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with sandbox(folder, port=port) as running:
            assert running.words[0].startswith(f"Port {port} is taken, so this is port ")
            second = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "sandbox", "--state", str(folder)),
                cwd=ROOT,
                stderr=asyncio.subprocess.PIPE,
            )
            _, words = await second.communicate()
            assert second.returncode == 1
            assert b"Another sandbox is using" in words


async def test_fresh_forgets(tmp_path: Path) -> None:
    """With --fresh the old state is thrown away."""
    folder = tmp_path / "state"
    async with sandbox(folder) as running:
        before = await running.until_messages("ann", 1)
    async with sandbox(folder, "--fresh") as running:
        after = await running.until_messages("ann", 1)
    assert before[0]["id"] != after[0]["id"]
