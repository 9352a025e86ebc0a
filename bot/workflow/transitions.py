"""What a reading of a connection changes: how it and its accounts are, and who is told of that."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

import db.accounts
import db.events
import db.health
import db.joinings
from bot.domain.event import EventKind
from bot.domain.server import AccountHealth, ConnectionHealth, RemoteAccount
from db.accounts import Change
from db.events import Happened
from db.joinings import Joining

CARDS_AT_ONCE = 200
"""Cards that are made to say so at once, the soonest; the others say so with their next event."""

_KEEPS_BACK = frozenset(
    {EventKind.ACCOUNT_LOST, EventKind.ACCOUNT_BACK, EventKind.KEY_REFUSED, EventKind.KEY_BACK}
)
"""What changes whether posts wait for an account, and so their cards."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A connection that was read at a moment (UTC), in the transaction that keeps what it showed."""

    transaction: AsyncConnection
    server_id: int
    connection_id: int
    now: datetime

    async def keep(self, listed: Sequence[RemoteAccount]) -> None:
        """Keep what the service listed: its key is good, and so are the accounts it says are."""
        if await self._move(ConnectionHealth.GOOD, [ConnectionHealth.REFUSED]):
            await self._tell(EventKind.KEY_BACK)
        elif await self._move(ConnectionHealth.GOOD, [ConnectionHealth.AWAY]):
            await self._tell(EventKind.KEY_BACK, is_told=False)
        changes = await db.accounts.refresh(
            self.transaction,
            server_id=self.server_id,
            connection_id=self.connection_id,
            found=listed,
            now=self.now,
        )
        await db.health.checked(
            self.transaction,
            server_id=self.server_id,
            connection_id=self.connection_id,
            now=self.now,
        )
        joined = await self._join([change for change in changes if _is_there_now(change)])
        rest = [change for change in changes if change.account_id not in joined]
        for (kind, matters), group in _grouped(rest).items():
            await self._tell(kind, {"accounts": _ids(group)}, is_told=matters)
        for (kind, _), group in _grouped(set(changes) - set(rest)).items():
            await self._tell(kind, {"accounts": _ids(group)}, is_told=False)

    async def fail(self, to: ConnectionHealth, trouble: str) -> None:
        """Keep that the key is refused, or the service away; a refused one stays so while away."""
        expected = {ConnectionHealth.GOOD, ConnectionHealth.AWAY} - {to}
        if await self._move(to, expected, trouble):
            is_refused = to is ConnectionHealth.REFUSED
            kind = EventKind.KEY_REFUSED if is_refused else EventKind.SERVICE_AWAY
            await self._tell(kind, {"trouble": trouble})

    async def _move(
        self, to: ConnectionHealth, expected: Iterable[ConnectionHealth], trouble: str = ""
    ) -> bool:
        return await db.health.move(
            self.transaction,
            server_id=self.server_id,
            connection_id=self.connection_id,
            expected=list(expected),
            to=to,
            trouble=trouble,
            now=self.now,
        )

    async def _join(self, there: Sequence[Change]) -> set[int]:
        """Tell those who connected an account that it is there; the ids of such accounts."""
        if not there:
            return set()
        joined = await db.joinings.end(
            self.transaction,
            server_id=self.server_id,
            connection_id=self.connection_id,
            platforms={change.platform for change in there},
        )
        mine: set[int] = set()
        for joining in joined:
            found = [change for change in there if change.platform is joining.platform]
            mine |= {change.account_id for change in found}
            data = {"accounts": _ids(found), "channel": str(joining.channel_id)}
            await self._tell(EventKind.ACCOUNT_JOINED, data, by=joining)
        return mine

    async def _tell(
        self,
        kind: EventKind,
        data: Mapping[str, str] | None = None,
        *,
        is_told: bool = True,
        by: Joining | None = None,
    ) -> None:
        """Write an event of the server, and have the cards of what waits there be made true."""
        told = {"connection": str(self.connection_id), **(data or {})}
        event = Happened(
            server_id=self.server_id,
            kind=kind,
            actor_id=by.user_id if by else None,
            data=told,
            is_told=is_told,
        )
        waiting = await self._waiting(told) if kind in _KEEPS_BACK else ()
        cards = [
            Happened(server_id=self.server_id, kind=kind, post_id=post_id, data=told)
            for post_id in waiting
        ]
        await db.events.append(self.transaction, [event, *cards], now=self.now)

    async def _waiting(self, told: Mapping[str, str]) -> Sequence[int]:
        """Posts that wait for the accounts that are named, or for the whole connection."""
        if "accounts" in told:
            ids = [int(part) for part in told["accounts"].split(",")]
        else:
            known = await db.accounts.find(self.transaction, server_id=self.server_id)
            ids = [item.id for item in known if item.connection_id == self.connection_id]
        return await db.health.waiting_posts(
            self.transaction, server_id=self.server_id, account_ids=ids, limit=CARDS_AT_ONCE
        )


def _meaning(change: Change) -> tuple[EventKind, bool]:
    """What a change is, and whether it matters to people: expired or gone is the same to them."""
    before, after = change.before, change.after
    if before is None:
        return EventKind.ACCOUNT_ADDED, False
    if not after.is_usable:
        return EventKind.ACCOUNT_LOST, before.is_usable
    if after is AccountHealth.EXPIRING and before is AccountHealth.GOOD:
        return EventKind.ACCOUNT_EXPIRING, True
    return EventKind.ACCOUNT_BACK, not before.is_usable


def _is_there_now(change: Change) -> bool:
    """Whether an account can be used that could not before."""
    was_usable = change.before is not None and change.before.is_usable
    return change.after.is_usable and not was_usable


def _grouped(changes: Iterable[Change]) -> Mapping[tuple[EventKind, bool], Sequence[Change]]:
    groups: defaultdict[tuple[EventKind, bool], list[Change]] = defaultdict(list)
    for change in changes:
        groups[_meaning(change)].append(change)
    return groups


def _ids(changes: Iterable[Change]) -> str:
    return ",".join(str(change.account_id) for change in changes)
