"""Measure everything and print one table: `make bench`, or a part of it by name.

python -m benchmarks [deliveries] [ticks] [discord]
"""

import asyncio
import logging
import sys

from benchmarks import deliveries, discord, ticks
from benchmarks.databases import ENGINES
from benchmarks.figures import heading, say
from bot.memory import keep_what_is_loaded

PARTS = {"deliveries": deliveries.measure, "ticks": ticks.measure, "discord": discord.measure}


def rows() -> list[str]:
    """What a run of everything measures, with both engines there."""
    return [
        *(row for engine in ENGINES for row in deliveries.rows(engine)),
        *(row for engine in ENGINES for row in ticks.rows(engine)),
        *discord.rows(),
    ]


async def measure(names: list[str]) -> None:
    """Print the figures of these parts as they come."""
    sys.stdout.write(heading() + "\n")
    for name in names:
        say(f"Measuring {name}")
        async for figure in PARTS[name]():
            sys.stdout.write(figure.line() + "\n")
            sys.stdout.flush()


def main(names: list[str]) -> int:
    """Measure; 1 when a name is none."""
    if unknown := set(names) - set(PARTS):
        say(f"{', '.join(sorted(unknown))}: no part; there are {', '.join(PARTS)}")
        return 1
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    keep_what_is_loaded()
    asyncio.run(measure(names or list(PARTS)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
