"""Where a revision stands with the votes it has.

A pure function of the rules, the votes, and the roles people have now. Votes are a set: their order
never matters, so what was missed and is counted later decides the same.
"""

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.domain.approval import ENDS, NOBODY, Rules, Seat, Verdict, Vote
from bot.domain.post import Post


@dataclass(frozen=True, slots=True)
class Lack:
    """What a stage still needs: `count` more of these."""

    count: int
    roles: tuple[int, ...]
    people: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a revision stands. `decided` is None while something is missing; `by` are those whose
    votes decided it, or for an approval under way those whose votes count. `holding` are the votes
    that keep it from being decided, `lacks` what every stage still needs, in order. It `is_stuck`
    where nobody is left who may fill a seat, since those who are asked wrote on it.
    """

    decided: Verdict | None
    by: tuple[int, ...] = ()
    holding: tuple[Vote, ...] = ()
    lacks: tuple[tuple[Lack, ...], ...] = ()
    is_free: bool = False
    is_stuck: bool = False


def standing(
    rules: Rules,
    post: Post,
    votes: Collection[Vote],
    roles_of: Mapping[int, Collection[int]],
) -> Standing:
    """Where the revision of a post stands with these votes, one a person, and the roles people have
    now.

    Only votes of people who are asked count. A reason to reject or to change decides at once, the
    earliest first; a hold, or such a vote without its reason, keeps everything else from deciding.
    Rules that ask nobody approve nothing, unless they say that no approval is needed.
    """
    barred = post.wrote if rules.four_eyes else frozenset[int]()
    counted = [v for v in votes if rules.may_vote(v.user_id, roles_of.get(v.user_id, NOBODY))]
    approvers = {
        vote.user_id: roles_of.get(vote.user_id, NOBODY)
        for vote in sorted(counted, key=lambda vote: (vote.at, vote.user_id))
        if vote.verdict is Verdict.APPROVE and vote.user_id not in barred
    }
    lacks, by = _fill(rules, approvers, barred)
    ends = [vote for vote in counted if vote.verdict in ENDS and vote.reason]
    if ends:
        first = min(ends, key=lambda vote: (vote.at, ENDS.index(vote.verdict), vote.user_id))
        return Standing(decided=first.verdict, by=(first.user_id,), lacks=lacks)
    holding = tuple(vote for vote in counted if vote.verdict is not Verdict.APPROVE)
    is_free = rules.is_free(roles_of.get(post.author_id, NOBODY), post.wrote)
    is_filled = bool(rules.stages) and all(stage.seats() for stage in rules.stages)
    is_approved = is_free or (is_filled and not any(lacks))
    decided = Verdict.APPROVE if is_approved and not holding else None
    return Standing(
        decided=decided,
        by=by,
        holding=holding,
        lacks=lacks,
        is_free=is_free,
        is_stuck=not is_free and _is_stuck(rules, barred),
    )


def _is_stuck(rules: Rules, barred: AbstractSet[int]) -> bool:
    """Whether the people who are named cannot fill the seats that no role fills, because of those
    who are barred.
    """
    for group in _together(rules):
        seats = [seat for stage in group for seat in stage if not seat.roles]
        named = {person: NOBODY for seat in seats for person in seat.people}
        left = dict.fromkeys(named.keys() - barred, NOBODY)
        if None in _match(seats, left) and None not in _match(seats, named):
            return True
    return False


def _together(rules: Rules) -> list[list[list[Seat]]]:
    """The seats of the stages, in the groups in which nobody fills two."""
    stages = [stage.seats() for stage in rules.stages]
    return [[seats] for seats in stages] if rules.across_stages else [stages]


def _fill(
    rules: Rules, approvers: Mapping[int, Collection[int]], barred: AbstractSet[int]
) -> tuple[tuple[tuple[Lack, ...], ...], tuple[int, ...]]:
    """What every stage lacks, and whose approvals count: as many seats as can be are filled, those
    of earlier stages first. Nobody who is barred is asked for.
    """
    stages = [stage.seats() for stage in rules.stages]
    filled: list[list[int | None]] = []
    for group in _together(rules):
        seats = [seat for stage in group for seat in stage]
        people = iter(_match(seats, approvers))
        filled += [[next(people) for _ in stage] for stage in group]
    counted = {person for stage in filled for person in stage if person is not None}
    lacks = tuple(
        _lacks([seat for seat, person in zip(seats, people, strict=True) if person is None], barred)
        for seats, people in zip(stages, filled, strict=True)
    )
    return lacks, tuple(person for person in approvers if person in counted)


def _match(seats: Sequence[Seat], approvers: Mapping[int, Collection[int]]) -> list[int | None]:
    """Who fills each seat, nobody two of them: a matching that is as large as can be."""
    seat_of: dict[int, int] = {}

    def find(seat: int, seen: set[int]) -> bool:
        for person, roles in approvers.items():
            if person not in seen and seats[seat].takes(person, roles):
                seen.add(person)
                if person not in seat_of or find(seat_of[person], seen):
                    seat_of[person] = seat
                    return True
        return False

    for seat in range(len(seats)):
        find(seat, set())
    person_of = {seat: person for person, seat in seat_of.items()}
    return [person_of.get(seat) for seat in range(len(seats))]


def _lacks(open_seats: Sequence[Seat], barred: AbstractSet[int]) -> tuple[Lack, ...]:
    kinds = dict.fromkeys(open_seats)
    return tuple(
        Lack(
            open_seats.count(seat),
            seat.roles,
            tuple(person for person in seat.people if person not in barred),
        )
        for seat in kinds
    )
