"""The protocols through which the rest of Copydesk uses a service.

`Provider` is what every service has. What only some have stands in protocols of its own, each
beside the declaration in `Capabilities` that promises it; a test holds the two together.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable

from bot.domain.limits import AccountLimits
from bot.domain.options import Listed
from bot.domain.platform import Platform
from bot.domain.server import RemoteAccount
from providers.capabilities import Capabilities
from providers.clips import ClipJob, ClipOrder
from providers.connecting import CodeProgress, ConnectCode, ConnectLink
from providers.plan import Plan
from providers.submission import MediaFile, Receipt, Submission, Submitted


class Provider(Protocol):
    """One connection to one service. All methods raise errors of `bot.errors.ProviderError`."""

    capabilities: ClassVar[Capabilities]

    async def accounts(self) -> list[RemoteAccount]:
        """List the connected social accounts; also the check that a key is good."""
        ...

    async def publish(self, submission: Submission) -> list[Receipt]:
        """Publish or schedule, one receipt per recipient in order. The only call that must never
        be repeated by itself after `OutcomeUnknownError` or `ProtocolBrokenError`, unless the
        service is idempotent.
        """
        ...

    async def close(self) -> None:
        """Give the sockets back."""
        ...


@runtime_checkable
class ReadsStatus(Protocol):
    """A service that tells how a submission ended."""

    async def status(self, submitted: Sequence[Submitted]) -> list[Receipt]:
        """Read how far submissions are, one receipt per question in order; at most
        `status_batch` questions.

        `submitted` (or `scheduled_at_provider`) as the state means still under way; a question
        the service could not answer is answered so too, with the reason.
        """
        ...


@runtime_checkable
class ReadsAccountLimits(Protocol):
    """A service that tells what an account allows now."""

    async def account_limits(self, remote_id: str) -> AccountLimits | None:
        """Read what an account allows; None where the service does not tell."""
        ...


@runtime_checkable
class TellsPlan(Protocol):
    """A service that tells which plan a key has."""

    async def plan(self) -> Plan:
        """Read the plan and what is left of it."""
        ...


@runtime_checkable
class ListsValues(Protocol):
    """A service that lists what an account has to choose from, such as its boards."""

    async def values_of(self, remote_id: str, option: str) -> list[Listed]:
        """Read the values of an account for an option that is declared as listed."""
        ...


@runtime_checkable
class Cancels(Protocol):
    """A service that takes back what it was to publish later."""

    async def cancel(self, submitted: Submitted) -> Receipt:
        """Cancel the whole submission: `cancelled`, or the state that was found instead.

        It may be repeated; what is gone already counts as cancelled.
        """
        ...


@runtime_checkable
class Reschedules(Protocol):
    """A service that moves what it was to publish later."""

    async def reschedule(self, submitted: Submitted, at: datetime) -> Receipt:
        """Move the whole submission to another time (UTC): `scheduled_at_provider` with the id
        that holds from now on, or the state that was found instead.
        """
        ...


@runtime_checkable
class Retries(Protocol):
    """A service that publishes again what failed, without touching what is out."""

    async def retry(self, submitted: Submitted) -> Receipt:
        """Publish again to this account; asked twice, it still publishes once. `submitted`, or
        the state that was found instead.
        """
        ...


@runtime_checkable
class Reconciles(Protocol):
    """A service whose own records tell whether a lost call was accepted."""

    async def reconcile(self, submission: Submission, tried_at: datetime) -> list[Receipt]:
        """Look for a submission tried at a moment (UTC), one receipt per recipient in order;
        `unknown` where the records do not show it, which proves nothing.
        """
        ...


@runtime_checkable
class Uploads(Protocol):
    """A service with storage of its own."""

    async def upload(self, file: MediaFile) -> str:
        """Hand over a file; the name under which the service knows it. It may be repeated."""
        ...


@runtime_checkable
class ConnectsByLink(Protocol):
    """A service whose accounts are connected by opening an address."""

    async def connect_link(self, platform: Platform) -> ConnectLink:
        """Make a fresh address for an account of a platform."""
        ...


@runtime_checkable
class ConnectsByCode(Protocol):
    """A service whose accounts are connected by scanning a picture."""

    async def connect_code(self) -> ConnectCode:
        """Make a fresh code."""
        ...

    async def code_progress(self, token: str) -> CodeProgress:
        """Read how far a code is; ask every 5 to 10 seconds."""
        ...


@runtime_checkable
class MakesClips(Protocol):
    """A service that cuts clips out of a longer video."""

    async def make_clips(self, order: ClipOrder) -> ClipJob:
        """Begin. After OutcomeUnknownError it may have begun: it costs, so never repeat it."""
        ...

    async def clip_job(self, project_id: str) -> ClipJob:
        """Read how far a project is. Raises ContentRejectedError when there is no such project."""
        ...
