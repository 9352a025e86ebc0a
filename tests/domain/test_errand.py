"""What waits for one person: rules, votes and roles in, at most one errand out."""

from datetime import timedelta

import pytest

from bot.domain.approval import Ballot, Rules, Stage, Verdict, Vote
from bot.domain.errand import Errand, errand
from bot.domain.post import PostState
from tests.factories import AUTHOR, a_post, a_revision
from tests.scripted import START

EDITORS, CLIENTS, CHIEFS = 71, 72, 73
EVE, ED, CLEO, BOTH, CHIEF, NOBODY = 1, 2, 3, 4, 5, 6
ROLES = {
    EVE: {EDITORS},
    ED: {EDITORS},
    CLEO: {CLIENTS},
    BOTH: {EDITORS, CLIENTS},
    CHIEF: {CHIEFS},
    AUTHOR: {EDITORS},
}
ONE = Rules(stages=(Stage(roles=(EDITORS,)),))
TWO = Rules(stages=(Stage(roles=(EDITORS,), needed=2),))
IN_ORDER = Rules(stages=(Stage(roles=(EDITORS,)), Stage(roles=(CLIENTS,))))
EACH = Rules(stages=(Stage(roles=(EDITORS, CLIENTS), each=True),))
OWN = Rules(stages=(Stage(roles=(EDITORS,)),), four_eyes=False)
A, R, C, H = Verdict.APPROVE, Verdict.REJECT, Verdict.CHANGES, Verdict.HOLD


def a_ballot(votes: dict[int, Verdict]) -> Ballot:
    """Cast votes, in this order."""
    cast = [
        Vote(
            user_id=person,
            verdict=verdict,
            at=START + timedelta(minutes=minute),
            roles=frozenset(ROLES.get(person, ())),
        )
        for minute, (person, verdict) in enumerate(votes.items())
    ]
    return Ballot(votes=tuple(cast), author_roles=frozenset({EDITORS}))


@pytest.mark.parametrize(
    ("rules", "votes", "asked"),
    [
        (ONE, {}, {EVE, ED, BOTH}),
        (TWO, {EVE: A}, {ED, BOTH}),
        (IN_ORDER, {}, {EVE, ED, BOTH}),  # clients come after the editors
        (IN_ORDER, {EVE: A}, {CLEO, BOTH}),
        (IN_ORDER, {CLEO: A}, {EVE, ED, BOTH}),  # kept, and the editors are still first
        (EACH, {}, {EVE, ED, CLEO, BOTH}),
        (EACH, {EVE: A}, {CLEO, BOTH}),
        (EACH, {BOTH: A}, {EVE, ED, CLEO}),  # the one who is both takes the seat that is left
        (ONE, {EVE: H}, {ED, BOTH}),  # held, and still to be approved
        (OWN, {}, {EVE, ED, BOTH, AUTHOR}),
        (Rules(), {}, set[int]()),  # no approver role is set
    ],
)
def test_whose_vote_is_needed(rules: Rules, votes: dict[int, Verdict], asked: set[int]) -> None:
    """Those whose approval brings the first open stage nearer, and nobody else."""
    post, ballot = a_post(PostState.IN_REVIEW), a_ballot(votes)
    found = {
        person
        for person in (*ROLES, NOBODY)
        if errand(rules, post, ballot, person, frozenset(ROLES.get(person, ())), START)
        is Errand.VOTE
    }
    assert found == asked


def test_close_to_its_time_others_are_asked_too() -> None:
    """Whoever stands in for those asked is asked once that is so, and not before."""
    rules = Rules(stages=ONE.stages, escalate_role=CHIEFS, escalate_minutes=60)
    due_at = START + timedelta(hours=2)
    post = a_post(PostState.IN_REVIEW, content=a_revision(due_at=due_at))
    early, late = START, START + timedelta(minutes=61)
    found = [
        errand(rules, post, Ballot(), CHIEF, frozenset({CHIEFS}), now) for now in (early, late)
    ]
    assert found == [None, Errand.VOTE]


@pytest.mark.parametrize(("verdict", "expected"), [(R, "reason"), (C, "reason"), (H, "hold")])
def test_what_one_keeps_from_being_decided(verdict: Verdict, expected: str) -> None:
    """A reason that was not given, and a hold, wait for whoever gave them."""
    post, ballot = a_post(PostState.IN_REVIEW), a_ballot({EVE: verdict})
    assert errand(ONE, post, ballot, EVE, frozenset({EDITORS}), START) == expected
    assert errand(ONE, post, ballot, EVE, frozenset(), START) is None, "it counts no more"


@pytest.mark.parametrize("state", PostState)
def test_what_waits_for_an_author(state: PostState) -> None:
    """Their drafts, and what was sent back to them; of others they see nothing."""
    post = a_post(state)
    expected = {PostState.DRAFT: Errand.DRAFT, PostState.CHANGES_REQUESTED: Errand.CHANGE}
    assert errand(ONE, post, Ballot(), AUTHOR, frozenset(), START) is expected.get(state)
    assert errand(ONE, post, Ballot(), NOBODY, frozenset(), START) is None


def test_what_was_approved_and_is_held() -> None:
    """Whoever holds it back lets it go; nobody else is asked."""
    post, held = a_post(PostState.APPROVED), Ballot(held_by=EVE)
    assert errand(ONE, post, held, EVE, frozenset({EDITORS}), START) is Errand.HOLD
    assert errand(ONE, post, held, ED, frozenset({EDITORS}), START) is None
