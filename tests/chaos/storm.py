"""A storm: many posts due, services that misbehave, and a bot that is killed again and again.

Most posts are approved beforehand, for a time that is brought near once all are; they fall due in
waves while the storm lasts. The others are approved in the midst of it, whether the bot lives or
not.
"""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.chaos.city import ACCOUNTS, KEYS, City
from tests.chaos.tally import Tally, tally
from tests.wire.people import Json

HANDS = 6  # people who write and vote at once
IN_A_WAVE = 10
UNDECIDED = 5  # every so manieth post is approved in the midst of the storm
PICTURED = 5  # every so manieth post has a picture
DURING_THE_START = 0.2  # of the kills come before the bot ticks
FINE_WEATHER = 0.3  # of the time a service works as documented
LONGEST_LIFE, LONGEST_FAULT = 1.2, 1.5  # seconds
PATIENCE = 240  # seconds for the bot to do what it was given to do
FAR = "in 3 days"  # so that nothing falls due before it is approved, however slow the machine is
APPROVE = "✅"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How hard the storm is. The same seed gives the same faults and the same lives."""

    posts: int
    kills: int
    seed: int


class Storm:
    """One storm over a city."""

    def __init__(self, city: City, plan: Plan) -> None:
        self._city = city
        self._plan = plan
        # One for each stream of chances, so that none depends on how fast another runs.
        self._lives, self._weather, self._votes = (
            random.Random(f"{plan.seed} {name}")  # noqa: S311 - no secret
            for name in ("lives", "weather", "votes")
        )
        self._busy = 0

    async def run(self) -> Tally:
        """Live through it; what is left of it in the end."""
        began = time.monotonic()
        start_seconds = await self._prepare()
        storm = timedelta(seconds=self._plan.kills * (start_seconds + LONGEST_LIFE / 2))
        undecided = await self._write_posts(storm)
        begun = time.monotonic()
        async with self._bad_weather(), self._late_votes(undecided, storm.total_seconds()):
            for _ in range(self._plan.kills):
                await self._live_and_die()
        ended = time.monotonic()
        await self._calm()
        found = await tally(self._city)
        found.seed, found.kills, found.busy = self._plan.seed, self._plan.kills, self._busy
        found.storm_seconds = ended - begun
        found.seconds = time.monotonic() - began
        return found

    async def _prepare(self) -> float:
        """Set the bot up; how many seconds it takes to start."""
        await self._city.start()
        await self._city.ready()
        await self._city.set_up()
        await self._city.bot.end(signal.SIGTERM)
        began = time.monotonic()
        await self._city.start()
        await self._city.ready()
        seconds = time.monotonic() - began
        await self._city.online()
        return seconds

    async def _write_posts(self, storm: timedelta) -> list[Json]:
        """Write all posts and approve most; the cards of the others. The bot is stopped then."""
        numbers = range(1, self._plan.posts + 1)
        undecided = [number for number in numbers if number % UNDECIDED == 0]
        planned = [number for number in numbers if number not in undecided]
        cards = await self._write_all(dict.fromkeys(undecided, "now") | dict.fromkeys(planned, FAR))
        await self._by_hand(lambda number: self._approve(cards[_caption(number)]), planned)
        count = "SELECT count(*) FROM posts WHERE state = 'approved'"
        await self._city.wait_for(lambda: self._city.rows(count) == [(len(planned),)], PATIENCE)
        await self._city.bot.end(signal.SIGTERM)
        wave = storm * 0.8 / max(1, len(planned) // IN_A_WAVE)
        self._city.bring_near(
            {
                _caption(n): datetime.now(UTC) + wave * (at // IN_A_WAVE)
                for at, n in enumerate(planned)
            }
        )
        return [cards[_caption(number)] for number in undecided]

    async def _write_all(self, whens: Mapping[int, str]) -> dict[str, Json]:
        """Write posts for these times; their cards by caption."""
        await self._by_hand(lambda number: self._write(number, whens[number]), list(whens))
        wanted = {_caption(number) for number in whens}

        async def offered() -> dict[str, Json] | None:
            if self._city.rows("SELECT id FROM events WHERE tell_at IS NOT NULL"):
                return None
            told = await self._city.all_messages("approvals")
            cards = [each for each in told if len(each.get("reactions", [])) >= 2]
            found = {card["embeds"][0]["description"]: card for card in cards}
            return found if wanted <= found.keys() else None

        return await self._city.wait_for(offered, PATIENCE)

    async def _by_hand(self, do: Callable[[int], Awaitable[None]], numbers: Sequence[int]) -> None:
        """Do something with posts, a few at once."""
        hands = asyncio.Semaphore(HANDS)

        async def one(number: int) -> None:
            async with hands:
                await do(number)

        await asyncio.gather(*map(one, numbers))

    async def _approve(self, card: Json) -> None:
        await self._city.react("paul", card, APPROVE)

    async def _write(self, number: int, when: str) -> None:
        opened = await self._city.open_form("ann")
        sent = await self._city.send_post(
            "ann",
            opened,
            _caption(number),
            ACCOUNTS,
            when=when,
            has_picture=number % PICTURED == 0,
        )
        assert sent["outcome"] != "failed", sent
        sent = await self._city.ask("ann", _caption(number))
        assert sent["outcome"] != "failed", sent

    async def _live_and_die(self) -> None:
        """Start the bot and kill it at a random moment."""
        await self._city.start()
        if self._lives.random() >= DURING_THE_START:
            await self._city.ready()
        await asyncio.sleep(self._lives.uniform(0, LONGEST_LIFE))
        self._busy += self._city.is_busy()
        await self._city.bot.end(signal.SIGKILL)

    @asynccontextmanager
    async def _bad_weather(self) -> AsyncIterator[None]:
        """Change the faults of each service at random moments, and end them all."""

        async def change(service: str) -> None:
            faults = [fault.key for fault in self._city.service(service).faults[1:]]
            while True:
                is_fine = self._weather.random() < FINE_WEATHER
                await self._city.spoil(service, "none" if is_fine else self._weather.choice(faults))
                await asyncio.sleep(self._weather.uniform(0.1, LONGEST_FAULT))

        changing = [asyncio.create_task(change(service)) for service in KEYS]
        try:
            yield
        finally:
            await _end(changing)
            for service in KEYS:
                await self._city.spoil(service, "none")

    @asynccontextmanager
    async def _late_votes(self, cards: Sequence[Json], seconds: float) -> AsyncIterator[None]:
        """Approve posts at random moments; all of them are in the end."""
        waits = [self._votes.uniform(0, seconds * 0.9) for _ in cards]

        async def vote(card: Json, wait: float) -> None:
            await asyncio.sleep(wait)
            await self._approve(card)

        pairs = zip(cards, waits, strict=True)
        voting = [asyncio.create_task(vote(card, wait)) for card, wait in pairs]
        try:
            yield
            await asyncio.gather(*voting)
        finally:
            await _end(voting)

    async def _calm(self) -> None:
        """Have an admin look at the accounts again, since a key that was refused keeps its posts
        back; let the bot finish, and stop it.
        """
        await self._city.start()
        await self._city.online()
        await self._city.command("mara", "account check")
        await self._city.wait_for(self._city.is_settled, seconds=PATIENCE)
        await self._city.bot.end(signal.SIGTERM)


def _caption(number: int) -> str:
    return f"Storm {number}"


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
