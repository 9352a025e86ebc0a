"""The two state machines, and what the team reads of them."""

from collections.abc import Mapping
from typing import TypeVar

import pytest

from bot.domain.delivery import DELIVERY_MOVES, OPEN, WORDS, DeliveryState, summary
from bot.domain.event import SPOKEN, EventKind
from bot.domain.post import POST_MOVES, PostState
from tests.factories import a_delivery

MACHINES = [
    pytest.param(PostState, POST_MOVES, PostState.DRAFT, id="post"),
    pytest.param(DeliveryState, DELIVERY_MOVES, DeliveryState.WAITING, id="delivery"),
]
S = DeliveryState
T = TypeVar("T")


def reachable(moves: Mapping[T, frozenset[T]], start: T) -> set[T]:
    """Follow every move from `start`."""
    seen: set[T] = set()
    ahead = {start}
    while ahead:
        seen |= ahead
        ahead = {to for state in ahead for to in moves[state]} - seen
    return seen


@pytest.mark.parametrize(("states", "moves", "start"), MACHINES)
def test_every_state_is_reachable(states, moves, start) -> None:
    """Every state can be reached from the first one."""
    assert reachable(moves, start) == set(states)


@pytest.mark.parametrize(("states", "moves", "start"), MACHINES)
def test_every_state_has_its_moves(states, moves, start) -> None:
    """The table of moves names every state, and no state moves to itself."""
    assert set(moves) == set(states)
    assert not [state for state in states if state in moves[state]]


@pytest.mark.parametrize("state", sorted(set(S) - OPEN))
def test_ended_is_never_sent_again_by_itself(state: DeliveryState) -> None:
    """From an end there is no way to a call but through `waiting`, where a person puts it."""
    assert S.SUBMITTING not in DELIVERY_MOVES[state]


def test_only_waiting_leads_to_a_call() -> None:
    """A call begins from `waiting` and from nowhere else."""
    assert [state for state in S if S.SUBMITTING in DELIVERY_MOVES[state]] == [S.WAITING]


@pytest.mark.parametrize("state", [S.SUBMITTING, S.SUBMITTED, S.PUBLISHED, S.UNKNOWN])
def test_what_left_is_not_cancelled(state: DeliveryState) -> None:
    """What left, or may have left, cannot be cancelled."""
    assert S.CANCELLED not in DELIVERY_MOVES[state]


def test_every_state_has_words() -> None:
    """People read words for every state, never the names the database keeps."""
    assert set(WORDS) == set(S)
    assert all("_" not in state.words for state in [*S, *PostState])


def test_events_kept_by_value() -> None:
    """The value of a kind fits its column, and says what it is about."""
    assert all(len(kind) <= 32 and "." in kind for kind in EventKind)
    assert all(kind.startswith("post.") for kind in SPOKEN)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "nothing to deliver"),
        ([S.PUBLISHED], "published"),
        ([S.PUBLISHED] * 3, "all 3 published"),
        ([S.WAITING] * 2, "all 2 waiting"),
        ([S.FAILED, S.PUBLISHED, S.PUBLISHED], "2 of 3 published, 1 failed"),
        ([S.UNKNOWN, S.FAILED], "1 of 2 failed, 1 outcome unknown"),
        ([S.WAITING, S.SUBMITTED, S.PUBLISHED], "1 of 3 published, 1 being processed, 1 waiting"),
        ([S.CANCELLED, S.IN_INBOX], "1 of 2 in the creator's inbox, 1 cancelled"),
    ],
)
def test_summary(states: list[DeliveryState], words: str) -> None:
    """The team reads how many deliveries stand where, the best first."""
    assert summary([a_delivery(state) for state in states]) == words


def test_summary_counts_each_state() -> None:
    """No state is left out of the summary."""
    told = summary([a_delivery(state) for state in S])
    assert all(state.words in told for state in S)
