"""What is told while a decision is waited for, and who is pinged: those alone who are needed."""

from dataclasses import dataclass

import discord

from bot.domain.event import Event, EventKind
from bot.domain.post import Post, PostState
from bot.domain.standing import Standing
from bot.workflow.announce import Telling
from cogs.ui import ballots, words

KINDS = frozenset({EventKind.REMINDED, EventKind.ESCALATED})


@dataclass(frozen=True, slots=True)
class Needed:
    """Whose decision is waited for next."""

    roles: tuple[int, ...] = ()
    people: tuple[int, ...] = ()

    @property
    def mentions(self) -> str:
        """All of them, as Discord pings them."""
        named = [f"<@&{role}>" for role in self.roles] + [f"<@{person}>" for person in self.people]
        return " ".join(named)

    @property
    def pinged(self) -> discord.AllowedMentions:
        """The permission to ping them, and nobody else."""
        return discord.AllowedMentions(
            roles=[discord.Object(role) for role in self.roles],
            users=[discord.Object(person) for person in self.people],
            replied_user=False,
        )


def is_over(event: Event, post: Post) -> bool:
    """Whether an event tells of a wait that has ended meanwhile."""
    is_same = event.data.get("revision") == str(post.content.number)
    return event.kind in KINDS and not (is_same and post.state is PostState.IN_REVIEW)


def needed(stands: Standing) -> Needed:
    """Whoever holds a post, or else those of its first stage that is not complete."""
    if stands.holding:
        return Needed(people=tuple(vote.user_id for vote in stands.holding))
    stage = next((stage for stage in stands.lacks if stage), ())
    return Needed(
        roles=tuple(dict.fromkeys(role for lack in stage for role in lack.roles)),
        people=tuple(dict.fromkeys(person for lack in stage for person in lack.people)),
    )


def embed(event: Event, telling: Telling, post: Post, card_link: str) -> discord.Embed:
    """The reminder: what is waited for, until when, and who may decide too."""
    due_at = post.content.due_at
    waits = ballots.waits_for(post, telling.ballot, telling.server)
    told = [f"[Post {post.id}]({card_link}) is not decided yet. {waits}"]
    if due_at is not None:
        when = discord.utils.format_dt(due_at, "R")
        told.append(f"Its time comes {when}; undecided it expires then, and does not go out.")
    role = telling.server.rules.escalate_role
    if event.kind is EventKind.ESCALATED and role is not None:
        told.insert(0, f"From now on <@&{role}> may decide too.")
    colour = words.POST_COLOURS[PostState.IN_REVIEW]
    return discord.Embed(description="\n".join(told), colour=colour)
