"""A process that takes a large file in and gives it out again: `taker.py ADDRESS MEDIA_URL [whole]`.

It loads what the way of a file needs and nothing else, or the `whole` bot. What it prints is JSON: the
memory it held at the most (MiB) once it was `loaded`, on the way `in` and `out`, and what it held `between`.
"""

import asyncio
import gc
import importlib
import json
import sys
from pathlib import Path

from bot.domain.media import Media
from bot.memory import give_large_pieces_back
from bot.storage import Storage, name_of
from providers.fetcher import Fetcher
from providers.form import FormFile
from providers.http import ServiceClient


def held(most: bool = True) -> float:
    """The memory this process holds, or the most it has held, in MiB: proc(5). What getrusage(2) tells
    is also of the process that started this one.
    """
    status = Path("/proc/self/status").read_text().splitlines()
    [line] = [line for line in status if line.startswith("VmHWM" if most else "VmRSS")]
    return int(line.split()[1]) / 1024


def forget_the_most() -> None:
    """Count the most anew, from what is held now: proc(5)."""
    Path("/proc/self/clear_refs").write_text("5")


def load_the_bot() -> None:
    """Load what an idle bot has loaded, as it does it itself."""
    gc.disable()
    importlib.import_module("bot.program")
    for cog in importlib.import_module("bot.client").COGS:
        importlib.import_module(cog)
    gc.freeze()
    gc.enable()


async def take(address: str, storage: Storage) -> Media:
    """Fetch the file, keep it; what it is."""
    async with (
        Fetcher(["127.0.0.1"]).open(f"{address}/film.mp4") as found,
        storage.receive(found.filename, found.pieces) as arrived,
    ):
        await storage.put(1, arrived)
    return arrived.media


async def bring(address: str, storage: Storage, media: Media) -> None:
    """Give the file to a service in a form."""
    client = ServiceClient("The service", address, headers={}, secrets=())
    file = FormFile(
        field="video",
        name=media.filename,
        content_type=media.content_type,
        size=media.size,
        content=lambda: storage.stream(name_of(1, media)),
    )
    await client.write_form("/upload", [], [file])
    await client.close()


async def serve(storage: Storage, media: Media) -> int:
    """Give the file to someone who has a link and asks for it in two parts; the bytes they got."""
    from aiohttp import web

    from bot import web_file

    app = web.Application()
    kept = name_of(1, media)
    app.router.add_get("/film", lambda asked: web_file.answer(asked, storage, kept, seconds=9))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port, half = runner.addresses[0][1], media.size // 2
    got = [await _curl(port, part) for part in (f"0-{half}", f"{half + 1}-")]
    await runner.cleanup()
    return sum(got)


async def _curl(port: int, part: str) -> int:
    """Ask for a part in a process of its own, whose memory does not count here."""
    asking = (
        "import sys, urllib.request as u; r = u.Request(sys.argv[1], headers={'Range': sys.argv[2]});"
        "f = u.urlopen(r); print(sum(map(len, iter(lambda: f.read(1 << 18), b''))))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", asking, f"http://127.0.0.1:{port}/film", f"bytes={part}"),
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return int(told)


async def run(address: str, url: str) -> dict[str, object]:
    """Take the file in, give it out twice; what was held and what came of it."""
    storage = Storage(url)
    told: dict[str, object] = {"loaded": held()}
    media = await take(address, storage)
    told["in"] = held()
    importlib.import_module("bot.web_file")  # what serves it is no part of what it takes
    forget_the_most()
    told["between"] = held(most=False)
    await bring(address, storage, media)
    told["served"] = await serve(storage, media)
    told["out"] = held()
    return told | {"sha256": media.sha256, "width": media.width}


if __name__ == "__main__":
    if sys.argv[3:] == ["whole"]:
        load_the_bot()
    give_large_pieces_back()
    json.dump(asyncio.run(run(*sys.argv[1:3])), sys.stdout)
