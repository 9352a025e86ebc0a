"""Run the Discord alone: `python -m sandbox.discord --port 8800 --state DIR`."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from aiohttp import web

from sandbox.discord.permissions import P
from sandbox.discord.plan import ChannelPlan, PersonPlan, RolePlan, ServerPlan
from sandbox.discord.server import BACKLOG, Discord
from sandbox.discord.store import Store

PLAN = ServerPlan(
    name="Sandbox",
    owner="admin",
    roles=[RolePlan(name="Admin", permissions=P.ADMINISTRATOR), RolePlan(name="Approver")],
    channels=[ChannelPlan(name="social"), ChannelPlan(name="approvals")],
    people=[
        PersonPlan(username="admin", global_name="Admin", roles=["Admin"]),
        PersonPlan(username="author", global_name="Author"),
        PersonPlan(username="approver", global_name="Approver", roles=["Approver"]),
    ],
)


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8800, help="0 for any free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps everything")
    parser.add_argument("--token", default="sandbox-token", help="the bot's token")
    return parser.parse_args()


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until a signal comes; say where on standard output."""
    store = Store(arguments.state)
    store.found(PLAN)
    app = web.Application()
    Discord(store, token=arguments.token).mount(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, arguments.host, arguments.port, backlog=BACKLOG).start()
    sys.stdout.write(f"Discord at http://{arguments.host}:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    await runner.cleanup()
    store.close()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    asyncio.run(serve(read_arguments()))
