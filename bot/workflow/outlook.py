"""What is in the way of one post, as far as it can be known ahead of its time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import db.servers
from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Post, PostState, Revision, Target
from bot.domain.server import Account
from bot.errors import CopydeskError, Problem, RefusedError
from bot.workflow import check, intake, make_clips, ways
from bot.workflow.desk import Desk
from bot.workflow.health import Health

_UNDECIDED = Problem(
    field="Approval",
    message="nobody has approved it yet.",
    remedy="It expires at its time, unless an approver approves it on its card.",
)
_CHANGED = Problem(
    field="Approval",
    message="its content is not what was approved, so it does not go out.",
    remedy="Cancel it and write it anew with /post new.",
)
_PAUSED = Problem(
    field="Pause",
    message="it is paused, and stays here while it is.",
    remedy="An approver or an admin ends the pause with /desk resume.",
)
_NOT_SENT = frozenset({DeliveryState.WAITING, DeliveryState.HELD})


async def problems(
    desk: Desk, post: Post, deliveries: Sequence[Delivery], healths: Mapping[int, Health]
) -> list[Problem]:
    """What is in the way of what has not left of a post; `healths` are those of its connections,
    by id. Nothing where all has left.
    """
    found: list[Problem] = []
    content = post.content
    if post.state is PostState.IN_REVIEW:
        found.append(_UNDECIDED)
    else:
        waiting = [item for item in deliveries if item.state in _NOT_SENT]
        if not waiting:
            return []
        found += _of_waiting(content, waiting)
        content = replace(content, targets=tuple(item.target for item in waiting))
    for connection_id in sorted({target.connection_id for target in content.targets}):
        if trouble := healths[connection_id].trouble:
            found.append(trouble)
    found += _of_accounts(desk, content, healths)
    found += await _of_backups(desk, post.server_id, content, healths)
    found += await _of_media(desk, post.server_id, content)
    found += await ways.missing(desk, post, content)
    return found


def _of_waiting(content: Revision, waiting: Sequence[Delivery]) -> list[Problem]:
    found: list[Problem] = []
    if any(item.content_hash != content.digest() for item in waiting):
        found.append(_CHANGED)
    if any(item.paused for item in waiting):
        found.append(_PAUSED)
    return found


def _of_accounts(desk: Desk, content: Revision, healths: Mapping[int, Health]) -> list[Problem]:
    """What the accounts refuse now, where they could be read."""
    read = [target for target in content.targets if not healths[target.connection_id].trouble]
    accounts: list[Account] = []
    found: list[Problem] = []
    for target in read:
        health = healths[target.connection_id]
        accounts.append(health.accounts[target.account_id])
        if target.account_id in health.expiring:
            found.append(_expiring(target))
    if not read:
        return found
    allowed = {key: value for item in healths.values() for key, value in item.allowed.items()}
    return found + check.problems(desk, replace(content, targets=tuple(read)), accounts, allowed)


async def _of_backups(
    desk: Desk, server_id: int, content: Revision, healths: Mapping[int, Health]
) -> list[Problem]:
    """Why backups could not take over now, where they may."""
    pairs = [(target, target.backup) for target in content.targets if target.backup]
    if not pairs:
        return []
    async with desk.database.reading() as reading:
        server = await db.servers.get(reading, server_id)
    if not server.failover:
        return []
    found: list[Problem] = []
    for target, backup in pairs:
        service = desk.services.capabilities(backup.provider).label
        where = f"{target.label}: its backup via {service}"
        problems = _of_backup(desk, replace(content, targets=(backup,)), healths)
        found += [replace(problem, field=where) for problem in problems]
    return found


def _of_backup(desk: Desk, content: Revision, healths: Mapping[int, Health]) -> list[Problem]:
    """What is in the way of a backup, the only target of `content`."""
    trouble = healths[content.targets[0].connection_id].trouble
    return [trouble] if trouble else _of_accounts(desk, content, healths)


def _expiring(target: Target) -> Problem:
    return Problem(
        field="Accounts",
        message=f"{target.label} is about to be disconnected by its platform.",
        remedy="Reconnect it at its service.",
    )


async def _of_media(desk: Desk, server_id: int, content: Revision) -> list[Problem]:
    """Files that are gone from where they are kept, or a clip that its service has not any more."""
    found = await intake.gone(desk, server_id, content.files)
    if content.clip:
        try:
            await make_clips.find(desk, server_id, content.clip)
        except RefusedError as error:
            found.append(Problem(field="Clip", message=error.message, remedy=error.remedy))
        except CopydeskError:
            pass  # the service does not answer now: that is told of its connection
    return found
