"""A service that does what a test says, behind the real `Services`, and a clock that stands still."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from bot.domain.delivery import DeliveryState
from bot.domain.limits import AccountLimits
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from bot.vault import Vault
from bot.workflow.services import Services
from db.database import Database
from providers.base import Provider
from providers.capabilities import Capabilities
from providers.plan import Plan
from providers.submission import Receipt, Submission, Submitted
from providers.wahdx.service import Wahdx

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ACCOUNTS = (
    RemoteAccount(remote_id="tt", platform=Platform.TIKTOK, name="Clips", username="clips"),
    RemoteAccount(remote_id="ig", platform=Platform.INSTAGRAM, name="Pictures", username="pics"),
    RemoteAccount(remote_id="th", platform=Platform.THREADS, name="Talk", username="talk"),
    RemoteAccount(remote_id="fb", platform=Platform.FACEBOOK, name="Page", username="page"),
)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, span: timedelta) -> None:
        """Let time pass."""
        self.moment += span


class ScriptedService:
    """Takes its answers from lists, the last for ever; remembers all it was asked.

    A publish call waits while `gate` is closed, and opens `called` when it begins. What it can do
    is what WAHDX can, until a test says otherwise.
    """

    capabilities: ClassVar[Capabilities] = Wahdx.capabilities

    def __init__(self) -> None:
        self.to_find: deque[Receipt | Exception] = deque()
        self.searches: list[Submission] = []
        self.to_change: deque[Receipt | Exception] = deque()
        self.changes: list[tuple[Submitted, datetime | None]] = []
        self.retries: list[Submitted] = []
        self.listed: list[RemoteAccount] | Exception = list(ACCOUNTS)
        self.allowed: AccountLimits | None = None
        self.plan_told: Plan | Exception = Plan()
        self.to_publish: deque[Receipt | Exception] = deque()
        self.to_tell: deque[Receipt | Exception] = deque()
        self.submissions: list[Submission] = []
        self.questions: list[Sequence[Submitted]] = []
        self.credentials: list[Mapping[str, str]] = []
        self.called = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def accounts(self) -> list[RemoteAccount]:
        """List what the test listed."""
        if isinstance(self.listed, Exception):
            raise self.listed
        return self.listed

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Tell what the test allows."""
        return self.allowed

    async def plan(self) -> Plan:
        """Tell the test's plan."""
        if isinstance(self.plan_told, Exception):
            raise self.plan_told
        return self.plan_told

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Answer the next of `to_publish`; published when it is empty."""
        self.submissions.append(submission)
        self.called.set()
        await self.gate.wait()
        answer = _next(self.to_publish, PUBLISHED)
        return [answer for _ in submission.recipients]

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Answer the next of `to_tell`; published when it is empty."""
        self.questions.append(submitted)
        answer = _next(self.to_tell, PUBLISHED)
        return [answer for _ in submitted]

    async def reconcile(self, submission: Submission, tried_at: datetime) -> list[Receipt]:
        """Answer the next of `to_find`; unknown when it is empty."""
        self.searches.append(submission)
        answer = _next(self.to_find, NOT_FOUND)
        return [answer for _ in submission.recipients]

    async def cancel(self, submitted: Submitted) -> Receipt:
        """Take back, or answer the next of `to_change`."""
        self.changes.append((submitted, None))
        return _next(self.to_change, Receipt(state=DeliveryState.CANCELLED))

    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        """Move, or answer the next of `to_change`."""
        self.changes.append((submitted, at))
        return _next(self.to_change, SCHEDULED)

    async def retry(self, submitted: Submitted) -> Receipt:
        """Publish again what failed there."""
        self.retries.append(submitted)
        return ACCEPTED

    def can(self, **more: Any) -> None:
        """Say what it can do beside what WAHDX can, or instead of it."""
        self.capabilities = replace(self.capabilities, **more)  # pyright: ignore[reportAttributeAccessIssue]

    async def close(self) -> None:
        """Keep nothing open."""


PUBLISHED = Receipt(
    state=DeliveryState.PUBLISHED, remote_id="remote-1", link="https://social.example/1"
)
SCHEDULED = Receipt(state=DeliveryState.SCHEDULED_AT_PROVIDER, remote_id="job-1")
NOT_FOUND = Receipt(state=DeliveryState.UNKNOWN)
ACCEPTED = Receipt(state=DeliveryState.SUBMITTED, remote_id="remote-1")


def _next(script: deque[Receipt | Exception], otherwise: Receipt) -> Receipt:
    answer = script.popleft() if script else otherwise
    if not script and answer is not otherwise:
        script.append(answer)  # the last answer stays
    if isinstance(answer, Exception):
        raise answer
    return answer


class ScriptedServices(Services):
    """The real services, but every connection leads to the scripted one."""

    def __init__(self, database: Database, vault: Vault, service: ScriptedService) -> None:
        super().__init__(database, vault, {})
        self.service = service

    def capabilities(self, provider: str) -> Capabilities:
        """Tell what the scripted service can do."""
        super().capabilities(provider)
        return self.service.capabilities

    def build(self, provider: str, credentials: Mapping[str, str]) -> Provider:
        """Give the scripted service, and remember the credentials it was opened with."""
        self.service.credentials.append(credentials)
        return self.service
