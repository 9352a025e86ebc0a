"""Moving what waits at a connection to accounts of other connections, which stand for the same.

An account's backup says which one that is. Moving a post is approving it with those accounts, as
moving it to another time is: so only where one approval is enough, or where they were approved with
it as backups. What is still before the team is put before it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.deliveries
import db.events
import db.posts
import db.series
import db.servers
import db.votes
import db.waiting
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.event import EventKind
from bot.domain.post import Post, PostState, Revision, Target, target_of
from bot.domain.server import Account, Connection, Server
from bot.domain.times import Timing
from bot.errors import ConflictError, InputError, Problem
from bot.workflow import (
    allowances,
    check,
    decide,
    examine,
    hold,
    record,
    supersede,
    take_back,
    timing,
)
from bot.workflow.desk import Desk
from db.waiting import Step

_MOVABLE = frozenset(
    {
        DeliveryState.WAITING,
        DeliveryState.HELD,
        DeliveryState.MISSED,
        DeliveryState.SCHEDULED_AT_PROVIDER,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Move:
    """A post, what waits of it at the connection, and its content with the other accounts."""

    post: Post
    content: Revision
    deliveries: Sequence[Delivery]


async def move_over(
    desk: Desk, leaving: Connection, posts: Sequence[Post], *, user_id: int
) -> None:
    """Have posts go on with the backups of their accounts at a connection that is being left.

    Raises InputError with everything that is in the way of any of them; then nothing is moved.
    ConflictError says that one changed meanwhile: the others may be moved already.
    """
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, leaving.server_id)
        known = {
            item.id: item for item in await db.accounts.find(reading, server_id=server.server_id)
        }
        found = await db.deliveries.find(reading, [post.id for post in posts])
    moves, problems = list[_Move](), list[Problem]()
    for post in posts:
        waiting = [one for one in found[post.id] if one.target.connection_id == leaving.id]
        waiting = [one for one in waiting if one.state in _MOVABLE or one.state in _UNDER_WAY]
        content, wrong = await _content(desk, leaving, post.content, known)
        wrong += _not_allowed(server, post, content, waiting, user_id)
        problems += [replace(one, field=f"Post {post.id} · {one.field}") for one in wrong]
        moves.append(_Move(post=post, content=content, deliveries=waiting))
    if problems:
        raise InputError(problems)
    for move in moves:
        await _move(desk, move, user_id)


_UNDER_WAY = (DeliveryState.SUBMITTING, DeliveryState.SUBMITTED)


async def _content(
    desk: Desk, leaving: Connection, content: Revision, known: Mapping[int, Account]
) -> tuple[Revision, list[Problem]]:
    """The content with the other accounts, as its next revision, and what is wrong with it."""
    if content.clip and content.clip.connection_id == leaving.id:
        return content, [_CLIP]
    targets, problems = list[Target](), list[Problem]()
    for target in content.targets:
        if target.connection_id != leaving.id:
            targets.append(_without(target, leaving))
        elif other := _other(target, known):
            targets.append(other)
        else:
            problems.append(_no_backup(target))
    chosen = [target.account_id for target in targets]
    twice = [target for target in targets if chosen.count(target.account_id) > 1]
    problems += [_twice(label) for label in dict.fromkeys(one.label for one in twice)]
    if problems:
        return content, problems
    accounts = [known[target.account_id] for target in targets if target.account_id in known]
    allowed = await allowances.of(desk, accounts)
    moved = replace(
        content,
        number=content.number + 1,
        targets=tuple(examine.visible(desk, target, allowed) for target in targets),
    )
    return moved, check.problems(desk, moved, accounts, allowed)


def _other(target: Target, known: Mapping[int, Account]) -> Target | None:
    """The usable account that stands for a target's, with what was chosen for that."""
    mine = known.get(target.account_id)
    backup = known.get(mine.backup_id or 0) if mine else None
    if backup is None or not backup.usable:
        return None
    same = target_of(backup, target.options)
    return replace(same, caption=target.caption, title=target.title, assumed=target.assumed)


def _without(target: Target, leaving: Connection) -> Target:
    is_leaving = target.backup is not None and target.backup.connection_id == leaving.id
    return replace(target, backup=None) if is_leaving else target


def _not_allowed(
    server: Server, post: Post, content: Revision, waiting: Sequence[Delivery], user_id: int
) -> list[Problem]:
    if any(one.state in _UNDER_WAY for one in waiting):
        return [_BEING_SENT]
    if post.state is not PostState.APPROVED:
        return []
    is_own = user_id in post.wrote and server.rules.four_eyes and not server.rules.free
    if server.rules.is_one_enough and not is_own:
        return []
    approved = [target.backup for target in post.content.targets if target.backup]
    chosen = {(one.account_id, tuple(sorted(one.options.items()))) for one in approved}
    before = {target.account_id for target in post.content.targets}
    new = [target for target in content.targets if target.account_id not in before]
    if all((one.account_id, tuple(sorted(one.options.items()))) in chosen for one in new):
        return []
    return [_NEEDS_APPROVAL]


async def _move(desk: Desk, move: _Move, user_id: int) -> None:
    post, content = move.post, move.content
    taken = await take_back.cancel(desk, post, move.deliveries)
    if taken.refusals:
        raise ConflictError(
            f"Post {post.id}: {' '.join(taken.refusals)}", remedy="Cancel it there."
        )
    async with desk.database.transaction() as transaction:
        await record.note(
            transaction, [hold.kept_here(one) for one in taken.outcomes], now=desk.now()
        )
        if post.state is PostState.IN_REVIEW:
            ballot = (await db.votes.find(transaction, [post.id]))[post.id]
            revised = await supersede.put(transaction, desk, post, content, by=user_id)
            await decide.open_for(transaction, desk, revised, ballot.author_roles)
        else:
            await _approve(transaction, desk, move, user_id)
    desk.nudge()


async def _approve(transaction: AsyncConnection, desk: Desk, move: _Move, user_id: int) -> None:
    post, content = move.post, move.content
    now = desk.now()
    is_same = await db.posts.revise(transaction, post, content, by=user_id, now=now)
    if not is_same or not await db.waiting.hand_on(transaction, _steps(desk, move)):
        raise ConflictError(f"Post {post.id} changed meanwhile.", remedy="Try again.")
    await db.deliveries.approve_anew(
        transaction, post.id, before=post.content.digest(), after=content.digest()
    )
    await db.series.copy_from(transaction, post, content.number)
    moved = db.events.Happened(
        server_id=post.server_id, kind=EventKind.MOVED_OVER, post_id=post.id, actor_id=user_id
    )
    await db.events.append(transaction, [moved], now=now)


def _steps(desk: Desk, move: _Move) -> list[Step]:
    """Where each delivery goes: the targets are in the order in which they were."""
    early = timing.early(desk, move.content, desk.now())
    pairs = zip(move.post.content.targets, move.content.targets, strict=True)
    other = {before.account_id: after for before, after in pairs}
    return [
        Step(
            delivery=one,
            target=(target := other[one.target.account_id]),
            to=_to(one),
            try_at=early.get(target.account_id) or one.due_at,
            timing=Timing.SERVICE if target.account_id in early else Timing.HERE,
        )
        for one in move.deliveries
    ]


def _to(delivery: Delivery) -> DeliveryState:
    """What its service gave back waits again; all else stays where it stands."""
    is_there = delivery.state is DeliveryState.SCHEDULED_AT_PROVIDER
    return DeliveryState.WAITING if is_there else delivery.state


def _no_backup(target: Target) -> Problem:
    return Problem(
        field=target.label,
        message="no account of another connection stands for it.",
        remedy="Name one with /account backup, or cancel the post.",
    )


def _twice(label: str) -> Problem:
    return Problem(field=label, message="the post goes to it already.", remedy="Cancel the post.")


_CLIP = Problem(
    field="Clip",
    message="only the service that cut it can publish it.",
    remedy="Cancel the post.",
)
_BEING_SENT = Problem(
    field="Time", message="it is being sent now.", remedy="Try again in some minutes."
)
_NEEDS_APPROVAL = Problem(
    field="Approval",
    message="other accounts were not approved, and need the approval of others here.",
    remedy="Cancel the post, and write it anew.",
)
