"""One post that is killed at one point after the other, at a service that knows a repeated call."""

import signal
from pathlib import Path

import pytest

from tests.chaos.city import ACCOUNTS, open_city
from tests.chaos.tally import tally

POINTS = (
    "bot.workflow.review:cast:after",
    "bot.workflow.claim:take_due:after",
    "providers.genviral.service:Genviral.upload:before",
    "providers.genviral.service:Genviral.upload:after",
    "db.uploads:insert:after",  # the file's name is not committed yet
    "bot.workflow.hand_over:files:after",
    "providers.genviral.service:Genviral.publish:before",
    "providers.genviral.service:Genviral.publish:after",
    "db.moves:make:after",  # the answer is not committed yet
    "bot.workflow.track:Tracker._write:before",
    "cogs.announcer:Announcer._tell:after",
)


@pytest.mark.timeout(300)  # many processes, on a machine that may be busy
async def test_one_post_dies_at_every_point(tmp_path: Path) -> None:
    """It is out once at each account, or told as unknown where nobody can know; told once."""
    async with open_city(tmp_path / "city") as city:
        await city.start()
        await city.ready()
        await city.set_up()
        await city.send_post("ann", await city.open_form("ann"), "Storm 1", ACCOUNTS)
        await city.ask("ann", "Storm 1")
        card = await city.card("Storm 1")
        await city.bot.end(signal.SIGTERM)
        await city.react("paul", card, "✅")
        for point in POINTS:
            await city.start(point)
            assert await city.bot.ended(60) == -signal.SIGKILL, point
        await city.start()
        await city.wait_for(city.is_settled)
        await city.bot.end(signal.SIGTERM)
        found = await tally(city)
        states = dict(city.rows("SELECT platform, state FROM deliveries"))
    assert found.is_good, found.report()
    assert states == {"threads": "unknown", "linkedin": "published", "bluesky": "published"}
