"""Another time for a post whose time came before a decision: approved with it, or asked for again."""

from dataclasses import replace

import db.servers
import db.votes
from bot.domain.approval import Verdict, Vote
from bot.domain.post import Post, PostState, Revision
from bot.domain.server import Server
from bot.domain.standing import standing
from bot.errors import ConflictError, InputError, NotAllowedError
from bot.workflow import cancel, decide, remind, reschedule, supersede, timing, voters
from bot.workflow.desk import Desk
from bot.workflow.voters import Voter


async def approve_at(desk: Desk, voter: Voter, post: Post, when_text: str) -> Post:
    """Give a post whose time passed unapproved another, with the approval of whoever gives it, who
    may be one of those who could decide when the time came.

    What others approved was another time, so where one approval is not enough they are asked again.
    Raises InputError, NotAllowedError, and ConflictError when it does not wait for a time.
    """
    server = await _server(desk, post)
    rules = voters.rules_for(desk, server, post)
    voters.check(rules, voter, post, Verdict.APPROVE)
    post = await _expired(desk, post)
    content = await _at_time(desk, post, when_text)
    vote = Vote(user_id=voter.user_id, verdict=Verdict.APPROVE, at=desk.now(), roles=voter.roles)
    async with desk.database.transaction() as transaction:
        revised = await supersede.put(transaction, desk, post, content, by=voter.user_id)
        await remind.begin(transaction, revised, server.rules, desk.now())
        await db.votes.put(transaction, revised, vote)
        ballot = (await db.votes.find(transaction, [post.id]))[post.id]
        stands = standing(rules, post, ballot.votes, {voter.user_id: voter.roles})
        revised = await decide.by_votes(transaction, desk, revised, ballot, stands) or revised
    desk.nudge()
    return revised


async def ask_again(
    desk: Desk, voter: Voter, post: Post, when_text: str, *, is_admin: bool = False
) -> Post:
    """Put a post whose time passed before the team again, for another time: who wrote it does,
    or who may decide. Nobody's approval counts for it yet. Raises as `approve_at`.
    """
    server = await _server(desk, post)
    may_vote = voters.rules_for(desk, server, post).may_vote(voter.user_id, voter.roles)
    if not (post.may_be_written_by(voter.user_id) or may_vote or is_admin):
        raise NotAllowedError(
            f"Post {post.id} is not yours.", remedy="Ask its author, an approver or an admin."
        )
    post = await _expired(desk, post)
    content = await _at_time(desk, post, when_text)
    roles = {voter.user_id: voter.roles}
    if post.author_id not in roles:
        roles |= await voter.ask([post.author_id])
    async with desk.database.transaction() as transaction:
        revised = await supersede.put(transaction, desk, post, content, by=voter.user_id)
        revised = await decide.open_for(transaction, desk, revised, roles[post.author_id])
    desk.nudge()
    return revised


async def _server(desk: Desk, post: Post) -> Server:
    async with desk.database.reading() as reading:
        return await db.servers.get(reading, post.server_id)


async def _expired(desk: Desk, post: Post) -> Post:
    """A post that waits for another time; one whose time came a moment ago expires now, so that the
    tick that would do it does not come in between.
    """
    if post.state is PostState.IN_REVIEW and decide.is_late(desk, post):
        await cancel.expire(desk)
        return replace(post, state=PostState.EXPIRED)
    if post.state is not PostState.EXPIRED:
        raise ConflictError(f"Post {post.id} is {post.state.words}.", remedy="Look at its card.")
    return post


async def _at_time(desk: Desk, post: Post, when_text: str) -> Revision:
    """The content of a post at another time."""
    content = await reschedule.at_time(desk, post, when_text)
    if found := timing.problems(desk, content, desk.now()):
        raise InputError(found)
    return content
