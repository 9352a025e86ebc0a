"""The bot without a token: the sandbox as a process, its start, its end and its next start."""

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.wire.people import People, until
from tests.wire.process import clean_environment

START_SECONDS, STOP_SECONDS = 3.5, 3
"""Of the processor until it is ready, which other work on the machine does not lengthen; and until
it has ended.
"""


@asynccontextmanager
async def sandbox(folder: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, People, float]]:
    """Run `bot run` without a token; the process, its people, and what its start cost."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-u", "-m", "bot", "run"),
        cwd=folder,
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    found = None
    async with asyncio.timeout(20):
        while not found:
            line = await process.stdout.readline()
            assert line, "it ended"
            found = re.search(r"Open (http://\S+)/ ", line.decode())
    people = People(found[1])
    try:
        await until(lambda: _state(people, "running"))
        seconds = sum(map(_processor_seconds, (process.pid, (await _bot(people))["pid"])))
        await people.meet()
        yield process, people, seconds
    finally:
        await people.http.close()
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _state(people: People, wanted: str) -> bool:
    return (await _bot(people))["state"] == wanted


async def _bot(people: People) -> dict[str, Any]:
    async with people.http.get("/bot") as answer:
        return await answer.json()


def _processor_seconds(pid: int) -> float:
    """What a process has used of the processor, by proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_without_a_token(tmp_path: Path) -> None:
    """It starts fast, ends fast and whole at Ctrl-C, and the next start continues."""
    starts: list[float] = []
    async with sandbox(tmp_path) as (process, people, seconds):
        starts.append(seconds)
        await until(lambda: _connected(people))
        await people.write_post("ann")
        card = await people.card()
        bot = (await _bot(people))["pid"]
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
        assert time.monotonic() - began < STOP_SECONDS
        assert not _lives(bot)
    async with sandbox(tmp_path) as (_, people, seconds):
        starts.append(seconds)
        (again,) = await people.cards()
        assert again["id"] == card["id"]
        await people.react("paul", again, "✅")
        await until(people.results)
        assert len(await people.notes()) == 1
    assert min(starts) < START_SECONDS


async def _connected(people: People) -> bool:
    """Whether the admin's set-up has come to its end."""
    told = await people.messages("social")
    return any("is connected" in str(each["embeds"]) for each in told)
