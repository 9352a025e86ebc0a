"""A file that is large beside the memory it may take: from a link to a storage, and out again.

Every way is gone in a process of its own over real sockets. With COPYDESK_CHAOS in the environment the
file is as large as 2 GiB.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.memory.giver import Giver, giving
from tests.wire.process import clean_environment

MIB = 1 << 20
SIZE = (2048 if os.environ.get("COPYDESK_CHAOS") else 192) * MIB
MOST = 100
"""MiB that a process may hold, from the first byte to the last."""
MOST_LOADED, MOST_OF_A_BOT, MOST_ON_THE_WAY_OUT = 130, 55, 15
"""MiB of a whole bot before there is a file, that the first adds to it, and any on its way out."""

BUCKET = {
    "AWS_ALLOW_HTTP": "true",
    "AWS_ACCESS_KEY_ID": "canary-id",
    "AWS_SECRET_ACCESS_KEY": "canary-key",
    "AWS_REGION": "eu-central-1",
}

pytestmark = pytest.mark.timeout(900)


async def held(folder: Path, address: str, *asked: str) -> dict[str, Any]:
    """Have a process take a file in and give it out; what it tells."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.memory.taker", address, *asked),
        cwd=folder,
        env={**clean_environment(), **BUCKET, "AWS_ENDPOINT_URL": address, "TMPDIR": str(folder)},
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(told)


def check(giver: Giver, told: dict[str, Any]) -> None:
    """Hold what came of a file against what it was."""
    assert (told["sha256"], told["width"]) == (giver.sha256, 3840)
    assert told["served"] == giver.size
    assert giver.taken["upload"] > giver.size


@pytest.mark.parametrize("kept", ["folder", "bucket"])
async def test_the_way_of_a_file(tmp_path: Path, kept: str) -> None:
    """A file that is larger than all memory it may take comes in whole, is measured, and goes out in a
    form and in parts, and the process that does it never holds 100 MiB.
    """
    async with giving(SIZE) as (giver, address):
        url = f"file:{tmp_path / 'media'}" if kept == "folder" else "s3://bucket"
        told = await held(tmp_path, address, url)

    check(giver, told)
    assert giver.taken["bucket"] == (giver.size if kept == "bucket" else 0)
    assert max(told["in"], told["out"]) < MOST
    assert told["out"] - told["between"] < MOST_ON_THE_WAY_OUT


async def test_a_whole_bot(tmp_path: Path) -> None:
    """Beside what an idle bot holds, a large file takes little, the first with all that reads files; and
    what is loaded holds little itself.
    """
    async with giving(SIZE) as (giver, address):
        told = await held(tmp_path, address, "s3://bucket", "whole")
    check(giver, told)
    assert told["loaded"] < MOST_LOADED
    assert told["in"] - told["loaded"] < MOST_OF_A_BOT
    assert told["out"] - told["between"] < MOST_ON_THE_WAY_OUT
