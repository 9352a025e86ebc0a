"""Run the Discord alone: `python -m sandbox.discord --port 8800 --state DIR`."""

import argparse
import logging
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


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8800)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--token", default="sandbox-token")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    store = Store(arguments.state)
    store.found(PLAN)
    app = web.Application()
    Discord(store, token=arguments.token).mount(app)
    web.run_app(app, host=arguments.host, port=arguments.port, backlog=BACKLOG, access_log=None)
    store.close()


if __name__ == "__main__":
    main()
