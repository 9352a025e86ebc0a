"""A service that does what a test says, behind the real `Services`, and a clock that stands still."""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from bot.domain.delivery import DeliveryState
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from bot.vault import Vault
from bot.workflow.services import Services
from db.database import Database
from providers.base import AccountLimits, Capabilities, Provider, Receipt, Submission, Submitted
from providers.wahdx import Wahdx

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

    A publish call waits while `gate` is closed, and opens `called` when it begins.
    """

    capabilities: ClassVar[Capabilities] = Wahdx.capabilities

    def __init__(self) -> None:
        self.listed: list[RemoteAccount] | Exception = list(ACCOUNTS)
        self.allowed: AccountLimits | None = None
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

    async def close(self) -> None:
        """Keep nothing open."""


PUBLISHED = Receipt(
    state=DeliveryState.PUBLISHED, remote_id="remote-1", link="https://social.example/1"
)
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

    def build(self, provider: str, credentials: Mapping[str, str]) -> Provider:
        """Give the scripted service, and remember the credentials it was opened with."""
        self.capabilities(provider)
        self.service.credentials.append(credentials)
        return self.service
