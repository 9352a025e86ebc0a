"""Deadlines: whoever is needed is told once, others may decide when it is late, silence expires."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approval import Roles, Rules, Stage, Verdict
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import ConflictError, InputError, NotAllowedError, TooLateError
from bot.workflow import browse, cancel, catch_up, new_time, remind, review, revise
from bot.workflow.desk import Desk
from tests.factories import AUTHOR, ROLE, SERVER
from tests.life import Life
from tests.scripted import Clock

LEADS, LEAD = 41, 51
RULES = Rules(escalate_role=LEADS, escalate_minutes=60)
IS_LEAD = frozenset({LEADS})
TOLD = (EventKind.REMINDED, EventKind.ESCALATED)


async def told(life: Life, post: Post) -> list[EventKind]:
    """List what was told of the wait."""
    return [event.kind for event in await life.events(post) if event.kind in TOLD]


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_each_is_told_once(life: Life, desk: Desk, clock: Clock) -> None:
    """A reminder after 24 hours and two hours before the time, and the escalation: each once,
    however often it is looked, and nothing of what was decided.
    """
    await life.rules(RULES)
    post = await life.in_review(Platform.THREADS, when="in 30 hours")
    decided = await life.approved(Platform.THREADS, when="in 30 hours")
    for hours, expected in [(23, 0), (1, 1), (3, 1), (1, 2), (1, 3), (0.5, 3)]:
        clock.forward(timedelta(hours=hours))
        for _ in range(2):
            await remind.remind(desk)
        assert len(await told(life, post)) == expected
    assert await told(life, post) == [EventKind.REMINDED, EventKind.REMINDED, EventKind.ESCALATED]
    assert await told(life, decided) == []
    clock.forward(timedelta(hours=1))
    await cancel.expire(desk)
    await remind.remind(desk)
    assert len(await told(life, post)) == 3


async def test_many_at_once(life: Life, desk: Desk, clock: Clock) -> None:
    """What came for many posts while nobody looked is told in one transaction, once for each."""
    posts = [await life.in_review(Platform.THREADS) for _ in range(4)]
    clock.forward(timedelta(days=3))
    await remind.remind(desk)
    assert [await told(life, post) for post in posts] == [[EventKind.REMINDED]] * 4


async def test_asked_again_waits_anew(life: Life, desk: Desk, clock: Clock) -> None:
    """A changed post begins its 24 hours anew: the team was asked just now."""
    post = await life.in_review(Platform.THREADS)
    clock.forward(timedelta(hours=23))
    draft = await life.write(Platform.THREADS, caption="Other")
    await revise.edit(desk, post, draft)
    clock.forward(timedelta(hours=2))
    await remind.remind(desk)
    assert await told(life, post) == []
    clock.forward(timedelta(hours=22))
    await remind.remind(desk)
    assert await told(life, post) == [EventKind.REMINDED]


async def test_who_may_decide_when_it_is_late(life: Life, clock: Clock) -> None:
    """The escalation role decides from its moment on, checked when the vote is cast; not before."""
    await life.rules(RULES)
    post = await life.in_review(Platform.THREADS, when="in 2 hours")
    clock.forward(timedelta(minutes=59))
    with pytest.raises(NotAllowedError, match="Only approvers"):
        await life.vote(post, user_id=LEAD, roles=IS_LEAD)
    clock.forward(timedelta(minutes=1))
    await life.vote(post, user_id=LEAD, roles=IS_LEAD)
    assert await life.state(post) is PostState.APPROVED


async def test_escalation_takes_as_many(life: Life, clock: Clock) -> None:
    """Others may give any approval that is missing, but as many are needed as ever."""
    await life.rules(replace(RULES, stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS, when="in 2 hours")
    await life.vote(post)
    clock.forward(timedelta(minutes=61))
    life.roles[LEAD] = IS_LEAD
    await life.vote(post, user_id=LEAD, roles=IS_LEAD)
    assert await life.state(post) is PostState.APPROVED
    other = await life.in_review(Platform.THREADS, when="in 30 minutes")
    await life.vote(other, user_id=LEAD, roles=IS_LEAD)
    assert await life.state(other) is PostState.IN_REVIEW


async def test_rules_that_change_are_told(life: Life, desk: Desk, clock: Clock) -> None:
    """An escalation role that is chosen when it is late already is told at once, and once."""
    post = await life.in_review(Platform.THREADS, when="in 90 minutes")
    clock.forward(timedelta(minutes=45))
    await remind.remind(desk)
    await life.rules(RULES)
    for _ in range(2):
        await remind.remind(desk)
    assert await told(life, post) == [EventKind.ESCALATED]
    await life.rules(replace(RULES, escalate_role=None))
    with pytest.raises(NotAllowedError):
        await life.vote(post, Verdict.HOLD, user_id=LEAD, roles=IS_LEAD)


async def test_a_late_approval_by_who_may_decide_too(life: Life, desk: Desk, clock: Clock) -> None:
    """Who could decide when the time came gives an expired post its time, and that approves it."""
    await life.rules(RULES)
    post = await life.in_review(Platform.THREADS, when="in 2 hours")
    clock.forward(timedelta(hours=2))
    await cancel.expire(desk)
    expired = replace(post, state=PostState.EXPIRED)
    with pytest.raises(NotAllowedError):
        await new_time.approve_at(desk, life.voter(LEAD, frozenset({ROLE + 100})), expired, "now")
    revised = await new_time.approve_at(desk, life.voter(LEAD, IS_LEAD), expired, "in 3 hours")
    assert revised.state is PostState.APPROVED


async def test_its_time_comes_while_a_vote_is_counted(life: Life, desk: Desk, clock: Clock) -> None:
    """The vote that would decide comes in time, and Discord tells the roles of the others too late:
    nothing is approved, and its owner is asked for another time.
    """
    await life.rules(Rules(stages=(Stage(needed=2),)))
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    await life.vote(post)
    clock.forward(timedelta(seconds=59))
    voter = life.voter(LEAD)

    async def slowly(asked: Collection[int]) -> Mapping[int, Roles]:
        clock.forward(timedelta(seconds=2))
        return await voter.ask(asked)

    with pytest.raises(TooLateError):
        await review.cast(desk, replace(voter, ask=slowly), post, Verdict.APPROVE)
    await cancel.expire(desk)
    expired = (await browse.show(desk, server_id=SERVER, post_id=post.id)).post
    assert expired.state is PostState.EXPIRED
    with pytest.raises(TooLateError):
        await life.vote(expired)
    with pytest.raises(NotAllowedError):
        await life.vote(expired, roles=IS_LEAD)
    asked_again = await new_time.approve_at(desk, life.voter(), expired, "now")
    assert asked_again.state is PostState.IN_REVIEW, "two are needed for the new time as well"


async def test_asked_again_by_its_author(life: Life, desk: Desk, clock: Clock) -> None:
    """An expired post is put before the team again, for a new time, without any vote; others than
    its author, those who decide and admins may not.
    """
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    with pytest.raises(ConflictError, match="is in review"):
        await new_time.ask_again(desk, life.voter(AUTHOR), post, "in 1 hour")
    clock.forward(timedelta(minutes=1))
    await cancel.expire(desk)
    expired = (await browse.show(desk, server_id=SERVER, post_id=post.id)).post
    stranger = life.voter(LEAD, frozenset[int]())
    with pytest.raises(NotAllowedError, match="not yours"):
        await new_time.ask_again(desk, stranger, expired, "in 1 hour")
    with pytest.raises(InputError):
        await new_time.ask_again(desk, life.voter(AUTHOR), expired, "last week")
    again = await new_time.ask_again(desk, stranger, expired, "in 1 hour", is_admin=True)
    assert (again.state, again.content.due_at) == (
        PostState.IN_REVIEW,
        clock() + timedelta(hours=1),
    )
    assert (await catch_up.ballot(desk, post)).votes == ()
    with pytest.raises(ConflictError):
        await new_time.ask_again(desk, life.voter(AUTHOR), expired, "in 2 hours")
    await life.vote(again)
    assert await life.state(post) is PostState.APPROVED


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_two_processes_look_at_once(life: Life, desk: Desk, clock: Clock) -> None:
    """Whoever of several processes takes a post reminds of it, and nobody else does."""
    posts = [await life.in_review(Platform.THREADS) for _ in range(3)]
    clock.forward(timedelta(hours=24))
    await asyncio.gather(*(remind.remind(desk) for _ in range(4)))
    assert [await told(life, post) for post in posts] == [[EventKind.REMINDED]] * 3
