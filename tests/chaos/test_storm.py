"""A small storm; the great one is `make chaos`."""

from pathlib import Path

import pytest

from tests.chaos.city import open_city
from tests.chaos.storm import Plan, Storm


@pytest.mark.timeout(300)  # many processes, on a machine that may be busy
async def test_small_storm(tmp_path: Path) -> None:
    """Killed six times while services misbehave: nothing is lost, doubled or told wrongly."""
    async with open_city(tmp_path / "city") as city:
        found = await Storm(city, Plan(posts=10, kills=6, seed=4)).run()
    assert found.is_good, found.report()
    assert found.busy >= 1
    assert found.deliveries == 30
