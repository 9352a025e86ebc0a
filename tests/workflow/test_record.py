"""Recording outcomes together, and work in flight."""

import asyncio
import logging

import pytest
from sqlalchemy import select

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.workflow import record
from bot.workflow.desk import Desk
from bot.workflow.in_flight import InFlight
from bot.workflow.record import Outcome, Recorder
from db import tables
from db.moves import Move
from tests.life import Life

S = DeliveryState


def outcome(delivery: Delivery, to: DeliveryState = S.FAILED) -> Outcome:
    """End a waiting delivery."""
    move = Move(delivery_id=delivery.id, expected=S.WAITING, to=to, reason="No.")
    return Outcome(deliveries=[delivery], moves=[move])


class Writes:
    """Counts the transactions of `record.write`, and holds the first until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        self.began = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self._write = record.write
        monkeypatch.setattr(record, "write", self)

    async def __call__(self, transaction, outcomes, *, now) -> None:
        self.sizes.append(len(outcomes))
        self.began.set()
        await self.may_go_on.wait()
        await self._write(transaction, outcomes, now=now)


@pytest.fixture
async def waiting(life: Life) -> list[Delivery]:
    """Approve five posts for one account each."""
    posts = [await life.approved(Platform.THREADS) for _ in range(5)]
    return [delivery for post in posts for delivery in await life.deliveries(post)]


async def states(desk: Desk) -> list[str]:
    """Read the states of all deliveries."""
    async with desk.database.reading() as reading:
        found = select(tables.deliveries.c.state).order_by(tables.deliveries.c.id)
        return list((await reading.execute(found)).scalars())


async def test_outcomes_share_a_write(
    desk: Desk, waiting: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Outcomes that come during a write are written together in the next one."""
    writes, recorder = Writes(monkeypatch), Recorder(desk)
    first = asyncio.create_task(recorder.record(outcome(waiting[0])))
    await writes.began.wait()
    others = [asyncio.create_task(recorder.record(outcome(item))) for item in waiting[1:]]
    await asyncio.sleep(0)
    assert not first.done()
    writes.may_go_on.set()
    await asyncio.gather(first, *others)
    assert writes.sizes == [1, 4]
    assert await states(desk) == [S.FAILED] * 5


async def test_bad_outcome_spoils_no_other(
    desk: Desk, waiting: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of outcomes that fail together, the good ones are written and the bad one's caller is told."""
    writes, recorder = Writes(monkeypatch), Recorder(desk)
    first = asyncio.create_task(recorder.record(outcome(waiting[0])))
    await writes.began.wait()
    second = asyncio.create_task(recorder.record(outcome(waiting[1], to=S.PUBLISHED)))
    third = asyncio.create_task(recorder.record(outcome(waiting[2])))
    await asyncio.sleep(0)
    writes.may_go_on.set()
    ended = await asyncio.gather(first, second, third, return_exceptions=True)
    assert [type(end) for end in ended] == [type(None), ValueError, type(None)]
    assert (await states(desk))[:3] == [S.FAILED, S.WAITING, S.FAILED]


async def test_failure_is_told(
    desk: Desk, waiting: list[Delivery], caplog: pytest.LogCaptureFixture
) -> None:
    """A write that fails raises where the outcome came from, and the next one is written."""
    recorder = Recorder(desk)
    with pytest.raises(ValueError, match="no move from waiting to published"):
        await recorder.record(outcome(waiting[0], to=S.PUBLISHED))
    await recorder.record(outcome(waiting[1]))
    assert (await states(desk))[:2] == [S.WAITING, S.FAILED]
    assert "never retrieved" not in caplog.text


async def test_cancelled_caller_writes_on(
    desk: Desk, waiting: list[Delivery], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a service has answered is written down even when its task is told to stop."""
    writes, recorder = Writes(monkeypatch), Recorder(desk)
    caller = asyncio.create_task(recorder.record(outcome(waiting[0])))
    await writes.began.wait()
    caller.cancel()
    await asyncio.sleep(0)
    writes.may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert (await states(desk))[0] == S.FAILED


async def test_nothing_moved_nothing_told(desk: Desk, life: Life, waiting: list[Delivery]) -> None:
    """An outcome that comes too late for its delivery is told to nobody."""
    for _ in range(2):
        await Recorder(desk).record(outcome(waiting[0]))
    async with desk.database.reading() as reading:
        kinds = (await reading.execute(select(tables.events.c.kind))).scalars().all()
    assert kinds.count(EventKind.PROGRESSED) == 1
    assert kinds.count(EventKind.SETTLED) == 1


async def test_drain_waits_then_cuts_off() -> None:
    """A drain waits for what ends in time, cancels what does not, and lets it clean up."""
    work, ended = InFlight(), []

    async def run(name: str, until: asyncio.Event) -> None:
        try:
            await until.wait()
            ended.append(name)
        except asyncio.CancelledError:
            await asyncio.sleep(0)
            ended.append(f"{name} cut off")

    soon, never = asyncio.Event(), asyncio.Event()
    work.start(run("quick", soon))
    work.start(run("endless", never))
    soon.set()
    await work.drain(0.05)
    assert ended == ["quick", "endless cut off"]
    await work.drain(0.05)


async def test_failure_in_flight_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Work in flight that fails stops nothing else, and says so in the log."""

    async def fail() -> None:
        raise RuntimeError("broken")

    work = InFlight()
    with caplog.at_level(logging.ERROR):
        work.start(fail())
        await work.drain(1)
        await asyncio.sleep(0)
    assert "Work in flight failed." in caplog.text
