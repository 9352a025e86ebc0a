"""Run one simulated service alone: python -m sandbox.services wahdx --port P --state DIR --key K."""

import argparse
from pathlib import Path

from aiohttp import web

from sandbox.services.wahdx import FAULTS, Wahdx

SIMULATORS = {"wahdx": Wahdx}


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.services")
    parser.add_argument("service", choices=sorted(SIMULATORS))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--fault", choices=[fault.key for fault in FAULTS], default="none")
    asked = parser.parse_args()
    simulator = SIMULATORS[asked.service](asked.state, asked.key)
    simulator.fault = asked.fault
    web.run_app(simulator.app(), host="127.0.0.1", port=asked.port)


if __name__ == "__main__":
    main()
