"""The breakers of all connections: while one is open, no call goes to its service.

They live in memory: a process that starts finds out anew, by failing.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import pace
from bot.domain.breaker import Breaker, BreakerState
from bot.errors import (
    AccountBrokenError,
    ContentRejectedError,
    OutcomeUnknownError,
    ProtocolBrokenError,
    TryLaterError,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A connection whose service is left alone: since when, until when, after which failure."""

    connection_id: int
    since: datetime
    until: datetime
    reason: str


def is_own_failure(error: Exception) -> bool:
    """Whether a service failed by its own fault: neither a refusal, nor a wish to be left alone."""
    if isinstance(error, TryLaterError):
        return error.retry_after is None
    return isinstance(error, OutcomeUnknownError | ProtocolBrokenError)


class Breakers:
    """One breaker per connection, told of every call's end. Moments are given, in UTC."""

    def __init__(self) -> None:
        self._breakers: dict[tuple[int, int], Breaker] = {}
        self._reasons: dict[int, str] = {}
        self._rests: defaultdict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        self._doubted: set[tuple[int, int]] = set()

    def heard(
        self, server_id: int, connection_id: int, error: Exception | None, now: datetime
    ) -> None:
        """A call ended, with an error or None. A refusal is an answer like any other."""
        key = server_id, connection_id
        self.doubt(server_id, connection_id, error)
        breaker = self._breakers.get(key, Breaker())
        if error is None or isinstance(error, ContentRejectedError | AccountBrokenError):
            self._set(key, breaker.answered(), now)
        elif is_own_failure(error):
            self._reasons[connection_id] = str(error)
            self._set(key, breaker.failed(now), now)

    def resting(self) -> frozenset[int]:
        """The connections to which no call may go now, by id."""
        return frozenset(key[1] for key, item in self._breakers.items() if not item.is_closed)

    def to_ask(self, now: datetime) -> list[tuple[int, int]]:
        """Connections, with their servers first, whose service is to be asked by a read now. Each
        is given once; `read` says what came of it.
        """
        half_open = [
            key
            for key, item in self._breakers.items()
            if item.state(now) is BreakerState.HALF_OPEN and not item.asked
        ]
        for key in half_open:
            self._breakers[key] = replace(self._breakers[key], asked=True)
        return half_open

    def read(self, server_id: int, connection_id: int, now: datetime, *, is_good: bool) -> None:
        """The read that `to_ask` asked for has ended."""
        key = server_id, connection_id
        breaker = self._breakers.get(key, Breaker())
        if not breaker.is_closed:  # a late answer of an earlier call may have closed it
            self._set(key, breaker.read(now, is_good=is_good), now)

    def doubt(self, server_id: int, connection_id: int, error: Exception | None) -> None:
        """A call ended that says nothing about the service; where it was refused for the account or
        the key, the connection is read soon.
        """
        if isinstance(error, AccountBrokenError):
            self._doubted.add((server_id, connection_id))

    def doubted(self) -> set[tuple[int, int]]:
        """Connections, with their servers first, of which a call was refused for their account or
        key since they were last read; each is given once.
        """
        found, self._doubted = self._doubted, set()
        return found

    def is_looked_at(self, server_id: int, connection_id: int) -> None:
        """A connection is being read."""
        self._doubted.discard((server_id, connection_id))

    def rested(self, connection_id: int, since: datetime, now: datetime) -> timedelta:
        """For how long since a moment no call could go to a connection."""
        spans = list(self._rests.get(connection_id, ()))
        spans += [
            (item.since, now)
            for key, item in self._breakers.items()
            if key[1] == connection_id and item.since
        ]
        return sum((end - max(begin, since) for begin, end in spans if end > since), timedelta(0))

    def broken(self, server_id: int) -> list[Broken]:
        """The connections of a server whose services are left alone."""
        return [
            Broken(
                connection_id=key[1],
                since=item.since,
                until=item.until,
                reason=self._reasons.get(key[1], ""),
            )
            for key, item in self._breakers.items()
            if key[0] == server_id and item.since and item.until
        ]

    def _set(self, key: tuple[int, int], breaker: Breaker, now: datetime) -> None:
        before = self._breakers.pop(key, Breaker())
        if breaker != Breaker():
            self._breakers[key] = breaker
        if before.since and breaker.is_closed:
            rests = self._rests[key[1]]
            rests.append((before.since, now))
            rests[:] = [span for span in rests if span[1] > now - pace.RETRY_BOUND]
