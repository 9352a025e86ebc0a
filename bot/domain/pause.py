"""Pauses: what people or the operator keep from going out for now."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

OPERATOR = 0
"""Stands in `paused_by` for whoever runs Copydesk."""


class Scope(StrEnum):
    """How much is paused; the value is kept in the database."""

    ACCOUNT = "account"
    CONNECTION = "connection"
    SERVER = "server"
    EVERYTHING = "everything"  # every server; the operator's


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """One pause: `scope_id` is an account's, connection's or server's id, 0 for everything."""

    scope: Scope
    scope_id: int
    server_id: int
    paused_by: int
    paused_at: datetime
