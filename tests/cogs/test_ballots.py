"""What a card says of its votes: who decided what and when, what is still needed, from whom."""

from datetime import UTC, datetime

import pytest

from bot.domain.approval import Ballot, Rules, Stage, Verdict, Vote
from bot.domain.post import PostState
from bot.domain.server import Server
from cogs.ui import cards
from tests.factories import APPROVER, SERVER, a_post

ROLE, CLIENTS, OTHER = 22, 23, 24
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AT = f"<t:{int(NOON.timestamp())}:R>"
TWO = Rules(stages=(Stage(needed=2),))
EACH = Rules(stages=(Stage(roles=(ROLE, CLIENTS), each=True),))


def here(rules: Rules) -> Server:
    """The server with these rules."""
    return Server(server_id=SERVER, approver_role_id=ROLE, approval=rules)


def a_ballot(*verdicts: Verdict, reason: str = "") -> Ballot:
    """Cast votes of approvers, one person each."""
    votes = [
        Vote(user_id=user, verdict=verdict, at=NOON, roles=frozenset({ROLE}), reason=reason)
        for user, verdict in zip((APPROVER, OTHER), verdicts, strict=False)
    ]
    return Ballot(votes=tuple(votes))


@pytest.mark.parametrize(
    ("rules", "verdicts", "said"),
    [
        (TWO, (), f"Waits for 2 of <@&{ROLE}>: "),
        (TWO, (Verdict.APPROVE,), f"Waits for <@&{ROLE}>: "),
        (EACH, (Verdict.APPROVE,), f"Waits for <@&{CLIENTS}>: "),
        (
            TWO,
            (Verdict.APPROVE, Verdict.HOLD),
            f"<@{OTHER}> holds it: nothing is decided until that is taken back. "
            f"Still needed: <@&{ROLE}>.",
        ),
        (
            Rules(),
            (Verdict.APPROVE, Verdict.REJECT),
            f"<@{OTHER}> rejects it, and is asked why.",
        ),
    ],
)
def test_what_is_still_needed(rules: Rules, verdicts: tuple[Verdict, ...], said: str) -> None:
    """A post in review says from whom it still needs what, also while somebody holds it."""
    post = a_post(PostState.IN_REVIEW)
    stands = cards.standing(post, [], here(rules), a_ballot(*verdicts))
    assert stands.startswith(said)


@pytest.mark.parametrize(
    ("rules", "votes", "people"),
    [
        (TWO, 2, f"<@{APPROVER}> and <@{OTHER}>"),
        (Rules(), 1, f"<@{APPROVER}>"),
        (TWO, 0, f"<@{APPROVER}>"),  # moved since: the votes were of another time
    ],
)
def test_who_approved_and_when(rules: Rules, votes: int, people: str) -> None:
    """Everyone whose vote approved a post is named, with the moment."""
    ballot = a_ballot(*[Verdict.APPROVE] * votes)
    last = OTHER if votes == 2 else APPROVER
    post = a_post(PostState.APPROVED, decided_by=last, decided_at=NOON)
    said = cards.standing(post, [], here(rules), ballot)
    assert said.startswith(f"Approved by {people} {AT} · ")


def test_when_nobody_had_to_approve_and_who_ended_it() -> None:
    """What was decided without a vote has its moment too."""
    free = a_post(PostState.APPROVED, decided_at=NOON)
    assert cards.standing(free, [], here(Rules())).startswith(f"No approval was needed {AT} · ")
    for state in (PostState.CANCELLED, PostState.REJECTED):
        ended = a_post(state, decided_by=APPROVER, decided_at=NOON)
        assert f"by <@{APPROVER}> {AT}." in cards.standing(ended, [], here(Rules()))


def test_reasons_and_holds_have_their_moment() -> None:
    """The votes say who, when and why, and what was approved says since when it is held."""
    rejected = cards.card(
        a_post(PostState.REJECTED, decided_by=APPROVER),
        [],
        here(Rules()),
        a_ballot(Verdict.REJECT, reason="Too *loud*."),
    )
    held = cards.card(
        a_post(PostState.APPROVED, decided_by=APPROVER),
        [],
        here(Rules()),
        Ballot(held_by=OTHER, held_at=NOON),
    )
    found = [
        next(field.value for field in card.fields if field.name == "Approval")
        for card in (rejected, held)
    ]
    assert found == [
        f"❌ <@{APPROVER}> {AT}: Too \\*loud\\*.",
        f"⏸️ <@{OTHER}> {AT} holds it back",
    ]
