"""The rules of approval: every combination of quorum, stages, four eyes and roles, and any order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval import Rules, Stage, Verdict, Vote
from bot.domain.standing import Lack, standing
from tests.factories import a_post
from tests.scripted import START

A, R, C, H = Verdict.APPROVE, Verdict.REJECT, Verdict.CHANGES, Verdict.HOLD
EDITOR, CLIENT, LEGAL, LEADS, OTHER = 101, 102, 103, 104, 109
AUTHOR, ANN, BEN, CARL, DORA, LEA = 1, 2, 3, 4, 5, 6
POST = a_post(author_id=AUTHOR)
DUE = START + timedelta(hours=10)

EDITORS = Stage(roles=(EDITOR,))
TWO_EDITORS = Stage(roles=(EDITOR,), needed=2)
CLIENTS = Stage(roles=(CLIENT,))
ONE_OF_EACH = Stage(roles=(EDITOR, CLIENT), each=True)
EITHER = Stage(roles=(EDITOR, CLIENT))
ANN_HERSELF = Stage(people=(ANN,))

ROLES: Mapping[int, frozenset[int]] = {
    AUTHOR: frozenset({EDITOR}),
    ANN: frozenset({EDITOR}),
    BEN: frozenset({EDITOR, CLIENT}),
    CARL: frozenset({CLIENT}),
    DORA: frozenset({OTHER}),
    LEA: frozenset({LEADS}),
}


def vote(user: int, verdict: Verdict = A, *, minute: int = 0, reason: str = "") -> Vote:
    """Make a vote."""
    at = START + timedelta(minutes=minute)
    return Vote(user_id=user, verdict=verdict, at=at, reason=reason)


def is_approved(rules: Rules, approvers: Collection[int]) -> bool:
    """Whether approvals by these people are enough."""
    votes = [vote(user) for user in approvers]
    return standing(rules, POST, votes, ROLES).decided is A


@pytest.mark.parametrize(
    ("stages", "enough", "not_enough"),
    [
        ([EDITORS], [{ANN}, {BEN}], [set(), {CARL}, {DORA}, {AUTHOR}]),
        ([TWO_EDITORS], [{ANN, BEN}], [{ANN}, {ANN, CARL}, {ANN, DORA}, {ANN, AUTHOR}]),
        ([EITHER], [{ANN}, {BEN}, {CARL}], [{DORA}, {AUTHOR}]),
        ([ONE_OF_EACH], [{ANN, BEN}, {ANN, CARL}, {BEN, CARL}], [{BEN}, {CARL}, {ANN, AUTHOR}]),
        ([ANN_HERSELF], [{ANN}, {ANN, BEN}], [{BEN, CARL}]),
        ([Stage(roles=(CLIENT,), people=(ANN,), each=True)], [{ANN, CARL}], [{ANN}, {BEN, CARL}]),
        ([EDITORS, CLIENTS], [{ANN, BEN}, {ANN, CARL}, {BEN, CARL}], [{BEN}, {ANN}, {CARL}]),
        ([CLIENTS, EDITORS], [{ANN, BEN}, {CARL, BEN}], [{BEN}, {CARL, DORA}, {CARL, AUTHOR}]),
        ([TWO_EDITORS, CLIENTS], [{ANN, BEN, CARL}], [{ANN, BEN}, {ANN, CARL}, {BEN, CARL}]),
        ([EDITORS, EDITORS], [{ANN, BEN}], [{ANN}, {BEN}, {ANN, AUTHOR}]),
    ],
)
def test_who_is_enough(
    stages: Sequence[Stage], enough: list[set[int]], not_enough: list[set[int]]
) -> None:
    """Any one, so many, or one of each, in stages: a person counts once, and in one stage."""
    rules = Rules(stages=tuple(stages))
    assert [is_approved(rules, people) for people in enough] == [True] * len(enough)
    assert [is_approved(rules, people) for people in not_enough] == [False] * len(not_enough)


def test_one_person_across_stages() -> None:
    """Where the rules say so, one person's approval counts in every stage it fits, once in each."""
    rules = Rules(stages=(EDITORS, CLIENTS), across_stages=True)
    assert is_approved(rules, {BEN})
    assert not is_approved(rules, {ANN})
    assert not is_approved(Rules(stages=(TWO_EDITORS, CLIENTS), across_stages=True), {BEN})


def test_four_eyes_off() -> None:
    """A team of one turns four eyes off, and approves what it wrote, with the role as anyone."""
    assert is_approved(Rules(stages=(EDITORS,), four_eyes=False), {AUTHOR})
    assert not is_approved(Rules(stages=(CLIENTS,), four_eyes=False), {AUTHOR})


@pytest.mark.parametrize("verdict", [R, C])
@pytest.mark.parametrize("user", [AUTHOR, ANN, BEN])
def test_a_reason_ends_it(verdict: Verdict, user: int) -> None:
    """One of those asked, who says why, rejects or wants changes, however many approve."""
    votes = [vote(ANN), vote(BEN)]
    votes = [kept for kept in votes if kept.user_id != user]
    stands = standing(
        Rules(stages=(EDITORS,)), POST, [*votes, vote(user, verdict, reason="Dull.")], ROLES
    )
    assert (stands.decided, stands.by) == (verdict, (user,))


@pytest.mark.parametrize("verdict", [R, C, H])
def test_a_hold_keeps_it(verdict: Verdict) -> None:
    """A hold, or a rejection that does not say why yet, keeps others from approving."""
    held = vote(BEN, verdict)
    stands = standing(Rules(stages=(EDITORS,)), POST, [vote(ANN), held], ROLES)
    assert (stands.decided, stands.holding) == (None, (held,))
    assert standing(Rules(stages=(EDITORS,)), POST, [vote(ANN)], ROLES).decided is A


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("user", [CARL, DORA])
def test_nobody_else_decides(verdict: Verdict, user: int) -> None:
    """What people say who are not asked, or not any more, changes nothing."""
    rules = Rules(stages=(EDITORS,))
    alone = standing(rules, POST, [vote(user, verdict, reason="Dull.")], ROLES)
    assert alone == standing(rules, POST, [], ROLES)
    assert alone.decided is None


def test_the_earliest_reason_counts() -> None:
    """Of several that end it the earliest does."""
    votes = [vote(ANN, R, minute=2, reason="No."), vote(BEN, C, minute=1, reason="Shorter.")]
    stands = standing(Rules(stages=(EDITORS,)), POST, votes, ROLES)
    assert (stands.decided, stands.by) == (C, (BEN,))


@pytest.mark.parametrize(
    ("free", "of"), [(Rules(stages=(EDITORS,), free=True), ()), (None, (EDITOR,))]
)
def test_no_approval_needed(free: Rules | None, of: tuple[int, ...]) -> None:
    """Where a server or an author's role needs no approval, none is waited for."""
    rules = free or Rules(stages=(CLIENTS,), free_roles=of)
    stands = standing(rules, POST, [], ROLES)
    assert (stands.decided, stands.is_free) == (A, True)
    assert (
        standing(Rules(stages=(CLIENTS,), free_roles=of), a_post(author_id=DORA), [], ROLES).decided
        is None
    )
    assert standing(rules, POST, [vote(BEN, H)], ROLES).decided is None


def test_an_author_without_roles_needs_approval() -> None:
    """An author of whom no role is known needs approval like anyone."""
    rules = Rules(stages=(CLIENTS,), free_roles=(EDITOR,))
    assert standing(rules, a_post(author_id=77), [], {}).decided is None


@pytest.mark.parametrize("stages", [(), (Stage(),), (Stage(roles=(EDITOR,), needed=0),)])
def test_rules_that_ask_nobody_approve_nothing(stages: tuple[Stage, ...]) -> None:
    """Rules without stages, or with one that asks nobody, never approve by silence."""
    rules = Rules(stages=stages)
    assert standing(rules, POST, [vote(ANN), vote(BEN)], ROLES).decided is None


def test_a_stage_that_names_nobody_asks_the_approver_role() -> None:
    """The rules of a server that chose none: one approver, four eyes."""
    rules = Rules().with_default(EDITOR)
    assert rules == Rules(stages=(EDITORS,))
    assert Rules(stages=(CLIENTS,)).with_default(EDITOR) == Rules(stages=(CLIENTS,))
    assert not Rules().with_default(None).may_vote(ANN, ROLES[ANN])


def test_what_is_still_needed() -> None:
    """Every stage says how many of whom it lacks, and whose approvals count already."""
    rules = Rules(stages=(TWO_EDITORS, ONE_OF_EACH))
    stands = standing(rules, POST, [vote(CARL), vote(ANN)], ROLES)
    assert stands.by == (ANN, CARL)
    assert stands.lacks == ((Lack(1, (EDITOR,), ()),), (Lack(1, (EDITOR,), ()),))


@pytest.mark.parametrize(
    ("stages", "enough", "not_enough"),
    [
        ([EDITORS], [{ANN}, {LEA}], [set(), {CARL}, {AUTHOR}]),
        ([TWO_EDITORS], [{ANN, LEA}], [{LEA}, {ANN}, {LEA, AUTHOR}]),
        ([ONE_OF_EACH], [{ANN, LEA}, {CARL, LEA}], [{LEA}, {CARL}]),
        ([EDITORS, CLIENTS], [{ANN, LEA}, {LEA, CARL}], [{LEA}, {ANN}]),
        ([ANN_HERSELF], [{LEA}], [{BEN}]),
        ([Stage()], [{LEA}], [{ANN}]),
        ([Stage(roles=(EDITOR,), needed=0)], [], [{LEA}, {ANN}]),
        ([], [], [{LEA}]),
    ],
)
def test_who_may_decide_when_it_is_late(
    stages: Sequence[Stage], enough: list[set[int]], not_enough: list[set[int]]
) -> None:
    """From its moment on the escalation role gives any approval, and as many are needed as ever;
    before it, and for posts without a time, it gives none.
    """
    rules = Rules(stages=tuple(stages), escalate_role=LEADS, escalate_minutes=60)
    late = rules.at(DUE, DUE - timedelta(minutes=60))
    assert [is_approved(late, people) for people in enough] == [True] * len(enough)
    assert [is_approved(late, people) for people in not_enough] == [False] * len(not_enough)
    early = rules.at(DUE, DUE - timedelta(minutes=61))
    assert early == rules.at(None, DUE) == rules
    assert not early.may_vote(LEA, ROLES[LEA])


def test_an_escalation_asks_nobody_twice() -> None:
    """Whoever is asked anyway and may decide when it is late is named once."""
    rules = Rules(stages=(EDITORS,), escalate_role=EDITOR).at(DUE, DUE)
    assert standing(rules, POST, [], ROLES).lacks == ((Lack(1, (EDITOR,), ()),),)


@pytest.mark.parametrize("also", [{"writers": {ANN}}, {"former": {ANN}}])
def test_four_eyes_are_of_nobody_who_wrote(also: Mapping[str, Collection[int]]) -> None:
    """Nobody who wrote on a post fills a seat or is asked for, whether they still write it or did;
    what they reject is rejected all the same, and without four eyes they approve.
    """
    wrote: dict[str, Any] = {name: frozenset(who) for name, who in also.items()}
    post = a_post(author_id=AUTHOR, **wrote)
    named = Stage(people=(ANN, CARL))
    for stage, left in ((EDITORS, Lack(1, (EDITOR,), ())), (named, Lack(1, (), (CARL,)))):
        rules = Rules(stages=(stage,))
        stands = standing(rules, post, [vote(ANN)], ROLES)
        assert (stands.decided, stands.lacks, stands.is_stuck) == (None, ((left,),), False)
        assert not rules.may_approve(ANN, ROLES[ANN], post.wrote)
        rejected = standing(rules, post, [vote(ANN, R, reason="Dull.")], ROLES)
        assert rejected.decided is R
        assert standing(replace(rules, four_eyes=False), post, [vote(ANN)], ROLES).decided is A
    assert standing(Rules(stages=(EDITORS,)), post, [vote(ANN), vote(BEN)], ROLES).by == (BEN,)


@pytest.mark.parametrize(
    ("stages", "writers", "is_stuck"),
    [
        ([ANN_HERSELF], {ANN}, True),
        ([ANN_HERSELF], {BEN}, False),
        ([Stage(people=(ANN, BEN))], {ANN}, False),
        ([Stage(people=(ANN, BEN))], {ANN, BEN}, True),
        ([Stage(people=(ANN, BEN), needed=2)], {ANN}, True),
        ([Stage(people=(ANN, BEN), each=True)], {BEN}, True),
        ([Stage(people=(ANN,), roles=(CLIENT,))], {ANN}, False),
        ([Stage(people=(ANN,), roles=(CLIENT,), each=True)], {ANN}, True),
        ([EDITORS, ANN_HERSELF], {ANN}, True),
        ([Stage(people=(ANN, BEN)), Stage(people=(BEN,))], {ANN}, True),
        ([Stage(people=(ANN, BEN), needed=3)], {CARL}, False),
        ([], {ANN}, False),
    ],
)
def test_nobody_is_left(stages: Sequence[Stage], writers: set[int], is_stuck: bool) -> None:
    """Where those who are named have written on it, so that a seat cannot be filled; a role may
    always have others, and rules that never could be met are no matter of writers.
    """
    post = a_post(author_id=AUTHOR, writers=frozenset(writers))
    rules = Rules(stages=tuple(stages))
    assert standing(rules, post, [], ROLES).is_stuck == is_stuck
    assert not standing(replace(rules, four_eyes=False), post, [], ROLES).is_stuck
    assert not standing(replace(rules, free=True), post, [], ROLES).is_stuck
    deputies = replace(rules, escalate_role=LEADS).at(START, START)
    assert not standing(deputies, post, [], ROLES).is_stuck


@pytest.mark.parametrize("also", ["writers", "former"])
def test_trust_is_in_an_author_alone(also: str) -> None:
    """A post of a trusted author needs approval once anybody else wrote on it, unless none does."""
    wrote: dict[str, Any] = {also: frozenset({DORA})}
    post = a_post(author_id=AUTHOR, **wrote)
    rules = Rules(stages=(CLIENTS,), free_roles=(EDITOR,))
    assert standing(rules, POST, [], ROLES).decided is A
    assert standing(rules, post, [], ROLES).decided is None
    assert standing(rules, post, [vote(CARL)], ROLES).decided is A
    assert standing(replace(rules, free=True), post, [], ROLES).decided is A


PEOPLE = st.sampled_from([AUTHOR, ANN, BEN, CARL, DORA, LEA])
SOME_ROLES = st.frozensets(st.sampled_from([EDITOR, CLIENT, LEGAL, LEADS]), max_size=3)
STAGES = st.builds(
    Stage,
    roles=st.lists(st.sampled_from([EDITOR, CLIENT, LEGAL]), max_size=2, unique=True).map(tuple),
    people=st.lists(PEOPLE, max_size=2, unique=True).map(tuple),
    needed=st.integers(1, 2),
    each=st.booleans(),
)
RULES = st.builds(
    Rules,
    stages=st.lists(STAGES, min_size=1, max_size=3).map(tuple),
    four_eyes=st.booleans(),
    across_stages=st.booleans(),
    escalate_role=st.sampled_from([None, LEGAL, LEADS]),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("vote"), PEOPLE, st.sampled_from(list(Verdict)), st.booleans()),
        st.tuples(st.just("back"), PEOPLE),
        st.tuples(st.just("role"), PEOPLE, SOME_ROLES),
        st.tuples(st.just("edit")),
        st.tuples(st.just("late"), st.booleans()),
    ),
    max_size=25,
)


def are_enough(rules: Rules, approvers: list[int], roles_of: Mapping[int, frozenset[int]]) -> bool:
    """Whether people can take all seats, tried one way after another."""
    stages = [stage.seats() for stage in rules.stages]
    if not all(stages):
        return False
    groups = stages if rules.across_stages else [[seat for stage in stages for seat in stage]]
    return all(
        any(
            all(seat.takes(who, roles_of[who]) for seat, who in zip(seats, order, strict=True))
            for order in permutations(approvers, len(seats))
        )
        for seats in groups
    )


@given(rules=RULES, steps=STEPS)
def test_nothing_is_approved_by_too_few(rules: Rules, steps: list[tuple[object, ...]]) -> None:
    """Whatever order of votes, votes taken back, role changes, edits and escalations: a revision is
    approved exactly when enough people who may now, and are not its author, approve it and nobody
    holds it.
    """
    roles_of, chosen = dict(ROLES), rules
    votes: dict[int, Vote] = {}
    for number, step in enumerate(steps):
        match step:
            case ("vote", int(user), Verdict() as verdict, bool(said)):
                reason = "Dull." if said else ""
                votes[user] = vote(user, verdict, minute=number, reason=reason)
            case ("back", int(user)):
                votes.pop(user, None)
            case ("role", int(user), frozenset() as roles):
                roles_of[user] = roles  # pyright: ignore[reportArgumentType, reportUnknownVariableType]
            case ("late", bool(is_late)):
                rules = chosen.at(DUE, DUE - timedelta(minutes=59 if is_late else 61))
            case _:
                votes = {}
        asked = [
            kept for kept in votes.values() if rules.may_vote(kept.user_id, roles_of[kept.user_id])
        ]
        approvers = [
            kept.user_id
            for kept in asked
            if kept.verdict is A and not (rules.four_eyes and kept.user_id == AUTHOR)
        ]
        is_held = any(kept.verdict is not A for kept in asked)
        expected = not is_held and are_enough(rules, approvers, roles_of)
        assert (standing(rules, POST, votes.values(), roles_of).decided is A) == expected


@given(rules=RULES, votes=st.dictionaries(PEOPLE, st.sampled_from(list(Verdict))), data=st.data())
def test_the_order_of_votes_does_not_matter(
    rules: Rules, votes: dict[int, Verdict], data: st.DataObject
) -> None:
    """What was missed and is counted later decides the same."""
    cast = [vote(user, verdict, reason="Dull.") for user, verdict in votes.items()]
    shuffled = data.draw(st.permutations(cast))
    first = standing(rules, POST, cast, ROLES)
    again = standing(rules, POST, shuffled, ROLES)
    assert (first.decided, first.by, first.lacks) == (again.decided, again.by, again.lacks)


def test_all_combinations() -> None:
    """Every quorum, stages, four eyes and set of approvers: never fewer people than seats, and
    never the author with four eyes.
    """
    stages = [EDITORS, TWO_EDITORS, CLIENTS, ONE_OF_EACH, EITHER, ANN_HERSELF]
    chosen = [(one,) for one in stages] + list(product(stages, repeat=2))
    crowds = [set(crowd) for n in range(5) for crowd in combinations([AUTHOR, ANN, BEN, CARL], n)]
    for asked, four_eyes, across, crowd in product(chosen, [True, False], [True, False], crowds):
        rules = Rules(stages=asked, four_eyes=four_eyes, across_stages=across)
        counted = sorted(crowd - {AUTHOR} if four_eyes else crowd)
        assert is_approved(rules, crowd) == are_enough(rules, counted, ROLES)
