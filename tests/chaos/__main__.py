"""`python -m tests.chaos [--posts N] [--kills N] [--seed N]`: a storm, and a report of it.

Exit code 1 when something was lost, doubled, or told wrongly. `--keep` leaves its folder.
"""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
from pathlib import Path

from tests.chaos.city import open_city
from tests.chaos.storm import Plan, Storm


async def weather(plan: Plan, folder: Path) -> bool:
    """Live through a storm and write the report; whether all is well."""
    async with open_city(folder) as city:
        found = await Storm(city, plan).run()
    sys.stdout.write(found.report() + "\n")
    return found.is_good


def main() -> int:
    """Run one storm; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--posts", type=int, default=200)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))  # noqa: S311
    parser.add_argument("--keep", action="store_true", help="leave what it wrote")
    asked = parser.parse_args()
    plan = Plan(posts=asked.posts, kills=asked.kills, seed=asked.seed)
    folder = Path(tempfile.mkdtemp(prefix="copydesk-chaos-"))
    sys.stdout.write(f"seed {plan.seed}, in {folder}\n")
    sys.stdout.flush()
    try:
        return 0 if asyncio.run(weather(plan, folder / "city")) else 1
    finally:
        if not asked.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
