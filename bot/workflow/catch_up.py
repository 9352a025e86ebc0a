"""Votes cast and taken back while nobody listened: what stands on a card against what was counted.

Discord repeats nothing that was missed, so the reactions of open cards are read and compared.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

import db.cards
import db.votes
from bot.domain.approval import Ballot, Verdict, Vote
from bot.domain.post import Post, PostState
from bot.workflow.desk import Desk

PAGE = 100
"""Cards that are read from the database together."""

_STRICTEST = (Verdict.REJECT, Verdict.CHANGES, Verdict.HOLD, Verdict.APPROVE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What one person changed on a card: a vote to count, or one to take back."""

    user_id: int
    verdict: Verdict
    is_taken_back: bool = False


READ = (PostState.IN_REVIEW, PostState.APPROVED, PostState.EXPIRED)
"""Where what stands on a card may mean something that was not counted."""


async def open_cards(
    desk: Desk, server_id: int, *, after: Post | None = None, expired_since: datetime | None = None
) -> list[Post]:
    """A page of a server's posts whose card still means something, those due first before the
    others: what waits for a decision, what was approved and has not left, and what has expired
    since nobody listened. The next page is that `after` the last post of this one.
    """
    async with desk.database.reading() as reading:
        return await db.cards.find_open(
            reading,
            server_id=server_id,
            limit=PAGE,
            after=after,
            expired_since=expired_since,
        )


async def ballot(desk: Desk, post: Post) -> Ballot:
    """The votes on a post as they were counted."""
    async with desk.database.reading() as reading:
        return (await db.votes.find(reading, [post.id]))[post.id]


def differences(
    post: Post, ballot: Ballot, seen: Mapping[int, AbstractSet[Verdict]], at: datetime
) -> list[Difference]:
    """What people changed by reactions, given who had which on the card `at` a moment.

    Of several reactions of one person the strictest counts. One that stands beside a counted vote
    changes it only to something stricter: nobody can say which of them was last. A vote that was
    cast otherwise than by a reaction needs none; one counted later than `at` was not looked for.
    """
    if post.state is PostState.APPROVED:
        return _holds(ballot, seen)
    if post.state is PostState.EXPIRED:
        return _too_late(ballot, seen)
    found = [
        Difference(user_id=user_id, verdict=verdict)
        for user_id, verdicts in seen.items()
        if verdicts and (verdict := _said(ballot.of(user_id), verdicts)) is not None
    ]
    changed = {item.user_id for item in found}
    gone = [
        Difference(user_id=vote.user_id, verdict=vote.verdict, is_taken_back=True)
        for vote in ballot.votes
        if vote.by_reaction
        and vote.verdict not in seen.get(vote.user_id, frozenset())
        and vote.at < at
        and vote.user_id not in changed
    ]
    # What is gone goes first, and approvals come last: no vote decides with one that ended.
    return gone + sorted(found, key=lambda item: _STRICTEST.index(item.verdict))


def _holds(ballot: Ballot, seen: Mapping[int, AbstractSet[Verdict]]) -> list[Difference]:
    """Who holds what was approved; a hold by a button needs no reaction, so none is missed."""
    holders = [user_id for user_id, verdicts in seen.items() if Verdict.HOLD in verdicts]
    if ballot.held_by is not None:
        return []
    return [Difference(user_id=user_id, verdict=Verdict.HOLD) for user_id in holders[:1]]


def _too_late(ballot: Ballot, seen: Mapping[int, AbstractSet[Verdict]]) -> list[Difference]:
    """Who approved what expired meanwhile: nobody can say whether before its time, so they are
    asked.
    """
    return [
        Difference(user_id=user_id, verdict=Verdict.APPROVE)
        for user_id, verdicts in seen.items()
        if verdicts == {Verdict.APPROVE} and ballot.of(user_id) is None
    ]


def _said(counted: Vote | None, seen: AbstractSet[Verdict]) -> Verdict | None:
    """What somebody's reactions say that was not counted; None where they say nothing new."""
    strictest = min(seen, key=_STRICTEST.index)
    if counted is None:
        return strictest
    stays = counted.verdict in seen or not counted.by_reaction
    is_stricter = _STRICTEST.index(strictest) < _STRICTEST.index(counted.verdict)
    return None if stays and not is_stricter else strictest
