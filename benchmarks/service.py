"""A service in a process of its own that answers as WAHDX does, and does nothing else.

The sandbox's WAHDX checks and keeps what it is sent, and would be what is measured.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count

from aiohttp import web

_numbers = count(1)


async def publish(request: web.Request) -> web.Response:
    """Accept a post, which is out at once."""
    await request.json()
    number = next(_numbers)
    link = f"https://threads.example/@harbour/post/{number}"
    told = {"publish_id": f"p-{number}", "status": "PUBLISH_COMPLETE", "public_post_url": link}
    return web.json_response({"success": True, "data": told})


@asynccontextmanager
async def running() -> AsyncGenerator[str]:
    """Run it as a process; its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.service"), stdout=asyncio.subprocess.PIPE
    )
    try:
        if process.stdout is None:
            raise RuntimeError("the service has no output")
        yield (await process.stdout.readline()).decode().strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def main() -> None:
    """Serve until killed; say where on standard output."""
    app = web.Application()
    app.router.add_post("/api/content/post", publish)
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    web.run_app(app, sock=listener, print=None, access_log=None)


if __name__ == "__main__":
    main()
