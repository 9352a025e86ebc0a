"""The machines of posts and deliveries against a simple model, with a death at any commit."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.domain.delivery import OPEN
from bot.domain.pause import Scope
from bot.domain.platform import Platform
from bot.storage import Storage
from bot.vault import Vault
from bot.workflow import cancel, pause, recover, reschedule
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from bot.workflow.pause import Pauser
from bot.workflow.publish import Publisher
from bot.workflow.recover import Answerer
from bot.workflow.track import Tracker
from tests.chaos.mortal import MortalDatabase, live
from tests.chaos.remote import PUBLISH_FATES, STATUS_FATES, Remote
from tests.factories import APPROVER, SERVER
from tests.life import Life
from tests.scripted import Clock, ScriptedServices

EXAMPLES = int(os.environ.get("COPYDESK_MODEL_EXAMPLES", "15"))
"""How many stories are tried; many more by hand: COPYDESK_MODEL_EXAMPLES=1000."""

TWO = (Platform.THREADS, Platform.FACEBOOK)
_OPEN = frozenset(map(str, OPEN))
_LIVE = "https://www.threads.net/@harbour/post/C1"
_LINKS = {"threads": _LIVE, "facebook": "https://www.facebook.com/harbour/posts/1"}
_WAITS = (timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=20), timedelta(hours=2))


@dataclass(frozen=True)
class Seen:
    """What the database holds: states and rounds of deliveries, ends of posts that were told."""

    states: dict[int, str]
    posts: dict[int, int]
    settled: set[int]
    ends: Counter[int]
    reasons: dict[int, str]


class Machines(RuleBasedStateMachine):
    """Posts and deliveries; `template` is a migrated database."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-model-"))
        self.file = self.folder / "copydesk.db"
        shutil.copy(self.template, self.file)
        self.reader = sqlite3.connect(self.file, isolation_level=None)
        self.loop = asyncio.new_event_loop()
        self.clock = Clock()
        self.vault = Vault([Fernet.generate_key().decode()])
        self.is_dead = False
        self.answered: set[int] = set()  # deliveries that people answered for in this step
        self.tampered: set[int] = set()
        self.written = 0

    @initialize(is_idempotent=st.booleans(), reconciles=st.booleans())
    def begin(self, is_idempotent: bool, reconciles: bool) -> None:
        """Choose what the service can do, and connect it."""
        self.remote = Remote(is_idempotent=is_idempotent, reconciles=reconciles)
        self.loop.run_until_complete(self._open())
        self.accounts = self.loop.run_until_complete(self.life.connect())
        self.before = self._look()

    async def _open(self) -> None:
        self.database = MortalDatabase(f"sqlite+aiosqlite:///{self.file}")
        self.remote.check, self.remote.die = self.database.check, self.database.die
        self.desk = Desk(
            database=self.database,
            storage=Storage(f"file:{self.folder / 'media'}"),
            services=ScriptedServices(self.database, self.vault, self.remote),
            links=MediaLinks("https://desk.example", self.vault),
            now=self.clock,
        )
        self.life = Life(self.desk)
        self.publisher, self.tracker = Publisher(self.desk), Tracker(self.desk)
        self.is_dead = False

    def live(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something, unless the process dies of it."""
        self.is_dead = not self.loop.run_until_complete(live(self.database, work))

    # What people do

    @precondition(lambda self: not self.is_dead)
    @rule(platforms=st.sampled_from([TWO[:1], TWO]), when=st.sampled_from(["now", "in 1 hour"]))
    def approve(self, platforms: tuple[Platform, ...], when: str) -> None:
        """Write a post and have it approved."""
        self.written += 1
        self.live(self.life.approved(*platforms, caption=f"Post {self.written}", when=when))

    @precondition(lambda self: not self.is_dead and self.before.posts)
    @rule(pick=st.integers(0, 99))
    def cancel(self, pick: int) -> None:
        """Stop a post."""
        post_id = self._post(pick)
        self.live(
            cancel.cancel(
                self.desk, server_id=SERVER, post_id=post_id, user_id=APPROVER, may_cancel_any=True
            )
        )

    @precondition(lambda self: not self.is_dead and self.before.posts)
    @rule(pick=st.integers(0, 99), when=st.sampled_from(["in 5 minutes", "in 3 hours"]))
    def reschedule(self, pick: int, when: str) -> None:
        """Give what has not left another time."""
        self.live(
            reschedule.reschedule(
                self.desk,
                server_id=SERVER,
                post_id=self._post(pick),
                when_text=when,
                user_id=APPROVER,
                may_decide=True,
            )
        )

    @precondition(lambda self: not self.is_dead and self.before.states)
    @rule(pick=st.integers(0, 99), answer=st.sampled_from(["live", "again", "check", "drop"]))
    def answer(self, pick: int, answer: str) -> None:
        """Answer for a delivery that waits for people, or try to."""
        delivery_id = sorted(self.before.states)[pick % len(self.before.states)]
        self.answered.add(delivery_id)
        by = Answerer(server_id=SERVER, user_id=APPROVER, may_decide=True)
        self.live(
            {
                "live": lambda: self._say_live(by, delivery_id),
                "again": lambda: recover.publish_again(self.desk, by, [delivery_id]),
                "check": lambda: recover.check_again(self.desk, by, delivery_id),
                "drop": lambda: recover.drop(self.desk, by, delivery_id),
            }[answer]()
        )

    async def _say_live(self, by: Answerer, delivery_id: int) -> None:
        platforms = dict(self._rows("SELECT id, platform FROM deliveries"))
        await recover.say_live(self.desk, by, delivery_id, _LINKS[platforms[delivery_id]])

    @precondition(lambda self: not self.is_dead)
    @rule(resumes=st.booleans())
    def pause(self, resumes: bool) -> None:
        """Pause an account, or let it go on."""
        by = Pauser(server_id=SERVER, user_id=APPROVER, may_decide=True)
        do = pause.resume if resumes else pause.pause
        self.live(do(self.desk, by, Scope.ACCOUNT, self.accounts[Platform.FACEBOOK]))

    @precondition(lambda self: not self.is_dead and self.before.posts)
    @rule(pick=st.integers(0, 99))
    def tamper(self, pick: int) -> None:
        """Change a post behind the back of its approval."""
        post_id = self._post(pick)
        self.tampered.add(post_id)
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute(
                "UPDATE revisions SET caption = 'unapproved ' || post_id WHERE post_id = ?",
                (post_id,),
            )

    # What the machine and the world do

    @precondition(lambda self: not self.is_dead)
    @rule()
    def publish(self) -> None:
        """Tick the publisher."""
        self.live(self._publish())

    async def _publish(self) -> None:
        await self.publisher.tick()
        await self.publisher.drain(5)

    @precondition(lambda self: not self.is_dead)
    @rule()
    def resolve(self) -> None:
        """Find out about lost calls."""
        self.live(self._resolve(everything=False))

    async def _resolve(self, *, everything: bool) -> None:
        await self.publisher.resolve(everything=everything)
        await self.publisher.drain(5)

    @precondition(lambda self: not self.is_dead)
    @rule()
    def track(self) -> None:
        """Tick the tracker."""
        self.live(self._track())

    async def _track(self) -> None:
        await self.tracker.tick()
        await self.tracker.drain(5)

    @rule(fates=st.lists(st.sampled_from(PUBLISH_FATES), min_size=1, max_size=3))
    def choose_calls(self, fates: list[str]) -> None:
        """Choose what becomes of the next calls."""
        self.remote.publish_fates.extend(fates)

    @rule(fates=st.lists(st.sampled_from(STATUS_FATES), min_size=1, max_size=3))
    def choose_answers(self, fates: list[str]) -> None:
        """Choose what the next questions are answered."""
        self.remote.status_fates.extend(fates)

    @rule(span=st.sampled_from(_WAITS))
    def wait(self, span: timedelta) -> None:
        """Let time pass."""
        self.clock.forward(span)

    @precondition(lambda self: not self.is_dead)
    @rule(commits=st.integers(1, 4), after=st.booleans())
    def doom(self, commits: int, after: bool) -> None:
        """Choose a commit at which the process will die."""
        self.database.doom(commits, after=after)

    @rule()
    def restart(self) -> None:
        """Start again, as `bot run` does."""
        self.loop.run_until_complete(self._reopen())
        self.live(self._resolve(everything=True))

    async def _reopen(self) -> None:
        await self.desk.services.close()
        await self.database.close()
        await self._open()

    # What must hold after every step

    @invariant()
    def holds(self) -> None:
        """Check what must always be so."""
        if not hasattr(self, "before"):
            return
        before, now = self.before, self._look()
        assert not self.remote.wrong
        assert all(count == 1 for count in self.remote.accepted.values()), self.remote.accepted
        assert not any("unapproved" in caption for caption in self.remote.captions)
        for delivery, state in before.states.items():
            if state not in _OPEN and delivery not in self.answered:
                assert now.states[delivery] == state, f"delivery {delivery} ended as {state}"
        for delivery, reason in now.reasons.items():
            if now.posts[delivery] not in self.tampered:
                assert "not what was approved" not in reason, f"delivery {delivery}: {reason}"
        for post in set(now.posts.values()):
            self._check_end(post, before, now)
        self.before, self.answered = now, set()

    def _check_end(self, post: int, before: Seen, now: Seen) -> None:
        """A post is settled when nothing of it is open, and each time that is told once."""
        mine = [delivery for delivery, of in now.posts.items() if of == post]
        is_open = any(now.states[delivery] in _OPEN for delivery in mine)
        is_sent = any(now.states[delivery] != "cancelled" for delivery in mine)
        assert not (is_open and post in now.settled), f"post {post} is settled too early"
        if is_sent and not is_open:
            assert post in now.settled, f"the end of post {post} was not told"
        told = now.ends[post] - before.ends[post]
        if self.answered & set(mine):
            has_changed = any(now.states[each] != before.states.get(each) for each in mine)
            assert told == (has_changed and post in now.settled)
        else:
            assert told == (post in now.settled and post not in before.settled)

    def teardown(self) -> None:
        """In fine weather everything comes to its end."""
        try:
            if hasattr(self, "before"):
                self._finish()
        finally:
            self.reader.close()
            self.loop.run_until_complete(self.database.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    def _finish(self) -> None:
        self.remote.publish_fates.clear()
        self.remote.status_fates.clear()
        self.restart()
        self.pause(resumes=True)
        for _ in range(12):
            self.wait(timedelta(minutes=31))
            for step in (self.publish, self.resolve, self.track):
                step()
                self.holds()
        left = {key: state for key, state in self.before.states.items() if state in _OPEN}
        assert not left, f"stuck: {left}"

    def _post(self, pick: int) -> int:
        ids = sorted(set(self.before.posts.values()))
        return ids[pick % len(ids)]

    def _look(self) -> Seen:
        rows = self._rows("SELECT id, post_id, state, reason FROM deliveries")
        ended = self._rows("SELECT post_id FROM events WHERE kind = 'post.settled'")
        return Seen(
            states={row[0]: row[2] for row in rows},
            posts={row[0]: row[1] for row in rows},
            settled={
                row[0] for row in self._rows("SELECT id FROM posts WHERE settled_at NOT NULL")
            },
            ends=Counter(row[0] for row in ended),
            reasons={row[0]: row[3] for row in rows},
        )

    def _rows(self, statement: str) -> list[Any]:
        return self.reader.execute(statement).fetchall()


@pytest.mark.filterwarnings("ignore:The garbage collector is trying:sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of the same
def test_any_story_ends_well(sqlite_template: Path) -> None:
    """Whatever is approved, stopped, moved, lost, refused, answered or killed: nothing is sent
    twice, ends are final, and every end is told once.
    """
    Machines.template = sqlite_template
    run_state_machine_as_test(
        Machines,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
