"""A delivery that goes on with another account, as if it had never been tried: what changes of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, null

from bot.domain.post import Target
from bot.domain.times import Timing
from db.tables import Moment, deliveries

# The round is another, so that the key is one that no service has seen.
COLUMNS: Mapping[str, Any] = {
    "account_id": bindparam("account"),
    "connection_id": bindparam("way"),
    "provider": bindparam("service"),
    "remote_account_id": bindparam("account_there"),
    "platform": bindparam("place"),
    "name": bindparam("called"),
    "options": bindparam("chosen"),
    "backup": null(),
    "timing": bindparam("keeper"),
    "try_at": bindparam("at", type_=Moment),
    "tried_since": None,
    "submitted_at": None,
    "attempts": 0,
    "round": deliveries.c.round + 1,
    "failures": 0,
    "lease_until": None,
    "poll_at": None,
    "remote_id": "",
    "reason": "",
    "remedy": "",
}
"""For an update of `deliveries`, to be given `values` of each."""


def values(target: Target, timing: Timing, at: datetime | None) -> dict[str, object]:
    """The other account, who keeps the time, and when it is tried (UTC)."""
    return {
        "account": target.account_id,
        "way": target.connection_id,
        "service": target.provider,
        "account_there": target.remote_id,
        "place": target.platform,
        "called": target.name,
        "chosen": dict(target.options),
        "keeper": timing,
        "at": at,
    }
