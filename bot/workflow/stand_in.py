"""The accounts that stand in for those of a connection that is being left, and what is in the way."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Post, PostState, Revision, Target, target_of
from bot.domain.server import Account, Connection, Server
from bot.errors import Problem
from bot.workflow import allowances, check, examine
from bot.workflow.desk import Desk

UNDER_WAY = (DeliveryState.SUBMITTING, DeliveryState.SUBMITTED)
"""Of a delivery that cannot be moved for now."""


async def content(
    desk: Desk, leaving: Connection, before: Revision, known: Mapping[int, Account]
) -> tuple[Revision, list[Problem]]:
    """What a post is with the accounts that stand for those of a connection that is being left, as its
    next revision; and what is wrong with it, in which case it is as before.
    """
    if before.clip and before.clip.connection_id == leaving.id:
        return before, [_CLIP]
    targets, problems = list[Target](), list[Problem]()
    for target in before.targets:
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
        return before, problems
    accounts = [known[target.account_id] for target in targets if target.account_id in known]
    allowed = await allowances.of(desk, accounts)
    moved = replace(
        before,
        number=before.number + 1,
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


def not_allowed(
    server: Server, post: Post, content: Revision, waiting: Sequence[Delivery], user_id: int
) -> list[Problem]:
    """What keeps someone from having a post go on with this content: some of it is being sent, or
    others must approve the accounts.
    """
    if any(one.state in UNDER_WAY for one in waiting):
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
