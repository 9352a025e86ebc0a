"""Having clips cut, over real sockets: what people do, what they see, and what must hold in the end."""

import asyncio
import sqlite3
import time
from contextlib import closing

from tests.wire.people import LOOK, Json
from tests.wire.town import WAYIN_KEY, Town

LINK = "https://youtu.be/harbour"
LONG_AGO = "2026-01-01 00:00:00.000000"
LONGEST_PAUSE = 1.6


async def connect(town: Town) -> None:
    """Connect WayinVideo."""
    opened = await town.command("mara", "provider connect", service="wayinvideo")
    await town.send_form("mara", opened, {"key": WAYIN_KEY})
    await town.wait_for(
        lambda: town.rows("SELECT id FROM connections WHERE provider = 'wayinvideo'")
    )


async def order(town: Town) -> None:
    """Have clips ordered, as the button does that says what it costs."""
    [service] = town.rows("SELECT id FROM connections WHERE provider = 'wayinvideo'")
    await town.command("ann", "clips make", service=service, link=LINK)

    async def offered() -> Json | None:
        found = await town.messages("social", "ann")
        return next((each for each in found if "API Units" in str(each["embeds"])), None)

    await town.press("ann", await town.wait_for(offered), "Order the clips")


async def died(town: Town) -> None:
    """Wait until a doomed bot has died; what is told is followed by the next question."""
    hurry = Hurry(town)
    while town.bot.is_running:
        if town.rows("SELECT id FROM projects WHERE tell_at IS NULL AND message_id IS NOT NULL"):
            hurry()
        await asyncio.sleep(LOOK)
    await town.died()


class Hurry:
    """Has the service asked now how far it is, and not in half a minute; less and less often, since
    a question under way counts no more.
    """

    def __init__(self, town: Town) -> None:
        self._town = town
        self._pause, self._next = 0.1, 0.0

    def __call__(self) -> None:
        """Have it asked, if the last question had its time."""
        if time.monotonic() < self._next:
            return
        with closing(sqlite3.connect(self._town.database, timeout=5)) as database, database:
            database.execute("UPDATE projects SET try_at = ? WHERE state = 'working'", (LONG_AGO,))
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        self._next = time.monotonic() + self._pause


async def told(town: Town) -> list[Json]:
    """The messages that tell of orders."""
    return [
        each
        for each in await town.messages("social")
        if each["embeds"] and each["embeds"][0].get("footer", {}).get("text") == "Clips 1"
    ]


async def message(town: Town, state: str) -> Json:
    """Wait until the one order has ended so, and its one message says it."""

    hurry = Hurry(town)

    def has_ended() -> bool:
        hurry()
        return town.rows("SELECT state, tell_at FROM projects") == [(state, None)]

    await town.wait_for(has_ended)
    [shown] = await told(town)
    return shown


async def cut_once(town: Town) -> None:
    """Check an order: it was made once, its message has the clips, and each begins a post."""
    shown = await message(town, "ready")
    assert town.wayinvideo.orders == 1
    assert len(shown["embeds"]) == 1 + 4
    opened = await town.press("ann", shown, "1 · Draft a post")
    assert opened["outcome"] == "modal", opened
    assert "The perfect flat white" in str(opened["modal"])


async def unknown(town: Town, orders: int) -> None:
    """Check an order that was cut off: nobody knows, so people are asked, and it is not repeated."""
    shown = await message(town, "unknown")
    assert "Look at the service" in str(shown["embeds"])
    assert town.wayinvideo.orders == orders
    await town.press("ann", shown, "Order again…")
    states = "SELECT state FROM projects ORDER BY id"
    await town.wait_for(lambda: town.rows(states) == ["unknown", "draft"])
    assert town.wayinvideo.orders == orders, "only a person orders again"


async def unsent(town: Town) -> None:
    """Check an order that was cut off just before its call."""
    await unknown(town, orders=0)


async def perhaps_sent(town: Town) -> None:
    """Check an order that was cut off when the service had it."""
    await unknown(town, orders=1)
