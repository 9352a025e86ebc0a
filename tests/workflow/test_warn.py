"""Warnings before the slot: what is in the way of a post is told a day and an hour ahead."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.domain.delivery import DeliveryState
from bot.domain.event import EventKind
from bot.domain.limits import AccountLimits
from bot.domain.media import Media
from bot.domain.platform import Kind, Platform
from bot.domain.post import Post
from bot.domain.server import Account, RemoteAccount
from bot.errors import AccountBrokenError, TryLaterError
from bot.workflow import connect, intake, warn
from bot.workflow.desk import Desk
from bot.workflow.warn import Warner
from db.tables import deliveries, posts
from providers.base import Provider
from tests.factories import SERVER
from tests.life import Life
from tests.pictures import JPEG, in_pieces
from tests.scripted import ACCOUNTS, Clock, ScriptedService

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
on_both_engines = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


@pytest.fixture
def warner(desk: Desk, life: Life) -> Warner:
    """Check the posts of a connected server."""
    return Warner(desk)


async def check(warner: Warner) -> None:
    """Tick once, to the end of the checks."""
    await warner.tick()
    await warner.drain(5)


async def told(life: Life, post: Post) -> list[str]:
    """Read what was told to be in the way of a post, check by check; empty where all was well."""
    return [
        event.data.get("problems", "")
        for event in await life.events(post)
        if event.kind in {EventKind.CHECKED, EventKind.WARNED}
    ]


@on_both_engines
async def test_well(life: Life, clock: Clock, warner: Warner) -> None:
    """A post that is well is checked a day and an hour ahead, once each, and nobody is told."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    checks: list[int] = []
    for forward in (0 * HOUR, 5 * HOUR, 1 * HOUR, 22 * HOUR, 1 * HOUR, MINUTE):
        clock.forward(forward)
        for _ in range(2):
            await check(warner)
        checks.append(len(await told(life, post)))
    assert checks == [0, 0, 1, 1, 2, 2]
    assert set(await told(life, post)) == {""}
    kinds = [event.kind for event in await life.events(post)]
    assert kinds.count(EventKind.CHECKED) == 2


@on_both_engines
async def test_undecided(life: Life, clock: Clock, warner: Warner) -> None:
    """A post nobody approved is told of, both times, and so is when it expires."""
    post = await life.in_review(Platform.THREADS, when="in 30 hours")
    clock.forward(6 * HOUR)
    await check(warner)
    clock.forward(23 * HOUR)
    await check(warner)
    first, second = await told(life, post)
    assert first == second
    assert "nobody has approved it yet" in first


async def test_written_late(life: Life, service: ScriptedService, warner: Warner) -> None:
    """A post written within the hour was checked just then: nothing is asked or told."""
    post = await life.in_review(Platform.THREADS, when="in 30 minutes")
    service.listed = AccountBrokenError("The key is refused.")
    await check(warner)
    assert await told(life, post) == [""]


async def test_the_hour_makes_up_for_the_day(life: Life, clock: Clock, warner: Warner) -> None:
    """A Copydesk that was away a day ahead checks once, an hour ahead."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    clock.forward(29 * HOUR + MINUTE)
    await check(warner)
    await check(warner)
    assert await told(life, post) == [""]


async def found(life: Life, clock: Clock, warner: Warner, post: Post) -> str:
    """Check a post that is due in 30 hours, a day ahead; what is told."""
    clock.forward(7 * HOUR)
    await check(warner)
    [problems] = await told(life, post)
    return problems


async def test_refused_key(
    life: Life, clock: Clock, service: ScriptedService, warner: Warner
) -> None:
    """A key that is refused is told with the service's words and what to do."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    service.listed = AccountBrokenError("The key is refused.", remedy="Make a new one.")
    assert await found(life, clock, warner, post) == "WAHDX: The key is refused. Make a new one."


async def test_away(life: Life, clock: Clock, service: ScriptedService, warner: Warner) -> None:
    """A service that does not answer is told, and the post goes out at its time all the same."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    service.listed = TryLaterError("No connection.")
    assert "it cannot be asked now. No connection." in await found(life, clock, warner, post)
    clock.forward(23 * HOUR)
    await life.publish()
    assert (await life.delivery(post)).state is DeliveryState.PUBLISHED


async def test_resting(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService, warner: Warner
) -> None:
    """A service that is left alone is not asked; the post is told of."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    for _ in range(5):
        desk.breakers.heard(SERVER, 1, TryLaterError("It is down."), clock())
    service.listed = AssertionError("asked")
    assert "it cannot be asked now. It is down." in await found(life, clock, warner, post)


@on_both_engines
async def test_an_account_to_be_reconnected(
    life: Life, desk: Desk, clock: Clock, service: ScriptedService, warner: Warner
) -> None:
    """An account that the service lists as broken, or no more, is told by its name."""
    post = await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 30 hours")
    service.listed = [item for item in ACCOUNTS if item.platform is not Platform.THREADS]
    problems = await found(life, clock, warner, post)
    assert "Threads · Talk must be reconnected at its service" in problems
    assert "Facebook" not in problems
    known = await connect.accounts(desk, SERVER)
    assert [item.usable for item in known if item.platform is Platform.THREADS] == [False]


async def test_an_account_that_expires_soon(
    life: Life, clock: Clock, service: ScriptedService, warner: Warner
) -> None:
    """An account that is about to be disconnected is told before it is."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    soon = RemoteAccount(
        remote_id="th", platform=Platform.THREADS, name="Talk", username="talk", expires_soon=True
    )
    service.listed = [soon]
    assert "Threads · Talk is about to be disconnected" in await found(life, clock, warner, post)


async def test_limits_that_shrank(
    life: Life, clock: Clock, service: ScriptedService, warner: Warner
) -> None:
    """What an account allows is read anew."""
    post = await life.approved(Platform.TIKTOK, when="in 30 hours", media=[await a_photo(life)])
    service.allowed = AccountLimits(kinds=frozenset({Kind.VIDEO}))
    assert "photos were given" in await found(life, clock, warner, post)


async def a_photo(life: Life) -> Media:
    """Keep a photo."""
    return await intake.keep(life.desk, SERVER, "beans.jpg", in_pieces(JPEG))


async def test_a_file_that_is_gone(
    life: Life, clock: Clock, warner: Warner, tmp_path: Path
) -> None:
    """A file that was lost from the storage, or cut off, is named."""
    post = await life.approved(Platform.TIKTOK, when="in 30 hours", media=[await a_photo(life)])
    [kept] = (tmp_path / "media").rglob(f"{post.content.media[0].sha256}.jpg")
    kept.write_bytes(b"half")
    assert "Media: beans.jpg is gone from where" in await found(life, clock, warner, post)


async def test_content_that_is_not_what_was_approved(
    life: Life, desk: Desk, clock: Clock, warner: Warner
) -> None:
    """An approval that does not hold any more is told, since the post will not go out."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(deliveries).values(content_hash="another"))
    assert "its content is not what was approved" in await found(life, clock, warner, post)


async def test_what_has_left(life: Life, desk: Desk, clock: Clock, warner: Warner) -> None:
    """What has left already needs no check."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(deliveries).values(state=DeliveryState.SUBMITTED))
        await transaction.execute(update(deliveries).values(content_hash="another"))
    assert await found(life, clock, warner, post) == ""


async def test_once_per_connection(
    life: Life,
    clock: Clock,
    service: ScriptedService,
    warner: Warner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many posts are checked together, a connection is read once."""
    for _ in range(5):
        await life.approved(Platform.THREADS, Platform.FACEBOOK, when="in 30 hours")
    clock.forward(7 * HOUR)
    readings: list[object] = []

    async def accounts() -> list[RemoteAccount]:
        readings.append(service)
        return list(ACCOUNTS)

    monkeypatch.setattr(service, "accounts", accounts)
    await check(warner)
    assert len(readings) == 1


async def test_a_slow_service_delays_no_other(
    life: Life, desk: Desk, clock: Clock, warner: Warner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one connection hangs, the posts of another are checked; a tick returns at once."""
    slow = await life.approved(Platform.THREADS, when="in 30 hours")
    known = {item.id for item in await connect.accounts(desk, SERVER)}
    await life.connect(key="sk_another_0123456789")
    everything = connect.accounts

    async def the_new(desk: Desk, server_id: int) -> list[Account]:
        return [item for item in await everything(desk, server_id) if item.id not in known]

    with monkeypatch.context() as patched:
        patched.setattr(connect, "accounts", the_new)
        quick = await life.approved(Platform.FACEBOOK, when="in 30 hours")
    of = desk.services.of

    async def hanging(server_id: int, connection_id: int) -> Provider:
        if connection_id == 1:
            await asyncio.Event().wait()
        return await of(server_id, connection_id)

    monkeypatch.setattr(desk.services, "of", hanging)
    clock.forward(7 * HOUR)
    await asyncio.wait_for(warner.tick(), 5)
    await warner.tick()  # what is under way is not begun again
    async with asyncio.timeout(5):
        while not await told(life, quick):
            pass
    assert await told(life, slow) == []
    await warner.drain(0.01)
    assert await told(life, slow) == []


async def test_a_service_that_never_answers(
    life: Life, desk: Desk, clock: Clock, warner: Warner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check does not wait for ever: what is not answered is told."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")

    async def hanging(_server_id: int, _connection_id: int) -> Provider:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(desk.services, "of", hanging)
    monkeypatch.setattr(warn, "PATIENCE", 0.01)
    assert "WAHDX: it cannot be asked now." in await found(life, clock, warner, post)


async def test_moved(life: Life, desk: Desk, clock: Clock, warner: Warner) -> None:
    """A post that changes while it is checked is not noted, and checked anew."""
    post = await life.approved(Platform.THREADS, when="in 30 hours")
    clock.forward(7 * HOUR)
    await warner.tick()
    async with desk.database.transaction() as transaction:
        await transaction.execute(update(posts).values(revision=2))
    await warner.drain(5)
    assert await told(life, post) == []
