"""A service as the model test knows it: what it accepted, and what it was asked once too often."""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from datetime import datetime

from typing_extensions import override

from bot.domain.delivery import DeliveryState
from bot.errors import ContentRejectedError, OutcomeUnknownError, TryLaterError
from providers.capabilities import Idempotency
from providers.submission import Receipt, Submission, Submitted
from tests.scripted import ACCEPTED, NOT_FOUND, PUBLISHED, ScriptedService

PUBLISH_FATES = ("publish", "work", "busy", "refuse", "lost", "accept_lost", "die")
STATUS_FATES = ("publish", "work", "fail", "error")
_STATUS = {
    "publish": PUBLISHED,
    "work": ACCEPTED,
    "fail": Receipt(state=DeliveryState.FAILED, reason="The platform refused it."),
}


class Remote(ScriptedService):
    """Takes its fates from lists, and does what works when they are empty.

    A call's key ends in the delivery and the round that it is made for.
    """

    def __init__(self, *, is_idempotent: bool, reconciles: bool) -> None:
        super().__init__()
        kind = Idempotency.KEY if is_idempotent else Idempotency.NONE
        self.can(idempotency=kind, reconciles=reconciles)
        self.is_idempotent = is_idempotent
        self.check: Callable[[], None] = lambda: None
        self.die: Callable[[], None] = lambda: None
        self.publish_fates: deque[str] = deque()
        self.status_fates: deque[str] = deque()
        self.accepted: Counter[str] = Counter()  # by delivery and round
        self.captions: set[str] = set()
        self.out: set[tuple[str, str]] = set()  # caption and account
        self.wrong: list[str] = []
        self._decided: dict[str, str] = {}  # what became of a call that reached the service

    @override
    async def publish(self, submission: Submission) -> list[Receipt]:
        self.check()
        [recipient] = submission.recipients
        what = submission.key.rsplit("-", 1)[1]
        fate = self.publish_fates.popleft() if self.publish_fates else "publish"
        if fate == "busy":
            raise TryLaterError("Busy.")
        if what in self._decided and not self.is_idempotent:
            self.wrong.append(f"{submission.key} was asked for again after {self._decided[what]}")
        self.captions.add(submission.caption)
        if fate == "refuse" and not self.accepted[what]:
            self._decided[what] = fate
            raise ContentRejectedError("Too rude.")
        self._decided[what] = fate
        if fate == "lost":
            raise OutcomeUnknownError("Reset.")
        if not (self.is_idempotent and self.accepted[what]):
            self.accepted[what] += 1
        self.out.add((submission.caption, recipient.remote_id))
        if fate == "accept_lost":
            raise OutcomeUnknownError("Reset.")
        if fate == "die":
            self.die()
        return [ACCEPTED if fate == "work" else PUBLISHED]

    @override
    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        self.check()
        fate = self.status_fates.popleft() if self.status_fates else "publish"
        if fate == "error":
            raise TryLaterError("Busy.")
        return [_STATUS[fate] for _ in submitted]

    @override
    async def reconcile(self, submission: Submission, tried_at: datetime) -> list[Receipt]:
        self.check()
        return [
            PUBLISHED if (submission.caption, one.remote_id) in self.out else NOT_FOUND
            for one in submission.recipients
        ]
