"""Run one simulated service alone: python -m sandbox.services wahdx --port P --state DIR --key K.

While it runs, this puts a fault in force:
curl -X PUT -H "X-Sandbox-Key: K" -d '{"fault": "slow"}' http://127.0.0.1:P/sandbox/fault
"""

import argparse
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.services.base import Simulator
from sandbox.services.catalogue import SIMULATORS


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.services")
    parser.add_argument("service", choices=sorted(SIMULATORS))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--fault", default="none")
    parser.add_argument(
        "--neighbour",
        action="append",
        default=[],
        metavar="NAME=URL",
        help="where another simulated service listens",
    )
    asked = parser.parse_args()
    neighbours = dict(item.split("=", 1) for item in asked.neighbour)
    simulator = SIMULATORS[asked.service](asked.state, asked.key, neighbours.__getitem__)
    simulator.fault = asked.fault
    app = simulator.app()
    app.middlewares.insert(0, control(simulator, asked.key))
    web.run_app(app, host="127.0.0.1", port=asked.port)


def control(simulator: Simulator, key: str) -> Middleware:
    """What chooses a fault while the service runs, whatever the service itself answers."""

    @web.middleware
    async def choose(request: web.Request, handler: Handler) -> web.StreamResponse:
        if (request.method, request.path) != ("PUT", "/sandbox/fault"):
            return await handler(request)
        if request.headers.get("X-Sandbox-Key") != key:
            return web.json_response({"message": "That is not the key."}, status=401)
        try:
            simulator.fault = str((await request.json())["fault"])
        except (ValueError, KeyError, TypeError):
            return web.json_response({"message": "There is no such fault."}, status=400)
        return web.json_response({"fault": simulator.fault})

    return choose


if __name__ == "__main__":
    main()
