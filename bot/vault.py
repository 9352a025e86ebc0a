"""The keys of this installation: they encrypt credentials and sign links."""

import base64
import hashlib
import hmac
import json
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SetupError

log = logging.getLogger(__name__)

_REMEDY = "Give COPYDESK_SECRET_KEYS the keys it was written with, newest first."


class Vault:
    """Encrypts with the newest key, decrypts with any of them (`cryptography`'s MultiFernet).

    `read` gives the keys as they are configured now, newest first: they may be rotated while this
    process runs. It then takes the new ones, and forgets none that it knew.
    """

    def __init__(self, keys: list[str], read: Callable[[], list[str]] | None = None) -> None:
        self._read = read
        self._take(keys)

    def _take(self, keys: list[str]) -> None:
        try:
            fernets = [Fernet(key) for key in keys]
            self._fernet = MultiFernet(fernets)
        except ValueError:
            raise SetupError(
                "A secret key is not 32 bytes in url-safe base64.", remedy=_REMEDY
            ) from None
        self._keys, self._newest = keys, fernets[0]
        self._signing_keys = [hashlib.sha256(b"links:" + key.encode()).digest() for key in keys]

    def _renew(self) -> None:
        """Take keys that were added meanwhile; what cannot be read now leaves them as they are."""
        try:
            keys = self._read() if self._read else self._keys
            if keys[:1] != self._keys[:1]:
                self._take([*keys, *(key for key in self._keys if key not in keys)])
        except (OSError, ValueError, SetupError) as error:
            log.warning("The secret keys cannot be read again (%s).", type(error).__name__)

    def lock(self, credentials: Mapping[str, str]) -> bytes:
        """Encrypt a connection's credentials."""
        self._renew()
        return self._fernet.encrypt(json.dumps(dict(credentials)).encode())

    def unlock(self, secret: bytes) -> dict[str, str]:
        """Decrypt a connection's credentials; raises SetupError when no key fits."""
        return json.loads(self._opened(lambda: self._fernet.decrypt(secret)))

    def rotate(self, secret: bytes) -> bytes:
        """The same credentials under the newest key; raises SetupError when no key fits."""
        return self._opened(lambda: self._fernet.rotate(secret))

    def is_newest(self, secret: bytes) -> bool:
        """Whether credentials are encrypted with the newest key."""
        try:
            self._newest.decrypt(secret)
        except InvalidToken:
            return False
        return True

    def _opened(self, use: Callable[[], bytes]) -> bytes:
        for is_last in (False, True):
            try:
                return use()
            except InvalidToken:
                if not is_last:
                    self._renew()
        raise SetupError("Stored credentials cannot be decrypted.", remedy=_REMEDY)

    def sign(self, text: str) -> str:
        """A signature of `text` with the newest key, safe in a link."""
        return _signature(self._signing_keys[0], text)

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether the signature is ours, with any of the keys."""
        given = signature.encode()
        return any(
            hmac.compare_digest(_signature(key, text).encode(), given) for key in self._signing_keys
        )


def _signature(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def load_keys(configured: str, path: Path) -> list[str]:
    """The configured keys, newest first; else those of a file made on first start (mode 600)."""
    if configured:
        return configured.replace(",", " ").split()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
    return path.read_text().split()


def add_key(path: Path) -> list[str]:
    """Put a new key in front of those of the file, at once or not at all; all of them."""
    keys = [Fernet.generate_key().decode(), *path.read_text().split()]
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # of mode 600
    with os.fdopen(handle, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
    return keys
