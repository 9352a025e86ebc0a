"""Deliveries per second, with everything durable, against the bare HTTP client.

Also how long the event loop stands still meanwhile.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import httpx

from benchmarks import databases, service, stored
from benchmarks.desks import laid_out
from benchmarks.figures import Figure, Measured, compare
from benchmarks.stalls import longest_stall
from benchmarks.stored import CONNECTIONS
from bot.vault import Vault
from bot.workflow.services import Services
from db.database import Database
from providers.slots import MAX_CALLS

COUNT = 1000
TARGET, TARGETED = 0.6, "SQLite"
MOST_STALL_MS = 50

RATES = ("httpx", "httpx, a client for each connection")


def rows(engine: str) -> list[str]:
    """What is measured on an engine, in the order of `measure`."""
    stall = f"Longest stall of the event loop, {COUNT:,} due, {engine}"
    return [*(f"Deliveries a second, {engine}, against {plain}" for plain in RATES), stall]


async def measure() -> AsyncGenerator[Figure]:
    """The rates and the stalls of each engine."""
    async with service.running() as url:
        await bare(url, clients=1)  # the service is warm for all
        for engine in databases.engines():
            for figure in await _figures(engine, url):
                yield figure


async def _figures(engine: str, url: str) -> list[Figure]:
    ours = partial(published, engine, url)
    shared, apart, stall = rows(engine)
    rate, *plain = await compare(ours, partial(bare, url, 1), partial(bare, url, CONNECTIONS))
    targets = (f"≥ {TARGET}" if engine == TARGETED else "", "")
    return [
        *(_rate(*row, rate=rate) for row in zip((shared, apart), plain, targets, strict=True)),
        await _stall(stall, ours, partial(bare, url, 1)),
    ]


def _rate(what: str, plain: float, target: str, *, rate: float) -> Figure:
    return Figure(
        what=what, ours=f"{rate:.0f}", bare=f"{plain:.0f}", ratio=rate / plain, target=target
    )


async def _stall(what: str, *measured: Measured) -> Figure:
    """On a busy machine whatever runs is kept from running, so the bare loop tells how much that is."""
    ours, plain = await compare(*(partial(_longest, each) for each in measured), rounds=3)
    return Figure(
        what=what,
        ours=f"{ours * 1000:.0f} ms",
        bare=f"{plain * 1000:.0f} ms",
        target=f"< {MOST_STALL_MS} ms",
    )


async def _longest(measured: Measured) -> float:
    return await longest_stall(measured())


async def published(engine: str, url: str) -> float:
    """Deliveries a second through the whole machine."""
    async with (
        databases.fresh(engine) as database,
        laid_out(database, partial(_services, url)) as (desk, running),
    ):
        accounts = await stored.connect(desk)
        await stored.store(desk, accounts, COUNT, due_at=desk.now() - timedelta(seconds=1))
        seconds = await running.publish(desk, COUNT)
        await stored.check_published(desk, COUNT)
        return COUNT / seconds


def _services(url: str, database: Database, vault: Vault) -> Services:
    return Services(database, vault, {"WAHDX_URL": url})


async def bare(url: str, clients: int) -> float:
    """The same bodies a second through httpx alone, as many at once, shared by so many clients."""
    bodies = iter([_body(number) for number in range(COUNT)])
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False))
            for _ in range(clients)
        ]
        clock = asyncio.get_running_loop().time
        began = clock()
        await asyncio.gather(*(_send(opened[at % clients], bodies) for at in range(MAX_CALLS)))
        return COUNT / (clock() - began)


async def _send(client: httpx.AsyncClient, bodies: Iterator[dict[str, Any]]) -> None:
    for body in bodies:
        answer = await client.post("/api/content/post", json=body)
        answer.raise_for_status().json()


def _body(number: int) -> dict[str, Any]:
    return {
        "platform": "threads",
        "accountId": f"account-{number % CONNECTIONS}",
        "content": stored.CAPTION,
    }
