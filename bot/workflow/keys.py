"""Keys as people type them, with what belongs to them: read, tried at their service, recognised."""

from collections.abc import Mapping, Sequence

import db.events
from bot.domain.event import EventKind
from bot.domain.server import Connection, RemoteAccount
from bot.errors import AccountBrokenError, InputError, Problem, SetupError
from bot.workflow.desk import Desk

_LONG_ENOUGH = 12
"""Characters of a key of which four may be shown without giving it away."""


def read(desk: Desk, provider: str, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, without what stands around it; raises InputError for what is missing."""
    given = {name: value.strip() for name, value in typed.items()}
    empty = [
        Problem(field=field.label, message="it is empty.", remedy="Paste it from the service.")
        for field in desk.services.capabilities(provider).credentials
        if field.required and not given.get(field.name)
    ]
    if empty:
        raise InputError(empty)
    return given


async def accounts_behind(
    desk: Desk, server_id: int, provider: str, credentials: Mapping[str, str], *, user_id: int
) -> list[RemoteAccount]:
    """The accounts that credentials open, which shows that they are good; nothing is kept of them,
    but that someone tried some which the service refuses is noted.

    Raises the service's ProviderError when it refuses them or cannot be asked.
    """
    candidate = desk.services.build(provider, credentials)
    try:
        return await candidate.accounts()
    except AccountBrokenError:
        await _note_refusal(desk, server_id, provider, user_id)
        raise
    finally:
        await candidate.close()


async def _note_refusal(desk: Desk, server_id: int, provider: str, user_id: int) -> None:
    """Who tried which service when, and nothing of what was typed or answered."""
    refused = db.events.Happened(
        server_id=server_id,
        kind=EventKind.CONNECT_REFUSED,
        actor_id=user_id,
        data={"provider": provider},
    )
    async with desk.database.transaction() as transaction:
        await db.events.append(transaction, [refused], now=desk.now())


def hint(desk: Desk, provider: str, credentials: Mapping[str, str]) -> str:
    """The last four characters of the first secret given: all that is ever shown again."""
    fields = desk.services.capabilities(provider).credentials
    given = (credentials.get(field.name, "") for field in fields if field.secret)
    secret = next(filter(None, given), "")
    return secret[-4:] if len(secret) >= _LONG_ENOUGH else ""


def read_anew(desk: Desk, connection: Connection, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed to replace a connection's credentials; secrets that may be left out, and are,
    stay as they were. Raises InputError for what is missing.
    """
    before = _opened(desk, connection)
    fields = desk.services.capabilities(connection.provider).credentials
    staying = {field.name for field in fields if field.secret and not field.required}
    kept = {
        name: before[name] for name in staying & before.keys() if not typed.get(name, "").strip()
    }
    return read(desk, connection.provider, {**typed, **kept})


def not_secret(desk: Desk, connection: Connection) -> dict[str, str]:
    """Those of a connection's credentials that may be shown, such as an address."""
    fields = desk.services.capabilities(connection.provider).credentials
    before = _opened(desk, connection)
    return {
        item.name: before[item.name] for item in fields if not item.secret and item.name in before
    }


def holding(
    desk: Desk, known: Sequence[Connection], provider: str, given: Mapping[str, str]
) -> int | None:
    """The id of the connection that has these very credentials, if one has."""
    mine = (item for item in known if item.provider == provider)
    return next((item.id for item in mine if _opened(desk, item) == given), None)


def _opened(desk: Desk, connection: Connection) -> Mapping[str, str]:
    try:
        return desk.services.vault.unlock(connection.secret)
    except SetupError:
        return {}  # its key is lost, and it is told wherever it is used
