"""The installation's keys, and the links they sign."""

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.errors import SetupError
from bot.vault import Vault, load_keys
from bot.workflow.media_links import LIFETIME, MediaLinks
from tests.factories import SERVER, a_media, a_video
from tests.scripted import START

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRET = {"key": "sk_canary"}


def test_lock_and_unlock() -> None:
    """Credentials come back as they were, and never lie open."""
    vault = Vault([NEW])
    locked = vault.lock(SECRET)
    assert vault.unlock(locked) == SECRET
    assert b"canary" not in locked
    assert vault.lock(SECRET) != locked


def test_rotation() -> None:
    """After a rotation what the old key locked opens, and new secrets need only the new key."""
    rotated = Vault([NEW, OLD])
    assert rotated.unlock(Vault([OLD]).lock(SECRET)) == SECRET
    assert Vault([NEW]).unlock(rotated.lock(SECRET)) == SECRET


@pytest.mark.parametrize("secret", [b"", b"nonsense", Vault([OLD]).lock(SECRET)])
def test_no_key_fits(secret: bytes) -> None:
    """A secret that no key opens says what the operator must give."""
    with pytest.raises(SetupError, match="Give COPYDESK_SECRET_KEYS") as caught:
        Vault([NEW]).unlock(secret)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("keys", [["short"], ["ü" * 44], [NEW, ""], []])
def test_wrong_keys(keys: list[str]) -> None:
    """A key that is none stops the start, and the key is not repeated."""
    with pytest.raises(SetupError, match="32 bytes in url-safe base64") as caught:
        Vault(keys)
    assert "short" not in str(caught.value)


def test_key_file(tmp_path: Path) -> None:
    """The first start makes a key that only its owner reads; the next one finds it."""
    path = tmp_path / "data" / "secret.key"
    keys = load_keys("", path)
    assert Vault(keys).unlock(Vault(load_keys("", path)).lock(SECRET)) == SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("configured", ["a b", "a,b", " a , b "])
def test_configured_keys(tmp_path: Path, configured: str) -> None:
    """Given keys count, newest first, and no file is made."""
    assert load_keys(configured, tmp_path / "secret.key") == ["a", "b"]
    assert not list(tmp_path.iterdir())


LINKS = MediaLinks("https://desk.example/", Vault([NEW]))


def parts(url: str) -> dict:
    """Take a link apart as the web side does."""
    server, expires, signature, name = url.removeprefix("https://desk.example/media/").split("/")
    return {
        "server_id": int(server),
        "expires": int(expires),
        "signature": signature,
        "sha256": name.partition(".")[0],
    }


def test_link() -> None:
    """A link ends in the extension of its content, and is ours."""
    link = LINKS.make(SERVER, a_video(filename="x.exe"), START)
    assert link.endswith(".mp4")
    assert LINKS.is_valid(**parts(link), now=START)


@pytest.mark.parametrize(
    ("after", "valid"), [(LIFETIME - timedelta(seconds=1), True), (LIFETIME, False)]
)
def test_link_expires(after: timedelta, valid: bool) -> None:
    """A link is good for its lifetime and no second more."""
    link = parts(LINKS.make(SERVER, a_media(), START))
    assert LINKS.is_valid(**link, now=START + after) is valid


@pytest.mark.parametrize(
    "change",
    [
        {"server_id": SERVER + 1},
        {"sha256": "00" * 32},
        {"expires": 10**12},
        {"signature": ""},
        {"signature": "A" * 24},
        {"signature": "é"},
    ],
)
def test_forged_link(change: dict) -> None:
    """A link in which anything was changed is not ours."""
    link = parts(LINKS.make(SERVER, a_media(), START))
    assert not LINKS.is_valid(**(link | change), now=START)


def test_link_of_another_installation() -> None:
    """A link signed with another key is not ours."""
    link = MediaLinks("https://desk.example", Vault([OLD])).make(SERVER, a_media(), START)
    assert not LINKS.is_valid(**parts(link), now=START)


def test_links_need_an_address() -> None:
    """Without a public address there are no links."""
    assert LINKS.are_possible
    assert not MediaLinks("", Vault([NEW])).are_possible


def test_same_content_same_link() -> None:
    """A link depends on the content, not on the file's name."""
    renamed = replace(a_media(), filename="other.jpg")
    assert LINKS.make(SERVER, renamed, START) == LINKS.make(SERVER, a_media(), START)
