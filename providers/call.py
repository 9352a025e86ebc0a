"""The kinds of calls to a service: what each may do there, and how long and how much it takes."""

from dataclasses import dataclass

SLOWEST = 250_000  # bytes a second; a file that goes out slower is given up


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A kind of call: what a write asks for (empty: a read), how long it waits for the next byte
    and altogether (seconds), how much of an answer it takes (bytes).
    """

    asks_to: str = ""
    read_seconds: float
    total_seconds: float  # because a read timeout begins anew with every byte
    body: int = 1 << 20

    def seconds(self, size: int) -> float:
        """How long the whole call may take when it sends so many bytes."""
        return self.total_seconds + size / SLOWEST


# WAHDX lists more than 1,000 accounts in one answer (seed 002).
READ = Call(read_seconds=30.0, total_seconds=60.0, body=8 << 20)
# Handing over a file publishes nothing, so it may be done again.
UPLOAD = Call(read_seconds=60.0, total_seconds=300.0)
# WAHDX answers for Instagram, Threads and Facebook when the post is out, however long that takes.
PUBLISH = Call(asks_to="publish", read_seconds=300.0, total_seconds=330.0)
CHANGE = Call(asks_to="change a post", read_seconds=60.0, total_seconds=90.0)
ORDER = Call(asks_to="make clips", read_seconds=120.0, total_seconds=330.0)
