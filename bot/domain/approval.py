"""Approval: whose votes a post needs, and the votes."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

Roles = frozenset[int]
"""The ids of the roles a person has."""

NOBODY: Roles = frozenset()
MOST_STAGES, MOST_PEOPLE = 5, 10
REMIND_MINUTES, ESCALATE_MINUTES, MOST_AHEAD = 120, 60, 10_080
"""How long before its time a post's approvers are reminded, and others may decide too, where nothing
was chosen; and the most that may be.
"""


class Verdict(StrEnum):
    """What a vote says; the value is kept in the database, so it never changes."""

    APPROVE = "approve"
    REJECT = "reject"
    CHANGES = "changes"  # the author is asked to change something
    HOLD = "hold"  # nothing is decided until this is taken back


ENDS = (Verdict.REJECT, Verdict.CHANGES)
"""Verdicts that decide at once, as soon as they say why; until then they hold the post."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stage:
    """Whose approval is needed together: `needed` of them, or with `each` one from every role and
    every person named. Without roles and people it means the server's approver role. `deputies`
    are roles that may take any of its seats, as `Rules.at` a moment has it.
    """

    roles: tuple[int, ...] = ()
    people: tuple[int, ...] = ()
    needed: int = 1
    each: bool = False
    deputies: tuple[int, ...] = ()

    def seats(self) -> list["Seat"]:
        """The places that votes fill, one person each."""
        if not self.each:
            return [self._seat(self.roles, self.people)] * self.needed
        named = [self._seat((), (person,)) for person in self.people]
        return [*named, *(self._seat((role,), ()) for role in self.roles)]

    def _seat(self, roles: tuple[int, ...], people: tuple[int, ...]) -> "Seat":
        return Seat(tuple(dict.fromkeys((*roles, *self.deputies))), people)


@dataclass(frozen=True, slots=True)
class Seat:
    """One approval that is needed, and who may give it."""

    roles: tuple[int, ...]
    people: tuple[int, ...]

    def takes(self, user_id: int, roles: Collection[int]) -> bool:
        """Whether this person may give it."""
        return user_id in self.people or any(role in roles for role in self.roles)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """How a server approves. Stages are asked in their order; a vote for a later one is kept until
    those before it are complete.

    `four_eyes`: the approval of whoever wrote on a post does not count. `across_stages`: one person's approval
    counts in every stage it fits, and not in one alone. `free`: nobody's posts need approval;
    `free_roles`: nor do those of authors with one of these roles, where nobody else wrote on them.

    `remind_minutes` before its time whoever is still needed for a post is reminded, never where it
    is 0. `escalate_minutes` before it people with `escalate_role` may give any approval too.
    """

    stages: tuple[Stage, ...] = (Stage(),)
    four_eyes: bool = True
    across_stages: bool = False
    free: bool = False
    free_roles: tuple[int, ...] = ()
    remind_minutes: int = REMIND_MINUTES
    escalate_role: int | None = None
    escalate_minutes: int = ESCALATE_MINUTES

    def escalates_at(self, due_at: datetime | None) -> datetime | None:
        """When others may decide too on a post that is due then (UTC); None: never."""
        if due_at is None or self.escalate_role is None:
            return None
        return due_at - timedelta(minutes=self.escalate_minutes)

    def at(self, due_at: datetime | None, now: datetime) -> "Rules":
        """The rules as they hold at a moment for a post that is due then: as many approvals as
        ever, and close to its time the escalation role may give any of them.
        """
        since = self.escalates_at(due_at)
        if self.escalate_role is None or since is None or now < since:
            return self
        deputies = (self.escalate_role,)
        return replace(
            self, stages=tuple(replace(stage, deputies=deputies) for stage in self.stages)
        )

    def with_default(self, role_id: int | None) -> "Rules":
        """The rules with the server's approver role where a stage names nobody."""
        default = () if role_id is None else (role_id,)
        stages = (
            stage if stage.roles or stage.people else replace(stage, roles=default)
            for stage in self.stages
        )
        return replace(self, stages=tuple(stages))

    def may_vote(self, user_id: int, roles: Collection[int]) -> bool:
        """Whether a person is one of those asked, in any stage."""
        return any(seat.takes(user_id, roles) for stage in self.stages for seat in stage.seats())

    def may_approve(self, user_id: int, roles: Collection[int], wrote: Collection[int]) -> bool:
        """Whether a person's approval counts of a post on which these people wrote."""
        is_own = self.four_eyes and user_id in wrote
        return not is_own and self.may_vote(user_id, roles)

    @property
    def is_one_enough(self) -> bool:
        """Whether one approval, or none, is all that is needed."""
        return self.free or sum(len(stage.seats()) for stage in self.stages) == 1

    def is_free(self, author_roles: Collection[int], wrote: Collection[int]) -> bool:
        """Whether a post needs no approval: its author has these roles, and these people wrote on
        it, its author among them.
        """
        is_trusted = any(role in author_roles for role in self.free_roles)
        return self.free or (is_trusted and len(wrote) == 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Vote:
    """What one person says of one revision; `reason` is what was written with it, `roles` those
    the person had when it was last counted, `by_reaction` whether it stands on the card itself.
    """

    user_id: int
    verdict: Verdict
    at: datetime
    reason: str = ""
    roles: Roles = NOBODY
    by_reaction: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ballot:
    """The votes on the revision of a post that counts now, the roles its author had when it was
    put before the team, and who holds it since when after it was approved.
    """

    votes: tuple[Vote, ...] = ()
    author_roles: Roles = NOBODY
    held_by: int | None = None
    held_at: datetime | None = None

    def roles(self, author_id: int) -> dict[int, Roles]:
        """The roles of everyone concerned, as they were when they were last seen."""
        return {author_id: self.author_roles} | {vote.user_id: vote.roles for vote in self.votes}

    def of(self, user_id: int) -> Vote | None:
        """A person's vote."""
        return next((vote for vote in self.votes if vote.user_id == user_id), None)
