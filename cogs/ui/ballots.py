"""How an approval reads: the rules, what is still needed and from whom, who said what and when."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

import discord

from bot.domain.approval import ENDS, Ballot, Rules, Stage, Verdict, Vote
from bot.domain.marks import Marks
from bot.domain.post import Post, PostState
from bot.domain.server import Server
from bot.domain.spans import span
from bot.domain.standing import Lack, Standing, standing
from cogs.ui import words

MOST_REASON = 300
"""Characters of a reason that a card shows; the announcement has it whole."""

STUCK = (
    "Nobody is left who may approve it: those who are asked have written on it (four eyes). An admin "
    "has others asked, or turns four eyes off, with `/desk approval`."
)

_MOST_NAMED = 4
_SAYS = {
    Verdict.REJECT: "rejects it, and is asked why",
    Verdict.CHANGES: "wants changes, and is asked which",
    Verdict.HOLD: "holds it: nothing is decided until that is taken back",
}


def where(post: Post, ballot: Ballot, server: Server) -> Standing:
    """Where a post stands, by the roles its voters had when they were last asked for."""
    roles_of = ballot.roles(post.author_id)
    return standing(server.rules, post, ballot.votes, roles_of)


def written_by(post: Post) -> str:
    """The author of a post, and everyone who wrote on it with them."""
    others = ", ".join(f"<@{person}>" for person in sorted(post.wrote - {post.author_id}))
    return f"<@{post.author_id}> with {others}" if others else f"<@{post.author_id}>"


def is_stuck(post: Post, server: Server) -> bool:
    """Whether nobody is left who may approve a post."""
    return standing(server.rules, post, (), {}).is_stuck


def waits_for(post: Post, ballot: Ballot, server: Server) -> str:
    """One sentence on what a post in review waits for, and from whom."""
    stands = where(post, ballot, server)
    if stands.holding:
        first = stands.holding[0]
        more = f", and {len(stands.holding) - 1} more" if len(stands.holding) > 1 else ""
        lacks = f" Still needed: {needed(stands.lacks)}." if any(stands.lacks) else ""
        return f"<@{first.user_id}> {_SAYS[first.verdict]}{more}.{lacks}"
    if stands.is_stuck:
        return STUCK
    offers = ", ".join(
        f"{server.reactions[verdict]} {done}"
        for verdict, done in (
            (Verdict.APPROVE, "approves"),
            (Verdict.REJECT, "rejects"),
            (Verdict.CHANGES, "asks for changes"),
            (Verdict.HOLD, "holds"),
        )
    )
    return f"Waits for {needed(stands.lacks)}: {offers}."


def approvers(post: Post, ballot: Ballot, server: Server) -> str:
    """Whose votes approved a post; after the rules have changed, whose was the last."""
    counted = where(post, ballot, server).by
    return _names((), counted if post.decided_by in counted else [post.decided_by or 0], word="and")


def needed(lacks: Sequence[Sequence[Lack]]) -> str:
    """What is still needed, stage by stage."""
    stages = [" and ".join(_lack(lack) for lack in stage[:3]) for stage in lacks if stage]
    return ", then ".join(stages[:3]) or "its count"


def rules(server: Server, post: Post | None = None, ballot: Ballot | None = None) -> str:
    """The rules of a server in one sentence; for one post also what to do where they cannot hold."""
    chosen = server.rules
    told = [", then ".join(_stage(stage) for stage in chosen.stages[:5])]
    told.append(
        "the approval of whoever wrote on a post does not count"
        if chosen.four_eyes
        else "an author may approve their own post (four eyes are off)"
    )
    if chosen.across_stages:
        told.append("one person counts in several stages")
    if chosen.free:
        told = ["no approval is needed"]
    elif chosen.free_roles:
        told.append(
            f"authors who are {_names(chosen.free_roles, ())} need none for what they wrote alone"
        )
    if not chosen.free:
        told += deadlines(chosen)
    said = f"Rules: {'; '.join(told)}."
    if post and ballot and _is_one_of_them(chosen, post, ballot):
        said += (
            f" {written_by(post)} wrote it, so someone else approves it; where nobody else can, an"
            " admin turns four eyes off with `/desk approval`."
        )
    return said


def deadlines(chosen: Rules) -> list[str]:
    """When whoever is still needed is reminded, and when others may decide too."""
    told = ["a reminder comes after 24 hours"]
    if chosen.remind_minutes:
        told[0] += f" and {_ahead(chosen.remind_minutes)} before its time"
    if chosen.escalate_role is not None:
        role = f"<@&{chosen.escalate_role}>"
        is_so = any(stage.deputies for stage in chosen.stages)
        ahead = _ahead(chosen.escalate_minutes)
        since = "now that its time is near" if is_so else f"from {ahead} before its time"
        told.append(f"{role} may decide too {since}")
    return told


def lines(post: Post, ballot: Ballot, server: Server) -> list[str]:
    """The votes on a post, oldest first, and while it is voted on the rules: what was decided
    before they changed was decided by others.
    """
    told = [_vote(vote, server.reactions) for vote in ballot.votes]
    if ballot.held_by is not None:
        since = f" {discord.utils.format_dt(ballot.held_at, 'R')}" if ballot.held_at else ""
        told.append(f"{server.reactions[Verdict.HOLD]} <@{ballot.held_by}>{since} holds it back")
    return [*told, rules(server, post, ballot)] if post.state is PostState.IN_REVIEW else told


def short(told: Sequence[str], room: int) -> str:
    """Lines in so much room: the last is kept, and of the others as many as fit."""
    *votes, last = told or [""]
    shown: list[str] = []
    left = room - len(last) - len("… and 99 more\n")
    for line in votes:
        if len(line) + 1 > left:
            shown.append(f"… and {len(votes) - len(shown)} more")
            break
        shown.append(line)
        left -= len(line) + 1
    return "\n".join([*shown, words.clip(last, max(room, 1))])


def _is_one_of_them(chosen: Rules, post: Post, ballot: Ballot) -> bool:
    """Whether somebody who wrote it may be asked, and does not count; of writers it is not known."""
    is_asked = chosen.may_vote(post.author_id, ballot.author_roles) or len(post.wrote) > 1
    is_stuck = standing(chosen, post, (), ballot.roles(post.author_id)).is_stuck
    return chosen.four_eyes and is_asked and not chosen.free and not is_stuck


def _vote(vote: Vote, marks: Marks) -> str:
    at = discord.utils.format_dt(vote.at, "R")
    line = f"{marks[vote.verdict]} <@{vote.user_id}> {at}"
    if vote.verdict in ENDS and vote.reason:
        reason = words.clip(vote.reason.replace("\n", " "), MOST_REASON)
        return f"{line}: {words.escape(reason)}"
    return line


def _ahead(minutes: int) -> str:
    return span(timedelta(minutes=minutes))


def _stage(stage: Stage) -> str:
    if not (stage.roles or stage.people):
        return "an approver role, which is not set yet"
    if stage.each:
        return f"each of {_names(stage.roles, stage.people, word='and')}"
    named = _names(stage.roles, stage.people)
    return named if stage.needed == 1 else f"{stage.needed} of {named}"


def _lack(lack: Lack) -> str:
    named = _names(lack.roles, lack.people)
    return named if lack.count == 1 else f"{lack.count} of {named}"


def _names(roles: Iterable[int], people: Iterable[int], *, word: str = "or") -> str:
    named = [f"<@&{role}>" for role in roles] + [f"<@{person}>" for person in people]
    more = len(named) - _MOST_NAMED
    shown = f" {word} ".join(named[:_MOST_NAMED]) or "nobody"
    return f"{shown} {word} {more} more" if more > 0 else shown
