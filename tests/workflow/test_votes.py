"""Votes as they are counted: by whom, taken back, with their reasons, and the one decision."""

from datetime import timedelta

import pytest

from bot.domain.approval import Rules, Stage, Verdict
from bot.domain.event import EventKind
from bot.domain.platform import Platform
from bot.domain.post import Post, PostState
from bot.errors import NotAllowedError, TooLateError
from bot.workflow import browse, catch_up, compose
from bot.workflow.catch_up import Difference
from bot.workflow.desk import Desk
from tests.factories import APPROVER, AUTHOR, ROLE, SERVER
from tests.life import Life
from tests.scripted import Clock

A, R, C, H = Verdict.APPROVE, Verdict.REJECT, Verdict.CHANGES, Verdict.HOLD
OTHER, EDITOR = 21, 31
TWO = Rules(stages=(Stage(needed=2),))
WITHOUT = frozenset[int]()


async def kinds(life: Life, post: Post) -> list[EventKind]:
    """List what happened to a post since it was put before the team."""
    return [event.kind for event in await life.events(post)][1:]


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """Run on SQLite, and where a test says so on PostgreSQL."""
    return getattr(request, "param", "sqlite")


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
async def test_two_are_needed(life: Life) -> None:
    """The first of two approvals changes the card, the second decides: one event each."""
    await life.rules(TWO)
    post = await life.in_review(Platform.THREADS)
    first = await life.vote(post)
    assert first is not None
    assert (first.post.state, first.standing.lacks[0][0].count) == (PostState.IN_REVIEW, 1)
    assert await life.vote(post) is None, "the same again is not counted"
    second = await life.vote(post, user_id=OTHER)
    assert second is not None
    assert (second.post.state, second.post.decided_by) == (PostState.APPROVED, OTHER)
    assert await kinds(life, post) == [EventKind.VOTED, EventKind.APPROVED]
    assert (await life.events(post))[-1].data == {"by": f"{APPROVER} {OTHER}"}
    assert len(await life.deliveries(post)) == 1


async def test_a_lost_role_does_not_count(life: Life) -> None:
    """Earlier voters are asked for their roles when the next vote would decide."""
    await life.rules(TWO)
    post = await life.in_review(Platform.THREADS)
    await life.vote(post)
    life.roles[APPROVER] = WITHOUT
    await life.vote(post, user_id=OTHER)
    assert await life.state(post) is PostState.IN_REVIEW
    shown = await browse.show(life.desk, server_id=SERVER, post_id=post.id)
    assert [(vote.user_id, vote.roles) for vote in shown.ballot.votes] == [
        (APPROVER, WITHOUT),
        (OTHER, frozenset({ROLE})),
    ]
    await life.vote(post, user_id=OTHER + 1)
    assert await life.state(post) is PostState.APPROVED


async def test_four_eyes(life: Life) -> None:
    """An author with the role does not approve their own post, and is told what to do."""
    post = await life.in_review(Platform.THREADS)
    with pytest.raises(NotAllowedError, match="turns four eyes off with /desk approval"):
        await life.vote(post, user_id=AUTHOR)
    await life.rules(Rules(four_eyes=False))
    await life.vote(post, user_id=AUTHOR)
    assert await life.state(post) is PostState.APPROVED


async def test_taken_back(life: Life) -> None:
    """A vote is taken back until the decision, with an event; after it nothing is."""
    await life.rules(TWO)
    post = await life.in_review(Platform.THREADS)
    await life.vote(post)
    assert await life.take_back(post, R) is None, "they said something else"
    assert await life.take_back(post, by_reaction=True) is None, "it was a button"
    assert await life.take_back(post)
    assert await life.take_back(post) is None
    await life.vote(post, user_id=OTHER)
    assert await life.state(post) is PostState.IN_REVIEW
    await life.vote(post)
    assert await life.take_back(post) is None
    assert await life.state(post) is PostState.APPROVED
    assert await kinds(life, post) == [
        EventKind.VOTED,
        EventKind.VOTE_TAKEN_BACK,
        EventKind.VOTED,
        EventKind.APPROVED,
    ]


@pytest.mark.parametrize(
    ("verdict", "state", "kind"),
    [
        (R, PostState.REJECTED, EventKind.REJECTED),
        (C, PostState.CHANGES_REQUESTED, EventKind.CHANGES_ASKED),
    ],
)
async def test_a_reason_decides(
    life: Life, verdict: Verdict, state: PostState, kind: EventKind
) -> None:
    """Without a reason a rejection holds the post; with it, it decides, and the event has it."""
    post = await life.in_review(Platform.THREADS)
    await life.vote(post, verdict, by_reaction=True)
    await life.vote(post, user_id=OTHER)
    assert await life.state(post) is PostState.IN_REVIEW
    await life.vote(post, verdict, reason="  Too loud. ")
    assert await life.state(post) is state
    last = (await life.events(post))[-1]
    assert (last.kind, last.data, last.actor_id) == (kind, {"reason": "Too loud."}, APPROVER)
    assert await life.deliveries(post) == []


async def test_a_hold_ends_with_the_approval(life: Life) -> None:
    """A held post waits though it is approved, and is decided when the hold is taken back."""
    post = await life.in_review(Platform.THREADS)
    await life.vote(post, H)
    await life.vote(post, user_id=OTHER)
    assert await life.state(post) is PostState.IN_REVIEW
    await life.take_back(post, H)
    assert await life.state(post) is PostState.APPROVED


async def test_a_hold_that_ends_too_late(life: Life, clock: Clock) -> None:
    """Nothing is approved after its time, not even when a hold ends."""
    post = await life.in_review(Platform.THREADS, when="in 1 minute")
    await life.vote(post, H)
    await life.vote(post, user_id=OTHER)
    clock.forward(timedelta(minutes=1))
    await life.take_back(post, H)
    assert await life.state(post) is PostState.IN_REVIEW
    with pytest.raises(TooLateError):
        await life.vote(post)


@pytest.mark.parametrize(
    ("rules", "roles", "state"),
    [
        (Rules(free=True), WITHOUT, PostState.APPROVED),
        (Rules(free_roles=(EDITOR,)), frozenset({EDITOR}), PostState.APPROVED),
        (Rules(free_roles=(EDITOR,)), WITHOUT, PostState.IN_REVIEW),
        (Rules(), frozenset({ROLE}), PostState.IN_REVIEW),
    ],
)
async def test_no_approval_needed(
    life: Life, desk: Desk, rules: Rules, roles: frozenset[int], state: PostState
) -> None:
    """Where the rules need no approval, a post is approved as it is put in, by nobody."""
    await life.rules(rules)
    draft = await life.write(Platform.THREADS)
    post = await compose.ask_review(desk, draft, author_roles=roles)
    assert (post.state, post.decided_by) == (state, None)
    is_approved = state is PostState.APPROVED
    assert await kinds(life, post) == [EventKind.APPROVED] * is_approved
    assert len(await life.deliveries(post)) == is_approved


def of(user: int, verdict: Verdict, *, back: bool = False) -> Difference:
    """What one person changed."""
    return Difference(user_id=user, verdict=verdict, is_taken_back=back)


@pytest.mark.parametrize(
    ("counted", "by_reaction", "seen", "expected"),
    [
        (None, True, {A}, [of(APPROVER, A)]),
        (None, True, {A, H}, [of(APPROVER, H)]),
        (A, True, {A}, []),
        (A, True, set(), [of(APPROVER, A, back=True)]),
        (A, False, set(), []),
        (A, True, {R}, [of(APPROVER, R)]),
        (A, True, {A, R}, [of(APPROVER, R)]),
        (H, True, {H, A}, []),
        (H, True, {A}, [of(APPROVER, A)]),
        (H, False, {A}, []),
        (A, False, {H}, [of(APPROVER, H)]),
    ],
)
async def test_what_was_missed(
    life: Life,
    desk: Desk,
    clock: Clock,
    counted: Verdict | None,
    by_reaction: bool,
    seen: set[Verdict],
    expected: list[Difference],
) -> None:
    """What stands on a card is compared with what was counted; doubt never approves."""
    await life.rules(TWO)
    post = await life.in_review(Platform.THREADS)
    if counted:
        await life.vote(post, counted, by_reaction=by_reaction)
    clock.forward(timedelta(minutes=1))
    ballot = await catch_up.ballot(desk, post)
    on_card = {APPROVER: seen} if seen else {}
    assert catch_up.differences(post, ballot, on_card, desk.now()) == expected


async def test_a_vote_counted_while_a_card_is_read(life: Life, desk: Desk) -> None:
    """A vote that came after a card was read is not taken back because it was not seen there."""
    await life.rules(TWO)
    post = await life.in_review(Platform.THREADS)
    before = desk.now()
    await life.vote(post, by_reaction=True)
    ballot = await catch_up.ballot(desk, post)
    assert catch_up.differences(post, ballot, {}, before) == []


async def test_what_ended_goes_before_what_came(life: Life, desk: Desk, clock: Clock) -> None:
    """A vote that ended while away decides nothing together with one that came meanwhile."""
    await life.rules(TWO)
    post = await life.in_review(Platform.THREADS)
    await life.vote(post, by_reaction=True)
    clock.forward(timedelta(minutes=1))
    ballot = await catch_up.ballot(desk, post)
    seen = {OTHER: {A}, OTHER + 1: {H}}
    assert catch_up.differences(post, ballot, seen, desk.now()) == [
        of(APPROVER, A, back=True),
        of(OTHER + 1, H),
        of(OTHER, A),
    ]
