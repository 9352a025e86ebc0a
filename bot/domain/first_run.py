"""The first run: what a server sets up, step by step. What is done follows from what is set."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.server import Account, Connection, Server


class Step(StrEnum):
    """A step of the first run, in order; the value stands in `custom_id`s."""

    CHANNELS = "channels"
    ROLES = "roles"
    ZONE = "zone"
    RULE = "rule"
    CONNECTION = "connection"
    ACCOUNT = "account"
    DRY_RUN = "dry_run"


ORDER = tuple(Step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a server is: its settings, its open connections and their accounts."""

    server: Server
    connections: Collection[Connection] = ()
    accounts: Collection[Account] = ()

    @property
    def usable(self) -> list[Account]:
        """The accounts that can be published to."""
        return [account for account in self.accounts if account.health.is_usable]

    def is_done(self, step: Step) -> bool:
        """Whether a step is done. Zone and rule have good defaults, so that whoever went on to
        connect a service has taken them.
        """
        went_on = bool(self.connections)
        match step:
            case Step.CHANNELS:
                return self.server.approvals_channel_id is not None
            case Step.ROLES:
                return self.server.approver_role_id is not None or self.server.rules.free
            case Step.ZONE:
                return went_on or self.server.zone != Server(server_id=0).zone
            case Step.RULE:
                return went_on or self.server.approval != Server(server_id=0).approval
            case Step.CONNECTION:
                return went_on
            case Step.ACCOUNT:
                return bool(self.usable)
            case Step.DRY_RUN:
                return False  # it keeps nothing, and can be made again

    @property
    def next_step(self) -> Step:
        """Where whoever comes back goes on: the first step that is not done."""
        return next(step for step in ORDER if not self.is_done(step))


def after(step: Step) -> Step | None:
    """The step that follows; None after the last."""
    place = ORDER.index(step) + 1
    return ORDER[place] if place < len(ORDER) else None


def before(step: Step) -> Step | None:
    """The step that goes before; None before the first."""
    place = ORDER.index(step)
    return ORDER[place - 1] if place else None
