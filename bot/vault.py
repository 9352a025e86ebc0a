"""The keys of this installation: they encrypt credentials and sign links."""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SetupError

_REMEDY = "Give COPYDESK_SECRET_KEYS the keys it was written with, newest first."


class Vault:
    """Encrypts with the newest key, decrypts with any of them (`cryptography`'s MultiFernet)."""

    def __init__(self, keys: list[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SetupError(
                "A secret key is not 32 bytes in url-safe base64.", remedy=_REMEDY
            ) from None
        self._signing_key = hashlib.sha256(b"links:" + keys[0].encode()).digest()

    def lock(self, credentials: Mapping[str, str]) -> bytes:
        """Encrypt a connection's credentials."""
        return self._fernet.encrypt(json.dumps(dict(credentials)).encode())

    def unlock(self, secret: bytes) -> dict[str, str]:
        """Decrypt a connection's credentials; raises SetupError when no key fits."""
        try:
            return json.loads(self._fernet.decrypt(secret))
        except InvalidToken:
            raise SetupError("Stored credentials cannot be decrypted.", remedy=_REMEDY) from None

    def sign(self, text: str) -> str:
        """A signature of `text`, safe in a link."""
        digest = hmac.new(self._signing_key, text.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest[:18]).decode()

    def is_signed(self, text: str, signature: str) -> bool:
        """Whether the signature is ours."""
        return hmac.compare_digest(self.sign(text).encode(), signature.encode())


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
