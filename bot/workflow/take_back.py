"""Taking back and moving what a service was given early."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import Delivery, DeliveryState
from bot.domain.post import Post
from bot.errors import CopydeskError, RefusedError
from bot.workflow import calls
from bot.workflow.desk import Desk
from bot.workflow.record import Outcome
from db.moves import Move
from providers.base import Cancels, Provider, Reschedules
from providers.submission import Receipt, Submitted

Change = Callable[[Provider, Submitted], Awaitable[Receipt]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What services did, to be recorded, and what they did not do, one sentence each."""

    outcomes: Sequence[Outcome]
    refusals: Sequence[str]


async def cancel(desk: Desk, post: Post, deliveries: Sequence[Delivery]) -> Changed:
    """Cancel what waits at services."""

    async def change(provider: Provider, submitted: Submitted) -> Receipt:
        if not (provider.capabilities.cancels and isinstance(provider, Cancels)):
            raise RefusedError(_cannot("taken back", provider))
        return await provider.cancel(submitted)

    return await _change(desk, post, deliveries, change, DeliveryState.CANCELLED)


async def move(desk: Desk, post: Post, deliveries: Sequence[Delivery], at: datetime) -> Changed:
    """Move what waits at services to another time (UTC)."""

    async def change(provider: Provider, submitted: Submitted) -> Receipt:
        if not (provider.capabilities.reschedules and isinstance(provider, Reschedules)):
            raise RefusedError(_cannot("moved", provider))
        return await provider.reschedule(submitted, at)

    return await _change(desk, post, deliveries, change, DeliveryState.SCHEDULED_AT_PROVIDER)


async def _change(
    desk: Desk,
    post: Post,
    deliveries: Sequence[Delivery],
    change: Change,
    wanted: DeliveryState,
) -> Changed:
    """Ask once for each submission: the deliveries of one share its id at the service."""
    groups: defaultdict[tuple[int, str], list[Delivery]] = defaultdict(list)
    for delivery in deliveries:
        if delivery.state is DeliveryState.SCHEDULED_AT_PROVIDER:
            groups[delivery.target.connection_id, delivery.remote_id].append(delivery)
    told = await asyncio.gather(
        *(_change_one(desk, post, group, change, wanted) for group in groups.values())
    )
    return Changed(
        outcomes=[outcome for outcome, _ in told if outcome],
        refusals=[sentence for _, sentence in told if sentence],
    )


async def _change_one(
    desk: Desk, post: Post, group: Sequence[Delivery], change: Change, wanted: DeliveryState
) -> tuple[Outcome | None, str]:
    first = group[0]
    names = ", ".join(item.target.label for item in group)
    try:
        provider = await desk.services.of(post.server_id, first.target.connection_id)
        receipt = await change(provider, calls.question(first, post))
    except CopydeskError as error:
        desk.breakers.doubt(post.server_id, first.target.connection_id, error)
        return None, f"{names}: {error}"
    poll_at = None if receipt.state is DeliveryState.CANCELLED else desk.now()
    moves = [
        Move(
            delivery_id=item.id,
            expected=item.state,
            to=receipt.state,
            remote_id=receipt.remote_id,
            link=receipt.link,
            reason=receipt.reason,
            remedy=receipt.remedy,
            poll_at=poll_at,
        )
        for item in group
    ]
    outcome = Outcome(deliveries=group, moves=moves)
    refusal = "" if receipt.state is wanted else f"{names}: {receipt.state.words} already."
    return outcome, refusal


def _cannot(done: str, provider: Provider) -> str:
    capabilities = provider.capabilities
    where = capabilities.results_page or f"{capabilities.label}'s own pages"
    return f"what {capabilities.label} has cannot be {done} from here; do it at {where}."
