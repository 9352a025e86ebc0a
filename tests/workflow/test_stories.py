"""Stories of approval: whatever happens in whatever order, nothing goes out that was not approved by
enough people who may, none of them its author, and before its time.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.approval import Roles, Rules, Stage, Verdict
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import CopydeskError
from bot.storage import Storage
from bot.vault import Vault
from bot.workflow import browse, cancel, catch_up, hold, new_time, remind, revise
from bot.workflow.desk import Desk
from bot.workflow.media_links import MediaLinks
from db.database import Database
from tests.factories import AUTHOR, ROLE, SERVER
from tests.life import Life
from tests.scripted import Clock, ScriptedService, ScriptedServices

CLIENT, LEADS = 31, 41
ANN, BEN, LEA = 21, 22, 23
SOME = [frozenset[int](), frozenset({ROLE}), frozenset({CLIENT}), frozenset({ROLE, CLIENT})]
EXAMPLES = int(os.environ.get("COPYDESK_MODEL_EXAMPLES", "15"))
"""How many stories are told; many more by hand: COPYDESK_MODEL_EXAMPLES=1000."""

CHOSEN = [
    Rules(),
    Rules(stages=(Stage(needed=2),), escalate_role=LEADS),
    Rules(stages=(Stage(roles=(ROLE, CLIENT), each=True),)),
    Rules(stages=(Stage(), Stage(roles=(CLIENT,))), escalate_role=LEADS),
]
AT_FIRST: dict[int, Roles] = {
    AUTHOR: frozenset({ROLE}),
    ANN: frozenset({ROLE}),
    BEN: frozenset({ROLE, CLIENT}),
    LEA: frozenset({LEADS}),
}
Step = tuple[str, int, Any]
PEOPLE = st.sampled_from([AUTHOR, ANN, BEN, LEA])
VERDICTS = st.sampled_from([Verdict.APPROVE] * 4 + list(Verdict))
STEPS = st.lists(
    st.one_of(
        *[st.tuples(st.just("vote"), PEOPLE, VERDICTS)] * 3,
        st.tuples(st.just("seen"), PEOPLE, VERDICTS),
        st.tuples(st.just("back"), PEOPLE, VERDICTS),
        st.tuples(st.just("roles"), PEOPLE, st.sampled_from([*SOME, frozenset({LEADS})])),
        st.tuples(st.just("edit"), st.just(AUTHOR), st.none()),
        st.tuples(st.just("wait"), st.just(0), st.sampled_from([1, 30, 70, 200])),
        st.tuples(st.just("tick"), st.just(0), st.none()),
        st.tuples(st.just("time"), PEOPLE, st.sampled_from(["now", "in 2 hours"])),
        st.tuples(st.just("again"), PEOPLE, st.sampled_from(["now", "in 2 hours"])),
    ),
    max_size=10,
)
TOO_LATE: list[Step] = [
    ("wait", 0, 200),
    ("vote", ANN, Verdict.APPROVE),
    ("tick", 0, None),
    ("seen", ANN, Verdict.APPROVE),
    ("time", AUTHOR, "now"),
    ("again", AUTHOR, "in 2 hours"),
    ("vote", BEN, Verdict.APPROVE),
    ("wait", 0, 120),
    ("tick", 0, None),
]
ESCALATED: list[Step] = [
    ("vote", LEA, Verdict.APPROVE),
    ("vote", ANN, Verdict.APPROVE),
    ("wait", 0, 120),
    ("tick", 0, None),
    ("vote", LEA, Verdict.APPROVE),
    ("edit", AUTHOR, None),
]


@dataclass
class Story:
    """One post, and what people and the clock do to it."""

    life: Life
    clock: Clock
    service: ScriptedService
    post: Post
    rules: Rules
    roles: dict[int, Roles] = field(default_factory=dict[int, Roles])
    approved: set[str] = field(default_factory=set[str])
    edits: int = 0

    async def step(self, what: str, who: int, value: Any) -> None:
        """Do something; a refusal is an answer like any other."""
        before = await self._now()
        with suppress(CopydeskError):
            await self._do(before, what, who, value)
        after = await self._now()
        is_anew = after.content.number != before.content.number
        if after.state is PostState.APPROVED and (is_anew or before.state is not after.state):
            await self._check_approved(before, after)
        for call in self.service.submissions:
            assert call.caption in self.approved, call

    async def _do(self, post: Post, what: str, who: int, value: Any) -> None:
        does: dict[str, Callable[[Post, int, Any], Awaitable[object]]] = {
            "vote": self._vote,
            "seen": self._see,
            "back": lambda post, who, verdict: self.life.take_back(post, verdict, user_id=who),
            "roles": self._give_roles,
            "edit": self._edit,
            "wait": self._wait,
            "tick": self._tick,
            "time": self._give_time,
            "again": self._ask_again,
        }
        await does[what](post, who, value)

    async def _vote(self, post: Post, who: int, verdict: Verdict) -> None:
        roles = self.roles[who]
        if verdict is Verdict.HOLD and post.state is PostState.APPROVED:
            await hold.hold(self.life.desk, self.life.voter(who, roles), post)
        reason = "" if verdict is Verdict.APPROVE or who == BEN else "Dull."
        await self.life.vote(post, verdict, user_id=who, roles=roles, reason=reason)

    async def _see(self, post: Post, who: int, verdict: Verdict) -> None:
        """Read the card after a restart, as far as this person is concerned."""
        ballot = await catch_up.ballot(self.life.desk, post)
        seen = {vote.user_id: {vote.verdict} for vote in ballot.votes} | {who: {verdict}}
        for found in catch_up.differences(post, ballot, seen, self.clock()):
            await self._found(post, found)

    async def _give_roles(self, _post: Post, who: int, roles: Roles) -> None:
        self.roles[who] = self.life.roles[who] = roles

    async def _edit(self, post: Post, _who: int, _value: None) -> None:
        self.edits += 1
        caption = f"Text {post.id}.{self.edits}"
        draft = await self.life.write(Platform.THREADS, caption=caption, when="in 4 hours")
        await revise.edit(self.life.desk, post, draft)

    async def _wait(self, _post: Post, _who: int, minutes: int) -> None:
        self.clock.forward(timedelta(minutes=minutes))

    async def _tick(self, _post: Post, _who: int, _value: None) -> None:
        await cancel.expire(self.life.desk)
        await remind.remind(self.life.desk)
        await self.life.publish()

    async def _give_time(self, post: Post, who: int, when: str) -> None:
        voter = self.life.voter(who, self.roles[who])
        await new_time.approve_at(self.life.desk, voter, post, when)

    async def _ask_again(self, post: Post, who: int, when: str) -> None:
        voter = self.life.voter(who, self.roles[who])
        await new_time.ask_again(self.life.desk, voter, post, when)

    async def _found(self, post: Post, found: catch_up.Difference) -> None:
        if found.is_taken_back:
            await self.life.take_back(post, found.verdict, user_id=found.user_id, by_reaction=True)
            return
        roles = self.roles[found.user_id]
        await self.life.vote(
            post, found.verdict, user_id=found.user_id, roles=roles, by_reaction=True
        )

    async def _check_approved(self, before: Post, after: Post) -> None:
        """Enough people approve this revision by the roles they really have now, and its time has
        not come; who decided late by giving it a time could when its time came.
        """
        due_at, now = after.content.due_at, self.clock()
        assert due_at is None or due_at > now
        ballot = await catch_up.ballot(self.life.desk, after)
        assert all(
            vote.verdict is Verdict.APPROVE or not self._may(vote.user_id, due_at, now)
            for vote in ballot.votes
        )
        approvers = [
            vote.user_id
            for vote in ballot.votes
            if vote.verdict is Verdict.APPROVE and vote.user_id != AUTHOR
        ]
        assert self._are_enough(approvers, before.content.due_at, now)
        self.approved.add(after.content.caption)

    def _may(self, user: int, due_at: datetime | None, now: datetime) -> bool:
        seats = [seat for stage in self.rules.stages for seat in stage.seats()]
        held = self.roles[user]
        return any(seat.takes(user, held) for seat in seats) or self._is_deputy(user, due_at, now)

    def _is_deputy(self, user: int, due_at: datetime | None, now: datetime) -> bool:
        is_late = due_at is not None and now >= due_at - timedelta(minutes=60)
        is_one = self.rules.escalate_role in self.roles[user]
        return is_late and is_one

    def _are_enough(self, approvers: list[int], due_at: datetime | None, now: datetime) -> bool:
        seats = [seat for stage in self.rules.stages for seat in stage.seats()]
        return any(
            all(
                seat.takes(who, self.roles[who]) or self._is_deputy(who, due_at, now)
                for seat, who in zip(seats, order, strict=True)
            )
            for order in permutations(approvers, len(seats))
        )

    async def _now(self) -> Post:
        return (await browse.show(self.life.desk, server_id=SERVER, post_id=self.post.id)).post


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Run stories one after another in one loop."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def tale(
    sqlite_template: Path, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> Iterator[tuple[Life, Clock, ScriptedService]]:
    """Lay out one desk for all stories."""
    path = shutil.copy(sqlite_template, tmp_path / "stories.db")
    database, service, clock = Database(f"sqlite+aiosqlite:///{path}"), ScriptedService(), Clock()
    vault = Vault([Fernet.generate_key().decode()])
    desk = Desk(
        database=database,
        storage=Storage(f"file:{tmp_path / 'media'}"),
        services=ScriptedServices(database, vault, service),
        links=MediaLinks("https://desk.example", vault),
        now=clock,
    )
    life = Life(desk)
    loop.run_until_complete(life.connect())
    yield life, clock, service
    loop.run_until_complete(desk.services.close())
    loop.run_until_complete(database.close())


def test_nothing_goes_out_that_was_not_approved(
    tale: tuple[Life, Clock, ScriptedService], loop: asyncio.AbstractEventLoop
) -> None:
    """Votes, votes taken back and found later, edits, role changes, escalations, waits, expiries and
    late approvals in any order.
    """
    life, clock, service = tale
    kinds: set[EventKind] = set()

    async def tell(rules: Rules, steps: list[Step]) -> None:
        service.submissions.clear()
        life.roles.clear()
        await life.rules(rules)
        post = await life.in_review(Platform.THREADS, caption="First", when="in 3 hours")
        story = Story(life, clock, service, post, rules.with_default(ROLE))
        story.roles |= AT_FIRST
        life.roles.update(AT_FIRST)
        for step in steps:
            await story.step(*step)
        kinds.update(event.kind for event in await life.events(post))
        with suppress(CopydeskError):
            await life.cancel(post)
        await life.publish()

    @settings(max_examples=EXAMPLES, deadline=None)
    @given(rules=st.sampled_from(CHOSEN), steps=STEPS)
    @example(rules=CHOSEN[0], steps=TOO_LATE)
    @example(rules=CHOSEN[1], steps=ESCALATED)
    def stories(rules: Rules, steps: list[Step]) -> None:
        loop.run_until_complete(tell(rules, steps))

    stories()
    assert {
        EventKind.APPROVED,
        EventKind.REVISED,
        EventKind.EXPIRED,
        EventKind.ESCALATED,
        EventKind.SUBMITTING,
    } <= kinds
