"""Deciding on a post: votes are counted in one transaction with the move they lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.cards
import db.events
import db.servers
import db.votes
from bot.domain.absence import FOUND
from bot.domain.approval import ENDS, Ballot, Roles, Verdict, Vote
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState
from bot.domain.standing import Standing, standing
from bot.errors import TooLateError
from bot.workflow import decide, voters
from bot.workflow.desk import Desk
from bot.workflow.voters import Voter


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A post after a vote was counted, where it stands with all its votes, and the vote of the
    same person that was there before.
    """

    post: Post
    standing: Standing
    replaced: Vote | None = None


async def cast(
    desk: Desk,
    voter: Voter,
    post: Post,
    verdict: Verdict,
    *,
    reason: str = "",
    by_reaction: bool = False,
) -> Counted | None:
    """Count a person's vote in the place of their last one. None when it changes nothing: it was
    counted already, or the post was decided or changed in the meantime.

    Rejecting and asking for changes decide once they say why; without a reason they hold the post.
    Raises NotAllowedError for people who are not asked, and for those who approve what they wrote on
    where four eyes are needed; TooLateError for an approval after the post's time.
    """
    is_over = post.state is PostState.EXPIRED and verdict is Verdict.APPROVE
    if post.state is not PostState.IN_REVIEW and not is_over:
        return None
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, voter.server_id)
    voters.check(voters.rules_for(desk, server, post), voter, post, verdict)
    if is_over or (verdict is Verdict.APPROVE and decide.is_late(desk, post)):
        raise TooLateError(post.id)
    vote = Vote(
        user_id=voter.user_id,
        verdict=verdict,
        at=desk.now(),
        reason=reason.strip() if verdict in ENDS else "",
        roles=voter.roles,
        by_reaction=by_reaction,
    )
    counted = await _count(desk, voter, post, vote)
    if counted and counted.standing.decided and counted.post.state is PostState.IN_REVIEW:
        raise TooLateError(post.id)  # its time came while the roles of the others were asked for
    return counted


async def take_back(
    desk: Desk, voter: Voter, post: Post, verdict: Verdict, *, by_reaction: bool = False
) -> Counted | None:
    """Take back a person's own vote, if it says this; one that was not cast by reaction is not
    taken back by one. None when it changes nothing.
    """
    if post.state is not PostState.IN_REVIEW:
        return None
    async with desk.database.reading() as reading:
        ballot = (await db.votes.find(reading, [post.id]))[post.id]
    found = ballot.of(voter.user_id)
    if found is None or found.verdict is not verdict or (by_reaction and not found.by_reaction):
        return None
    return await _count(desk, voter, post, None, taken=found)


async def asked_why(desk: Desk, voter: Voter, post: Post) -> Vote | None:
    """A person's vote that decides as soon as it says why; None where there is none."""
    if post.state is not PostState.IN_REVIEW:
        return None
    async with desk.database.reading() as reading:
        found = (await db.votes.find(reading, [post.id]))[post.id].of(voter.user_id)
    return found if found and found.verdict in ENDS and not found.reason else None


async def by_card(desk: Desk, *, server_id: int, card_message_id: int) -> Post | None:
    """The post that a message shows; None if it is no card, as most messages are."""
    async with desk.database.reading() as reading:
        return await db.cards.by_message(
            reading, server_id=server_id, card_message_id=card_message_id
        )


async def _count(
    desk: Desk, voter: Voter, post: Post, vote: Vote | None, *, taken: Vote | None = None
) -> Counted | None:
    """Write a vote, or that one was taken back, and decide if the votes are enough now.

    Nobody else decides on the post meanwhile. Discord is not asked within the transaction, so it
    begins anew when there are votes of people whose roles are not known yet.
    """
    roles_of: dict[int, Roles] = {} if vote is None else {voter.user_id: voter.roles}
    while True:
        async with desk.database.transaction() as transaction:
            if not await db.votes.lock(transaction, post):
                return None
            before = (await db.votes.find(transaction, [post.id]))[post.id]
            after = _changed(before, voter.user_id, vote, taken)
            if after == before:
                return None
            unknown = {item.user_id for item in after.votes} - roles_of.keys()
            if not unknown:
                counted = await _write(
                    transaction, desk, voter, post, vote, after, roles_of, taken=taken
                )
                break
        roles_of |= await voter.ask(unknown)
    desk.nudge()
    return replace(counted, replaced=before.of(voter.user_id))


def _changed(ballot: Ballot, user_id: int, vote: Vote | None, taken: Vote | None) -> Ballot:
    """The votes with a person's new one, or without the one that is taken back."""
    mine = ballot.of(user_id)
    if vote is None:
        is_there = mine is not None and taken is not None and mine.verdict is taken.verdict
        others = tuple(item for item in ballot.votes if item.user_id != user_id)
        return replace(ballot, votes=others) if is_there else ballot
    says_less = not vote.reason or (mine is not None and mine.reason == vote.reason)
    if mine is not None and mine.verdict is vote.verdict and says_less:
        return ballot  # the same again: by a button and a reaction, or an event that came twice
    others = tuple(item for item in ballot.votes if item.user_id != user_id)
    return replace(ballot, votes=(*others, vote))


async def _write(
    transaction: AsyncConnection,
    desk: Desk,
    voter: Voter,
    post: Post,
    vote: Vote | None,
    ballot: Ballot,
    roles_of: Mapping[int, Roles],
    *,
    taken: Vote | None,
) -> Counted:
    if vote is None:
        await db.votes.take_back(transaction, post, voter.user_id)
    else:
        await db.votes.put(transaction, post, vote)
    await db.votes.note_roles(transaction, post, roles_of)
    server = await db.servers.get(transaction, post.server_id)
    rules = voters.rules_for(desk, server, post)
    stands = standing(rules, post, ballot.votes, roles_of)
    if voter.is_found:  # it is told apart from what it decides
        await _note(transaction, desk, voter, post, vote or taken, is_taken=vote is None)
    decided = await decide.by_votes(transaction, desk, post, ballot, stands)
    if decided is None and not voter.is_found:
        await _note(transaction, desk, voter, post, vote or taken, is_taken=vote is None)
    return Counted(post=decided or post, standing=stands)


async def _note(
    transaction: AsyncConnection,
    desk: Desk,
    voter: Voter,
    post: Post,
    vote: Vote | None,
    *,
    is_taken: bool,
) -> None:
    """Note a vote, or one that was taken back; the reason of one that decides is in that event."""
    kind = EventKind.VOTE_TAKEN_BACK if is_taken else EventKind.VOTED
    data = {"revision": str(post.content.number)} | ({"verdict": str(vote.verdict)} if vote else {})
    if voter.is_found:
        data[FOUND] = "yes"
    noted = db.events.Happened(
        server_id=post.server_id, kind=kind, post_id=post.id, actor_id=voter.user_id, data=data
    )
    await db.events.append(transaction, [noted], now=desk.now())
