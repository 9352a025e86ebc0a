"""Encrypting all stored credentials with the newest key, while the bot runs or not."""

from dataclasses import dataclass

import db.connections
from bot.errors import SetupError
from bot.vault import Vault
from db.database import Database

_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrets:
    """How many credentials there are: under the newest key, under older ones, under none we have."""

    newest: int = 0
    older: int = 0
    unreadable: int = 0


async def count(database: Database, vault: Vault) -> Secrets:
    """Look under which keys the credentials are."""
    return await _walk(database, vault, rotates=False)


async def rotate(database: Database, vault: Vault) -> Secrets:
    """Encrypt what is under older keys anew, batch by batch; `older` counts what was rotated.

    Each batch is a transaction of its own: killed in the middle, the rest is done the next time.
    """
    return await _walk(database, vault, rotates=True)


async def _walk(database: Database, vault: Vault, *, rotates: bool) -> Secrets:
    newest = older = unreadable = after = 0
    while True:
        async with database.transaction() if rotates else database.reading() as connection:
            batch = await db.connections.secrets(connection, after=after, limit=_AT_ONCE)
            to_rotate = [item for item in batch if not vault.is_newest(item[1])]
            changed = [
                (item_id, secret, rotated)
                for item_id, secret in to_rotate
                if (rotated := _rotated(vault, secret))
            ]
            if rotates:
                await db.connections.rotate(connection, changed)
        newest += len(batch) - len(to_rotate)
        older += len(changed)
        unreadable += len(to_rotate) - len(changed)
        if len(batch) < _AT_ONCE:
            return Secrets(newest=newest, older=older, unreadable=unreadable)
        after = batch[-1][0]


def _rotated(vault: Vault, secret: bytes) -> bytes | None:
    try:
        return vault.rotate(secret)
    except SetupError:
        return None
