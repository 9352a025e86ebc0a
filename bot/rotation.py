"""`rotate-keys`: a new key for the stored credentials, and what the operator does next."""

from cryptography.fernet import Fernet

from bot.settings import Settings
from bot.vault import Vault, add_key, load_keys
from bot.workflow import rotate
from bot.workflow.media_links import LIFETIME
from bot.workflow.rotate import Secrets
from db.database import Database
from db.migrate import check_migrated


def read_keys(settings: Settings) -> list[str]:
    """The keys of this installation, newest first; the first is made where there is none."""
    configured = settings.copydesk_secret_keys.get_secret_value()
    return load_keys(configured, settings.state_folder / "secret.key")


async def rotate_keys(settings: Settings) -> str:
    """Encrypt all credentials with the newest key; what was done and what to do next.

    A generated key file gets a new key first, unless the last rotation was not brought to its end.
    Raises SetupError where the keys or the database are not there.
    """
    keys = read_keys(settings)
    vault = Vault(keys)
    database = Database(settings.database_url)
    try:
        await check_migrated(database)
        is_generated = not settings.copydesk_secret_keys.get_secret_value()
        if is_generated and not (await rotate.count(database, vault)).older:
            vault = Vault(keys := add_key(settings.state_folder / "secret.key"))
        done = await rotate.rotate(database, vault)
        left = await rotate.count(database, vault)
    finally:
        await database.close()
    place = f"{settings.state_folder / 'secret.key'}" if is_generated else "COPYDESK_SECRET_KEYS"
    return "\n".join([*_told(done, left), *_next(keys, left, place)]) + "\n"


async def count(settings: Settings, database: Database) -> Secrets | None:
    """How many credentials there are under which keys; None before the first start."""
    if (
        not settings.copydesk_secret_keys.get_secret_value()
        and not (settings.state_folder / "secret.key").exists()
    ):
        return None
    return await rotate.count(database, Vault(read_keys(settings)))


def _told(done: Secrets, left: Secrets) -> list[str]:
    told = [
        f"Encrypted anew: {done.older}. With the newest key already: {done.newest}. "
        f"Under older keys now: {left.older}."
    ]
    if left.unreadable:
        told.append(
            f"Not to be decrypted with any key here: {left.unreadable}. Put the key they were "
            "written with at the end and run this again; or replace those keys in Discord."
        )
    return told


def _next(keys: list[str], left: Secrets, place: str) -> list[str]:
    if left.older or left.unreadable:
        return ["Keep all keys, and run this again."]
    if len(keys) == 1:
        return [
            f"There is one key only, so nothing is to be rotated. Put a new one in front in {place}, "
            "separated by a comma, restart Copydesk, and run this again. A new one:",
            Fernet.generate_key().decode(),
        ]
    hours = int(LIFETIME.total_seconds() / 3600)
    return [
        f"Next: in {hours} hours, when no link to media is signed with them any more, remove every "
        f"key but the first from {place}, and restart. Backups made before today need the old ones."
    ]
