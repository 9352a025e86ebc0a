"""A process that dies at every call and every commit of rarer work: taking back, moving, failover.

What the service did then is known to nobody but the service, until it is asked.
"""

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from typing_extensions import override

from bot.domain.delivery import OPEN, DeliveryState
from bot.domain.platform import Platform
from bot.domain.post import Post
from bot.domain.server import RemoteAccount
from bot.domain.times import Timing
from bot.errors import ContentRejectedError
from bot.storage import Storage
from bot.vault import Vault
from bot.workflow import backups, configure, reschedule
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from bot.workflow.publish import Publisher
from providers.capabilities import Idempotency, Schedule
from providers.submission import Receipt, Submission, Submitted
from tests.chaos.mortal import MortalDatabase, live
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import Clock, ScriptedService, ScriptedServices

S = DeliveryState
HOUR = timedelta(hours=1)
MOST_COMMITS = 12
ELSEWHERE = [
    RemoteAccount(remote_id="th-2", platform=Platform.THREADS, name="Talk", username="talk")
]
POINTS = pytest.mark.parametrize(
    "point", ["before the call", "after the call", "before the commit", "after the commit"]
)


class Keeper(ScriptedService):
    """Keeps the times of posts, refuses one account, and knows what it did. It may be where the
    process dies, `before` a call takes effect or `after`.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.can(
            schedule=Schedule(lead=timedelta(minutes=5), horizon=timedelta(days=30)),
            cancels=True,
            reschedules=True,
        )
        self.clock = clock
        self.kept: dict[str, datetime | None] = {}  # by key; None is taken back
        self.calls: list[str] = []
        self.pass_by: Callable[[str], None] = lambda _: None

    @override
    async def publish(self, submission: Submission) -> list[Receipt]:
        [recipient] = submission.recipients
        self.calls.append(submission.key)
        if recipient.remote_id == "th" and submission.at is None:
            raise ContentRejectedError("Too rude.")
        self.kept[submission.key] = submission.at or self.clock()
        state = S.SCHEDULED_AT_PROVIDER if submission.at else S.PUBLISHED
        return [Receipt(state=state, remote_id=submission.key, link="https://social.example/1")]

    @override
    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        return [Receipt(state=self._state(self.kept[item.remote_id])) for item in submitted]

    def _state(self, at: datetime | None) -> DeliveryState:
        if at is None:
            return S.CANCELLED
        return S.PUBLISHED if at <= self.clock() else S.SCHEDULED_AT_PROVIDER

    @override
    async def cancel(self, submitted: Submitted) -> Receipt:
        return self._keep(submitted, None)

    @override
    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        return self._keep(submitted, at)

    def _keep(self, submitted: Submitted, at: datetime | None) -> Receipt:
        self.pass_by("before")
        self.kept[submitted.remote_id] = at
        self.pass_by("after")
        return Receipt(state=self._state(at), remote_id=submitted.remote_id)


class Home:
    """What outlives a process: a database and a service; and the process that lives there now."""

    life: Life
    database: MortalDatabase

    def __init__(self, file: Path, clock: Clock) -> None:
        self.clock = clock
        self.service = Keeper(clock)
        self._file = file
        self._vault = Vault([Fernet.generate_key().decode()])

    async def start(self) -> None:
        """Begin a new process, in the place of one that may be dead."""
        await self.close()
        self.service.pass_by = lambda _: None
        self.database = MortalDatabase(f"sqlite+aiosqlite:///{self._file}")
        desk = Desk(
            database=self.database,
            storage=Storage(f"file:{self._file.parent / 'media'}"),
            services=ScriptedServices(self.database, self._vault, self.service),
            links=MediaLinks("https://desk.example", self._vault),
            now=self.clock,
        )
        self.life = Life(desk)

    async def close(self) -> None:
        """End it."""
        if hasattr(self, "life"):
            await self.life.desk.services.close()
            await self.database.close()

    def doom(self, point: str) -> None:
        """Choose where the process dies: at a change at the service, or at the commit after it."""
        when, _, what = point.split(" ")
        if what == "commit":
            self.database.doom(1, after=when == "after")
        else:
            self.service.pass_by = lambda now: self.database.die() if now == when else None

    async def live_on(self, hours: int = 7) -> None:
        """Start again, as the bot does, and let time pass."""
        await self.start()
        publisher = Publisher(self.life.desk)
        await publisher.resolve(everything=True)
        for _ in range(hours):
            await publisher.tick()
            await publisher.resolve()
            await publisher.drain(5)
            await self.life.track()
            self.clock.forward(HOUR)


@pytest.fixture
async def home(sqlite_template: Path, tmp_path: Path, clock: Clock) -> AsyncIterator[Home]:
    """Found a home whose server leaves times to the service."""
    home = Home(Path(shutil.copy(sqlite_template, tmp_path / "copydesk.db")), clock)
    await home.start()
    await home.life.connect()
    await configure.change(
        home.life.desk, server_id=SERVER, user_id=APPROVER, timing=Timing.SERVICE
    )
    yield home
    await home.close()


async def handed_over(home: Home) -> Post:
    """Have a post wait at the service."""
    post = await home.life.approved(Platform.THREADS, when="in 2 hours")
    await home.life.publish()
    assert (await home.life.delivery(post)).state is S.SCHEDULED_AT_PROVIDER
    return post


@POINTS
async def test_dies_while_a_post_is_taken_back(home: Home, point: str) -> None:
    """Asked again it is cancelled, here and there: a start forgets nothing and undoes nothing."""
    post = await handed_over(home)
    home.doom(point)
    assert not await live(home.database, home.life.cancel(post))
    await home.start()
    if point != "after the commit":
        await home.life.cancel(post)
    assert (await home.life.delivery(post)).state is S.CANCELLED
    assert list(home.service.kept.values()) == [None]
    await home.live_on()
    assert (await home.life.delivery(post)).state is S.CANCELLED
    assert len(home.service.calls) == 1


@POINTS
async def test_dies_while_a_post_is_taken_back_and_nobody_asks_again(
    home: Home, point: str
) -> None:
    """What became of it is read at the service when its time comes, and told once unless it was
    told as cancelled.
    """
    post = await handed_over(home)
    home.doom(point)
    assert not await live(home.database, home.life.cancel(post))
    await home.live_on()
    is_out = point == "before the call"
    assert (await home.life.delivery(post)).state is (S.PUBLISHED if is_out else S.CANCELLED)
    assert await home.life.settled(post) == (point != "after the commit")
    assert len(home.service.calls) == 1


@POINTS
async def test_dies_while_a_post_is_moved(home: Home, point: str) -> None:
    """It goes out once, at the time that its service has; asked again, both have the same time."""
    post = await handed_over(home)
    home.doom(point)
    assert not await live(home.database, move(home, post))
    await home.start()
    if point != "after the commit":
        await move(home, post)
    assert list(home.service.kept.values()) == [(await home.life.delivery(post)).due_at]
    await home.live_on()
    assert (await home.life.delivery(post)).state is S.PUBLISHED
    assert len(home.service.calls) == await home.life.settled(post) == 1


@POINTS
async def test_dies_while_a_post_is_moved_and_nobody_asks_again(home: Home, point: str) -> None:
    """It is followed until it is out at whatever time its service has, and told once."""
    post = await handed_over(home)
    home.doom(point)
    assert not await live(home.database, move(home, post))
    await home.live_on()
    assert (await home.life.delivery(post)).state is S.PUBLISHED
    assert len(home.service.calls) == await home.life.settled(post) == 1


async def move(home: Home, post: Post) -> None:
    """Have an approver give a post another time."""
    await reschedule.reschedule(
        home.life.desk,
        server_id=SERVER,
        post_id=post.id,
        when_text="in 5 hours",
        user_id=APPROVER,
        may_decide=True,
    )


@pytest.mark.parametrize("kind", [Idempotency.NONE, Idempotency.KEY])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_dies_at_any_commit_of_a_takeover(home: Home, kind: Idempotency, after: bool) -> None:
    """What an account refused goes out through its backup once, or is told as failed or unknown."""
    home.service.can(idempotency=kind)
    main = await pair(home)
    ends: list[DeliveryState] = []
    for commits in range(1, MOST_COMMITS):
        home.service.calls.clear()
        home.service.kept.clear()
        post = await home.life.approved(accounts=[main])
        home.database.doom(commits, after=after)
        lived = await live(home.database, publish_twice(home.life))
        await home.live_on(3)
        delivery = await home.life.delivery(post)
        assert delivery.state not in OPEN
        assert len(home.service.kept) == (delivery.state is S.PUBLISHED) or (
            delivery.state is S.UNKNOWN
        )
        most = 1 if kind is Idempotency.NONE else 2
        assert all(times <= most for times in Counter(home.service.calls).values())
        assert await home.life.settled(post) == 1
        ends.append(delivery.state)
        if lived:
            break
    assert ends[-1] is S.PUBLISHED
    assert len(ends) >= 4
    assert S.UNKNOWN in ends or kind is not Idempotency.NONE


async def pair(home: Home) -> int:
    """Give the account that is refused a backup; its id."""
    accounts = await home.life.connect()
    home.service.listed = ELSEWHERE
    spare = await home.life.connect("sk_another_0123456789")
    main, desk = accounts[Platform.THREADS], home.life.desk
    await backups.choose(
        desk,
        server_id=SERVER,
        user_id=APPROVER,
        account_id=main,
        backup_id=spare[Platform.THREADS],
    )
    await configure.change(desk, server_id=SERVER, user_id=APPROVER, failover=True)
    return main


async def publish_twice(life: Life) -> None:
    """Call the account, and its backup."""
    await life.publish()
    await life.publish()
