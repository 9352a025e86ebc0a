"""Calls that were definitely refused, and what becomes of their deliveries.

Where the account or the key is to blame, and a reading confirms it, nothing fails: what was not
published waits until it is connected again. Where the reading shows nothing, people must look.
"""

from dataclasses import replace

from bot.domain.delivery import DeliveryState
from bot.errors import AccountBrokenError, CopydeskError
from bot.workflow import failover, health, outcomes
from bot.workflow.claim import Claim
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.moves import Move

REMEDY = "It goes out once the account is connected again."


async def outcome(desk: Desk, claim: Claim, error: CopydeskError) -> Outcome:
    """The end of a call that published nothing and is not tried again by itself."""
    refused = failover.refused(desk, claim, error)
    if not isinstance(error, AccountBrokenError):
        return refused
    broken = await _broken(desk, claim)
    if not broken:
        return refused
    waiting = outcomes.ended(claim, DeliveryState.WAITING, error)
    moves = [
        _kept(given, step, is_broken=delivery.target.account_id in broken)
        for delivery, given, step in zip(
            claim.deliveries, refused.moves, waiting.moves, strict=True
        )
    ]
    return replace(refused, moves=moves)


def _kept(given: Move, step: Move, *, is_broken: bool) -> Move:
    """A delivery that waits: for its backup, for its account, or, where another account of the call
    was to blame, for a call without that one.
    """
    if given.takeover and is_broken:
        takeover = replace(given.takeover, otherwise=DeliveryState.WAITING)
        return replace(given, takeover=takeover, begins_anew=True)
    if is_broken:
        return replace(step, remedy=REMEDY, begins_anew=True)
    return replace(step, reason="", remedy="", begins_anew=True)


async def _broken(desk: Desk, claim: Claim) -> set[int]:
    """The accounts of a call that must be connected again, by a reading made now."""
    mine = {delivery.target.account_id for delivery in claim.deliveries}
    try:
        accounts = await health.read(desk, claim.post.server_id, claim.connection_id)
    except AccountBrokenError:
        return mine  # the key itself is refused
    except CopydeskError:
        return set()
    return mine & {account.id for account in accounts if not account.health.is_usable}
