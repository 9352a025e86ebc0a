"""Connecting a social account to a service, by an address or by a picture to scan."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectLink:
    """An address that connects one account, once; the account then appears in the list."""

    url: str
    expires_in: timedelta | None = None


class CodeState(StrEnum):
    """How far connecting by a code is."""

    NEW = "new"  # not scanned yet
    SCANNED = "scanned"  # to be confirmed in the platform's app
    CONFIRMED = "confirmed"  # the account is connected
    EXPIRED = "expired"  # a new code is needed
    UTILISED = "utilised"  # used already: a new code is needed


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectCode:
    """A picture (PNG) to scan, and the token that asks for its state."""

    image: bytes
    token: str
    expires_in: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeProgress:
    """The state of a code, with the account it connected."""

    state: CodeState
    account_remote_id: str = ""
    account_name: str = ""
