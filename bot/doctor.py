"""What the operator's environment looks like from inside, secrets left out."""

from pydantic import SecretStr
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot import rotation
from bot.errors import DatabaseAwayError, SetupError
from bot.settings import Settings
from bot.storage import Storage
from db.database import Database


async def report(settings: Settings) -> str:
    """One line per variable of the contract, whether the database answers and with what it is
    encrypted, where files are kept and how services that fetch them do so.
    """
    lines = [f"{name.upper()}: {_shown(name, value)}" for name, value in settings]
    lines += await _database(settings)
    lines += await _files(settings)
    return "\n".join(lines) + "\n"


def _shown(name: str, value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if name == "database_url":
        return make_url(str(value)).render_as_string(hide_password=True)
    return str(value) if value else "not set"


async def _files(settings: Settings) -> list[str]:
    try:
        storage = Storage(settings.media_url)
    except SetupError as error:
        return [f"files: {error}"]
    fetched = "from their cards in Discord, up to 10 MB a post: set PUBLIC_URL for more"
    if settings.public_url:
        fetched = "at PUBLIC_URL"
    elif storage.gives_links:
        fetched = "from the bucket"
    return [f"files: {await storage.state()}", f"services that fetch files do so {fetched}"]


async def _database(settings: Settings) -> list[str]:
    database = Database(settings.database_url)
    try:
        async with database.reading() as reading:
            await reading.execute(text("SELECT 1"))
        return ["database: answers", f"credentials: {await _credentials(settings, database)}"]
    except (DatabaseAwayError, SQLAlchemyError, OSError) as error:
        why = type(error.__cause__ or error).__name__
        return [f"database: does not answer ({why}): check DATABASE_URL"]
    finally:
        await database.close()


async def _credentials(settings: Settings, database: Database) -> str:
    try:
        found = await rotation.count(settings, database)
    except SQLAlchemyError:
        found = None  # no tables yet
    except SetupError as error:
        return str(error)
    if found is None:
        return "none yet"
    told = [f"{found.newest} under the newest key"]
    if found.older:
        told.append(f"{found.older} under older keys: run rotate-keys")
    if found.unreadable:
        told.append(
            f"{found.unreadable} that no key here decrypts: add the key they were made with"
        )
    return ", ".join(told)
