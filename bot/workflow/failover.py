"""Failover: what an account definitely refused is given to its backup, once.

Nothing is given on whose outcome is or was unknown: it may be out already.
"""

from dataclasses import replace
from datetime import datetime

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Revision, Target
from bot.domain.times import Timing
from bot.errors import AccountBrokenError, ContentRejectedError, CopydeskError
from bot.workflow import outcomes, timing
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.moves import Move
from db.takeovers import Takeover


def refused(desk: Desk, claim: Claim, error: CopydeskError) -> Outcome:
    """The end of a call that published nothing and is not tried again: what has a backup waits for
    that one, the rest has failed.
    """
    failed = outcomes.ended(claim, DeliveryState.FAILED, error)
    if not isinstance(error, ContentRejectedError | AccountBrokenError):
        return failed
    moves = [
        _given(desk, claim.post.content, delivery, delivery.target.backup, move)
        if delivery.target.backup
        else move
        for delivery, move in zip(claim.deliveries, failed.moves, strict=True)
    ]
    return replace(failed, moves=moves)


def _given(desk: Desk, content: Revision, delivery: Delivery, backup: Target, move: Move) -> Move:
    now = desk.now()
    early = _early(desk, content, delivery, backup, now)
    return replace(
        move,
        to=DeliveryState.WAITING,
        try_at=early or max(now, delivery.due_at),
        takeover=Takeover(
            refused_id=delivery.target.account_id,
            backup=backup,
            timing=Timing.SERVICE if early else Timing.HERE,
        ),
    )


def _early(
    desk: Desk, content: Revision, delivery: Delivery, backup: Target, now: datetime
) -> datetime | None:
    """When the backup's service is given the post (UTC), where it keeps the time."""
    its_own = replace(content, targets=(backup,), due_at=delivery.due_at)
    return timing.early(desk, its_own, now).get(backup.account_id)
