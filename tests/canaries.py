"""Every key that a test gives is a canary: after the test it is found nowhere.

Keys enter as people type them (`keys.read`) or as they are encrypted (`Vault.lock`). Looked through
are the database's file, what was logged, the text of every error of ours, and what was sent to
Discord. `tests/journeys/test_secrets.py` says more of the ways and of the places.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typing_extensions import override

from bot.errors import CopydeskError, ProviderError
from bot.vault import Vault
from bot.workflow import keys

SHORTEST = 12
"""Characters of a key that cannot stand anywhere by chance."""

SECRET = frozenset({"key", "gemini_key", "token"})
"""What is secret among the credentials of all services."""


class Canaries(logging.Handler):
    """The keys that were given in the test that runs, and what may hold none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: set[str] = set()
        self.places: list[tuple[str, bytes]] = []

    def begin(self) -> None:
        """Forget the test before."""
        self.keys.clear()
        self.places.clear()

    def give(self, credentials: Mapping[str, str]) -> None:
        """Remember what is secret of credentials."""
        values = (credentials.get(name, "").strip() for name in SECRET)
        self.keys |= {value for value in values if len(value) >= SHORTEST}

    def look_through(self, place: str, text: str | bytes) -> None:
        """Have something looked through when the test has ended."""
        is_text = isinstance(text, str)
        self.places.append((place, text.encode(errors="replace") if is_text else text))

    def look_through_files(self, folder: Path, pattern: str) -> None:
        """Have files looked through, as they are now; only where a key was given."""
        for path in folder.glob(pattern) if self.keys else ():
            self.look_through(path.name, path.read_bytes())

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.look_through("the log", self.format(record) if self.keys else "")

    def found(self) -> list[str]:
        """The places that hold a key, without the keys."""
        wanted = [key.encode() for key in self.keys]
        return [place for place, text in self.places if any(key in text for key in wanted)]


@contextmanager
def kept() -> Iterator[Canaries]:
    """Take notice of every key, log record and error, until the end."""
    canaries = Canaries()
    patch = pytest.MonkeyPatch()
    logging.getLogger().addHandler(canaries)
    _notice(patch, canaries)
    yield canaries
    patch.undo()
    logging.getLogger().removeHandler(canaries)


def _notice(patch: pytest.MonkeyPatch, canaries: Canaries) -> None:
    read, lock = keys.read, Vault.lock
    failed, refused = CopydeskError.__init__, ProviderError.__init__

    def reading(desk: Any, provider: str, typed: Mapping[str, str]) -> dict[str, str]:
        canaries.give(typed)
        return read(desk, provider, typed)

    def locking(self: Vault, credentials: Mapping[str, str]) -> bytes:
        canaries.give(credentials)
        return lock(self, credentials)

    def failing(self: CopydeskError, message: str, *, remedy: str = "") -> None:
        failed(self, message, remedy=remedy)
        canaries.look_through("an error", f"{message} {remedy}")

    def refusing(self: ProviderError, message: str, *, remedy: str = "", excerpt: str = "") -> None:
        refused(self, message, remedy=remedy, excerpt=excerpt)
        canaries.look_through("an excerpt", excerpt)

    patch.setattr(keys, "read", reading)
    patch.setattr(Vault, "lock", locking)
    patch.setattr(CopydeskError, "__init__", failing)
    patch.setattr(ProviderError, "__init__", refusing)
