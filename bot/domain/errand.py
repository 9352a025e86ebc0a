"""What waits for one person: a pure function of a post, its votes, the rules, and who asks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.domain.approval import ENDS, Ballot, Roles, Rules, Verdict, Vote
from bot.domain.post import Post, PostState
from bot.domain.standing import Lack, standing


class Errand(StrEnum):
    """What one person is to do about a post, in the order in which it matters."""

    TROUBLE = "trouble"  # a post they wrote failed, was missed, or nobody knows
    REASON = "reason"  # they reject it or want changes, and did not say why yet
    VOTE = "vote"  # their approval is still needed
    HOLD = "hold"  # they hold it
    CHANGE = "change"  # a post they wrote was sent back to them
    DRAFT = "draft"  # a draft they write was put before nobody yet


def errand(
    rules: Rules, post: Post, ballot: Ballot, user_id: int, roles: Roles, now: datetime
) -> Errand | None:
    """What a person with these roles is to do about a post, deliveries aside; None: nothing."""
    is_own = post.may_be_written_by(user_id)
    match post.state:
        case PostState.IN_REVIEW:
            return _of_review(rules.at(post.content.due_at, now), post, ballot, user_id, roles)
        case PostState.APPROVED if ballot.held_by == user_id:
            return Errand.HOLD
        case PostState.CHANGES_REQUESTED if is_own:
            return Errand.CHANGE
        case PostState.DRAFT if is_own:
            return Errand.DRAFT
        case _:
            return None


def _of_review(
    rules: Rules, post: Post, ballot: Ballot, user_id: int, roles: Roles
) -> Errand | None:
    if not rules.may_vote(user_id, roles):
        return None
    mine = ballot.of(user_id)
    if mine is not None and mine.verdict is not Verdict.APPROVE:
        return Errand.REASON if mine.verdict in ENDS else Errand.HOLD
    is_needed = mine is None and _is_needed(rules, post, ballot, user_id, roles)
    return Errand.VOTE if is_needed else None


def _is_needed(rules: Rules, post: Post, ballot: Ballot, user_id: int, roles: Roles) -> bool:
    """Whether this person's approval would fill a seat of the first stage that is not complete."""
    if not rules.may_approve(user_id, roles, post.wrote):
        return False
    last = max((vote.at for vote in ballot.votes), default=post.created_at)
    approval = Vote(user_id=user_id, verdict=Verdict.APPROVE, at=last, roles=roles)
    after = replace(ballot, votes=(*ballot.votes, approval))
    before, then = (_lacks(rules, post, votes) for votes in (ballot, after))
    stage = next((number for number, count in enumerate(before) if count), None)
    return stage is not None and then[stage] < before[stage]


def _lacks(rules: Rules, post: Post, ballot: Ballot) -> list[int]:
    """How many approvals each stage still needs."""
    stands = standing(rules, post, ballot.votes, ballot.roles(post.author_id))
    return [_count(stage) for stage in stands.lacks]


def _count(stage: Sequence[Lack]) -> int:
    return sum(lack.count for lack in stage)
