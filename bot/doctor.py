"""What the operator's environment looks like from inside, secrets left out."""

from pydantic import SecretStr
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from db.database import Database


async def report(settings: Settings) -> str:
    """One line per variable of the contract, and whether the database answers."""
    lines = [f"{name.upper()}: {_shown(name, value)}" for name, value in settings]
    lines.append(f"database: {await _database(settings)}")
    return "\n".join(lines) + "\n"


def _shown(name: str, value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if name == "database_url":
        return make_url(str(value)).render_as_string(hide_password=True)
    return str(value) if value else "not set"


async def _database(settings: Settings) -> str:
    database = Database(settings.database_url)
    try:
        async with database.reading() as reading:
            await reading.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError) as error:
        return f"does not answer ({type(error).__name__}): check DATABASE_URL"
    else:
        return "answers"
    finally:
        await database.close()
