"""What a tick costs with many deliveries stored for later, against few."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter

from typing_extensions import override

from benchmarks import databases, stored
from benchmarks.desks import KEPT, Running, laid_out
from benchmarks.figures import Figure, compare, middle, say
from bot.domain.delivery import DeliveryState
from bot.domain.server import Account
from bot.vault import Vault
from bot.workflow import announce
from bot.workflow.desk import Desk
from bot.workflow.machine import Machine
from bot.workflow.services import Services
from bot.workflow.tidy import POSTS_AT_ONCE
from db.database import Database
from providers.base import Provider
from providers.submission import Receipt, Submission
from providers.wahdx.service import Wahdx

MANY, FEW = 100_000, 1000
DUE = 1000
TARGET = 1.3
_TICKS = 30  # of which the median is taken
_LATER = timedelta(days=30)


def rows(engine: str) -> list[str]:
    """What is measured on an engine, in the order of `measure`."""
    stored_for_later = f"{MANY:,} stored for later against {FEW:,}"
    return [
        f"Idle tick, {engine}, {stored_for_later}",
        f"{DUE:,} due dispatched, {engine}, {stored_for_later}",
    ]


class _Immediate(Wahdx):
    """WAHDX without a network: what is measured is the machine."""

    @override
    async def publish(self, submission: Submission) -> list[Receipt]:
        link = "https://threads.example/@harbour/post/1"
        return [Receipt(state=DeliveryState.PUBLISHED, remote_id="p-1", link=link)]

    @override
    async def account_limits(self, remote_id: str) -> None:
        return None


class _ImmediateServices(Services):
    @override
    def build(self, provider: str, credentials: Mapping[str, str]) -> Provider:
        return _Immediate(credentials)


def _services(database: Database, vault: Vault) -> Services:
    return _ImmediateServices(database, vault, {})


@dataclass
class _Stock:
    """A database with so many deliveries for later."""

    desk: Desk
    running: Running
    accounts: list[Account]
    published: int = 0

    async def idle(self) -> float:
        """Milliseconds of one tick of everything, with nothing to do."""
        machine, spans = Machine(self.desk, retention=KEPT), list[float]()
        for _ in range(MANY // POSTS_AT_ONCE):  # the first look at what posts need is over
            await _tick(machine, "tidy")
        for _ in range(_TICKS):
            began = perf_counter()
            await _tick(machine)
            await announce.take(self.desk)
            spans.append((perf_counter() - began) * 1000)
        return middle(spans)

    async def dispatch(self) -> float:
        """Seconds to publish what is due."""
        due_at = self.desk.now() - timedelta(seconds=1)
        await stored.store(self.desk, self.accounts, DUE, due_at=due_at)
        seconds = await self.running.publish(self.desk, DUE)
        self.published += DUE
        await stored.check_published(self.desk, self.published)
        return seconds


async def _tick(machine: Machine, name: str = "") -> None:
    """Tick once, everything or what has this name."""
    for tick in machine.ticks:
        if name in ("", tick.name):
            await tick.work()


async def measure() -> AsyncGenerator[Figure]:
    """Two figures for each engine."""
    for engine in databases.engines():
        say(f"Storing {MANY:,} deliveries, {engine}")
        async with _stock(engine, MANY) as many, _stock(engine, FEW) as few:
            idle = await compare(many.idle, few.idle)
            dispatch = await compare(many.dispatch, few.dispatch)
        ticking, dispatching = rows(engine)
        yield _figure(ticking, idle, "ms")
        yield _figure(dispatching, dispatch, "s")


def _figure(what: str, measured: Sequence[float], unit: str) -> Figure:
    many, few = measured
    return Figure(
        what=what,
        ours=f"{many:.1f} {unit}",
        bare=f"{few:.1f} {unit}",
        ratio=many / few,
        target=f"< {TARGET}",
    )


@asynccontextmanager
async def _stock(engine: str, count: int) -> AsyncGenerator[_Stock]:
    async with (
        databases.fresh(engine) as database,
        laid_out(database, _services) as (desk, running),
    ):
        accounts = await stored.connect(desk)
        await stored.store(desk, accounts, count, due_at=desk.now() + _LATER)
        # What the storing had to tell is told: an idle tick finds nothing.
        for telling in await announce.take(desk):
            await announce.told(desk, telling)
        yield _Stock(desk, running, accounts)
