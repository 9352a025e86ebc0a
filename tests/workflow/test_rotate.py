"""Rotating the keys that encrypt stored credentials."""

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

import db.connections
from bot import rotation
from bot.doctor import report
from bot.settings import Settings
from bot.vault import Vault, add_key
from bot.workflow import rotate
from bot.workflow.media_links import MediaLinks
from bot.workflow.rotate import Secrets
from db.database import Database
from tests.factories import SERVER, a_media
from tests.scripted import START
from tests.workflow.test_vault import parts

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
CANARY = "sk_canary_0123456789_rotated"


@pytest.fixture
def settings(database_path: Path) -> Iterator[Settings]:
    """Settings of an installation without keys of its own, in the folder of the database."""
    key_file = database_path.parent / "secret.key"
    key_file.unlink(missing_ok=True)
    yield settings_of(f"sqlite+aiosqlite:///{database_path}")
    key_file.unlink(missing_ok=True)


async def keep(database: Database, vault: Vault, count: int = 1) -> None:
    """Keep credentials of some connections."""
    async with database.transaction() as transaction:
        for number in range(count):
            await db.connections.insert(
                transaction,
                server_id=SERVER + number,
                provider="wahdx",
                secret=vault.lock({"key": f"{CANARY}{number}"}),
                hint="ated",
                created_by=1,
                now=START,
            )


async def kept(database: Database) -> list[bytes]:
    """Read what is kept."""
    async with database.reading() as reading:
        return [secret for _, secret in await db.connections.secrets(reading, after=0, limit=99)]


def settings_of(database_url: str, keys: str = "") -> Settings:
    """Settings of an installation in the folder of the database."""
    values = {"database_url": database_url, "copydesk_secret_keys": keys}
    return Settings.model_validate(values)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_all_is_under_the_newest_key(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In batches, every secret is encrypted anew and opens without the old key."""
    monkeypatch.setattr(rotate, "_AT_ONCE", 2)
    await keep(database, Vault([OLD]), 5)
    assert await rotate.count(database, Vault([NEW, OLD])) == Secrets(older=5)
    assert await rotate.rotate(database, Vault([NEW, OLD])) == Secrets(older=5)
    opened = [Vault([NEW]).unlock(secret)["key"] for secret in await kept(database)]
    assert opened == [f"{CANARY}{number}" for number in range(5)]
    assert await rotate.rotate(database, Vault([NEW, OLD])) == Secrets(newest=5)


async def test_killed_in_the_middle(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after some batches, every secret opens with both keys, and the rest is done next."""
    monkeypatch.setattr(rotate, "_AT_ONCE", 2)
    await keep(database, Vault([OLD]), 5)
    dying = Vault([NEW, OLD])
    left = [b"", b"", KeyboardInterrupt()]

    def die(secret: bytes) -> bytes:
        if isinstance(death := left.pop(0), BaseException):
            raise death
        return Vault([NEW, OLD]).rotate(secret)

    monkeypatch.setattr(dying, "rotate", die)
    with pytest.raises(KeyboardInterrupt):
        await rotate.rotate(database, dying)
    assert await rotate.count(database, Vault([NEW, OLD])) == Secrets(newest=2, older=3)
    assert await rotate.rotate(database, Vault([NEW, OLD])) == Secrets(newest=2, older=3)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
async def test_what_was_replaced_meanwhile_stays(database: Database) -> None:
    """A key that people replace during the rotation is not put back."""
    await keep(database, Vault([OLD]))
    [before] = await kept(database)
    async with database.transaction() as transaction:
        await db.connections.rotate(transaction, [(1, before, b"replaced")])
        await db.connections.rotate(transaction, [(1, before, b"rotated")])
    assert await kept(database) == [b"replaced"]


async def test_what_no_key_opens_is_counted(database: Database) -> None:
    """Credentials of a key that is gone are left as they are, and said."""
    await keep(database, Vault([Fernet.generate_key().decode()]))
    before = await kept(database)
    assert await rotate.rotate(database, Vault([NEW])) == Secrets(unreadable=1)
    assert await kept(database) == before


async def test_the_command_with_a_generated_key(database: Database, settings: Settings) -> None:
    """A new key comes in front of the file, the secrets are under it, and what to do next is said.

    The bot that runs meanwhile opens and keeps credentials all the same.
    """
    running = Vault(rotation.read_keys(settings), read=lambda: rotation.read_keys(settings))
    await keep(database, running)
    assert "1 under the newest key" in await report(settings)
    said = await rotation.rotate_keys(settings)
    assert "Encrypted anew: 1." in said
    assert "remove every key but the first from" in said
    path = Path(str(settings.state_folder)) / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    newest = path.read_text().split()[0]
    [secret] = await kept(database)
    assert Vault([newest]).unlock(secret) == {"key": f"{CANARY}0"}
    assert running.unlock(secret) == {"key": f"{CANARY}0"}
    assert Vault([newest]).is_newest(running.lock({"key": "another"}))
    assert CANARY not in said
    assert not [key for key in path.read_text().split() if key in said]


async def test_the_command_after_being_killed(database: Database, settings: Settings) -> None:
    """What was not brought to its end is ended, without yet another key."""
    await keep(database, Vault(rotation.read_keys(settings)))
    add_key(settings.state_folder / "secret.key")  # and then it was killed
    assert "1 under older keys: run rotate-keys" in await report(settings)
    assert "Encrypted anew: 1." in await rotation.rotate_keys(settings)
    assert len(rotation.read_keys(settings)) == 2
    assert "1 under the newest key" in await report(settings)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (f"{NEW},{OLD}", ["Encrypted anew: 1.", "from COPYDESK_SECRET_KEYS, and restart"]),
        (OLD, ["With the newest key already: 1.", "There is one key only"]),
        (NEW, ["Not to be decrypted with any key here: 1", "Keep all keys"]),
    ],
    ids=["both keys", "the old one only", "the new one only"],
)
async def test_the_command_with_configured_keys(
    database: Database, database_url: str, keys: str, told: list[str]
) -> None:
    """Given keys are never changed; what to do with them is said, and no key of theirs is shown."""
    await keep(database, Vault([OLD]))
    said = await rotation.rotate_keys(settings_of(database_url, keys))
    for part in told:
        assert part in said
    assert OLD not in said
    assert NEW not in said


async def test_doctor_before_the_first_start(database: Database, settings: Settings) -> None:
    """Looking makes no key."""
    assert "credentials: none yet" in await report(settings)
    assert not (settings.state_folder / "secret.key").exists()


def test_links_outlive_a_rotation() -> None:
    """A link to a file that was given out before a rotation is ours until it expires."""
    link = MediaLinks("https://desk.example", Vault([OLD])).make(SERVER, a_media(), START)
    after = MediaLinks("https://desk.example", Vault([NEW, OLD]))
    assert after.is_valid(**parts(link), now=START + timedelta(hours=1))
    newer = after.make(SERVER, a_media(), START)
    assert MediaLinks("", Vault([NEW])).is_valid(**parts(newer), now=START)


def test_keys_that_cannot_be_read_again(tmp_path: Path) -> None:
    """A running bot keeps the keys it has while the file is away or broken, and names no key."""
    path = tmp_path / "secret.key"
    vault = Vault([OLD], read=lambda: path.read_text().split())
    secret = vault.lock({"key": CANARY})
    path.write_text("broken")
    assert vault.unlock(vault.lock({"key": CANARY})) == vault.unlock(secret)
    path.write_text(NEW)  # the old one was removed too early for this process
    assert Vault([NEW]).is_newest(vault.lock({"key": CANARY}))
    assert vault.unlock(secret) == {"key": CANARY}
