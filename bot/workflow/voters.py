"""Who votes: people with the roles they have now, and whether what they say counts."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from bot.domain.approval import Roles, Rules, Verdict
from bot.domain.post import Post
from bot.domain.server import Server
from bot.errors import NotAllowedError
from bot.workflow.desk import Desk

AskRoles = Callable[[Collection[int]], Awaitable[Mapping[int, Roles]]]
"""Asks which roles people have now; those who left the server have none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Voter:
    """The person who votes with their roles now, and how to ask for those of the earlier voters.

    `is_found`: what they said was found later, since nobody listened when they did.
    """

    server_id: int
    user_id: int
    roles: Roles
    ask: AskRoles
    is_found: bool = False


def rules_for(desk: Desk, server: Server, post: Post) -> Rules:
    """The rules by which a post is decided on now: close to its time others may decide too."""
    return server.rules.at(post.content.due_at, desk.now())


def check(rules: Rules, voter: Voter, post: Post, verdict: Verdict) -> None:
    """Raise NotAllowedError where this person's vote would not count."""
    if not rules.may_vote(voter.user_id, voter.roles):
        raise NotAllowedError(
            "Only approvers decide on posts.",
            remedy="Ask an admin for the approver role, or leave this one to an approver.",
        )
    is_own = not rules.may_approve(voter.user_id, voter.roles, post.wrote)
    if verdict is Verdict.APPROVE and is_own:
        raise NotAllowedError(
            f"Four eyes: you wrote on post {post.id}, so your approval of it does not count.",
            remedy="Leave it to another approver. Where there is none, an admin turns four eyes "
            "off with /desk approval.",
        )
