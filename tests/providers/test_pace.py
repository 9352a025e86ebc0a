"""How often a service is called: rates kept, waits heeded, one pace for a key."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from bot.errors import TryLaterError
from providers import pace
from providers.answer import LONGEST_WAIT
from providers.http import ServiceClient
from providers.pace import LONGEST_CLOSED, LONGEST_TURN, Pace, Rate, wait_told

NOW = 1_800_000_000.0  # on the Unix clock


class Clock:
    """Stands still until someone sleeps."""

    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        return self.at

    def time(self) -> float:
        return NOW

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock in the place of the machine's."""
    clock = Clock()
    monkeypatch.setattr(pace, "monotonic", clock.monotonic)
    monkeypatch.setattr(pace, "time", clock.time)
    monkeypatch.setattr(pace.asyncio, "sleep", clock.sleep)
    return clock


async def turns(pace: Pace, clock: Clock, count: int) -> list[float]:
    """The moments of so many turns, in seconds from now."""
    begun, taken = clock.at, []
    for _ in range(count):
        await pace.turn()
        taken.append(clock.at - begun)
    return taken


async def test_no_stretch_holds_more_calls_than_the_rate(clock: Clock):
    """A burst goes out at once, and the next call when the first of it is as old as the stretch."""
    assert await turns(Pace("Service", ["key"], Rate(3, 10)), clock, 7) == [0, 0, 0, 10, 10, 10, 20]


async def test_calls_at_once_take_their_turns_in_order(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    """Who asks while another waits gets the turn after it."""
    pace = Pace("Service", ["key"], Rate(1, 10))
    waits: list[float] = []

    async def keep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", keep)
    await asyncio.gather(*(pace.turn() for _ in range(4)))
    assert waits == [10, 20, 30]


async def test_a_key_has_one_pace_whichever_connections_use_it(clock: Clock):
    """Two connections with one key share its rate; another key and another service do not."""
    rate = Rate(1, 10)
    await Pace("Service", ["key"], rate).turn()
    for service, key, wait in (
        ("Service", "other", 0),
        ("Other", "key", 0),
        ("Service", "key", 10),
    ):
        assert await turns(Pace(service, [key], rate), clock, 1) == [wait]


async def test_a_turn_too_far_away_is_told_instead(clock: Clock):
    """Whoever would wait longer than the longest turn is told how long, and takes no turn away."""
    pace = Pace("Service", ["key"], Rate(1, LONGEST_TURN + 5))
    await pace.turn()
    for _ in range(3):
        with pytest.raises(TryLaterError) as caught:
            await pace.turn()
        assert caught.value.retry_after == LONGEST_TURN + 5
    clock.at += LONGEST_TURN + 5
    assert await turns(pace, clock, 1) == [0]


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW + 30)}, 30),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{(NOW + 30) * 1000:.0f}"}, 30),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW - 30)}, 0),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e300"}, LONGEST_WAIT),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "nan"}, None),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "-3"}, None),
        (200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"}, None),
        (200, {"x-ratelimit-remaining": "0"}, None),
        (200, {"x-ratelimit-remaining": "1", "x-ratelimit-reset": "30"}, None),
        (200, {"x-ratelimit-reset": "30"}, None),
        (429, {"x-ratelimit-reset": "30"}, 30),
        (429, {"retry-after": "7", "x-ratelimit-reset": "30"}, 7),
        (429, {}, None),
    ],
)
async def test_the_wait_an_answer_names(
    clock: Clock, status: int, headers: dict[str, str], wait: float | None
):
    """Retry-After comes first; a reset is seconds, or a moment in seconds or milliseconds."""
    assert wait_told(status, headers) == wait
    pace = Pace("Service", ["key"], None)
    pace.heed(status, headers)
    if not wait:
        assert await turns(pace, clock, 1) == [0]
        return
    with pytest.raises(TryLaterError) as caught:
        await Pace("Service", ["key"], None).turn()
    assert caught.value.retry_after == min(wait, LONGEST_CLOSED)


def test_a_wait_as_a_date():
    """A Retry-After that is a date is the time until then."""
    soon = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    assert 298 < (wait_told(429, {"retry-after": soon}) or 0) <= 300


async def test_a_closed_key_opens_again(clock: Clock):
    """When the time has passed calls go out as before; an ill service closes nothing."""
    pace = Pace("Service", ["key"], None)
    pace.heed(503, {"retry-after": "9"})
    assert await turns(pace, clock, 1) == [0]
    pace.heed(429, {"retry-after": "9"})
    clock.at += 9
    assert await turns(pace, clock, 1) == [0]


async def test_who_comes_a_little_early_waits(clock: Clock):
    """A call that comes just before the key opens is made when it does, within its rate."""
    pace = Pace("Service", ["key"], Rate(1, 10))
    await pace.turn()
    pace.heed(429, {"retry-after": "9"})
    clock.at += 8
    assert await turns(pace, clock, 2) == [2, 12]


async def test_a_client_told_to_wait_makes_no_call(clock: Clock):
    """After a 429 no connection of the key calls; each is told the rest of the wait."""
    calls = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return httpx.Response(429, headers={"retry-after": "20"})

    for rest in (20, 15, 10):
        client = ServiceClient(
            "Service",
            "https://service.example",
            headers={},
            secrets=["key"],
            transport=httpx.MockTransport(answer),
        )
        with pytest.raises(TryLaterError) as caught:
            await client.write("/post", {})
        assert caught.value.retry_after == rest
        await client.close()
        clock.at += 5
    assert calls == 1


async def test_a_key_nobody_can_write_down_has_a_pace():
    """Half of a character pair in a key breaks nothing here; the key is refused later."""
    await Pace("Service", ["\ud83d"], None).turn()
