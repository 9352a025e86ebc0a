"""QR login at the simulated WAHDX: codes to scan, with the five states of seed 002."""

import secrets
import string
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.services.drawer import Drawer
from sandbox.services.wahdx.accounts import Accounts
from sandbox.services.wahdx.fields import RefusedError

HOLDS = 300
"""Seconds a code holds."""

_LETTERS = string.ascii_uppercase + string.digits


@dataclass(kw_only=True, slots=True)
class Login:
    """One code; `at` is the moment it was made, in seconds of the Unix clock."""

    token: str
    unique_id: str
    at: float
    state: str = "new"


class Logins:
    """All codes; on disk."""

    def __init__(
        self, drawer: Drawer, accounts: Accounts, clock: Callable[[], float] = time.time
    ) -> None:
        self._drawer = drawer
        self._accounts = accounts
        self._clock = clock

    def request(self, unique_id: str | None) -> Login:
        """Make a code; an id of the caller's own needs 8 characters."""
        if unique_id is not None and len(unique_id) < 8:
            raise RefusedError(400, "unique_id must be at least 8 characters")
        token = "".join(secrets.choice(_LETTERS) for _ in range(32))
        login = Login(
            token=token, unique_id=unique_id or f"qr_{secrets.token_hex(8)}", at=self._clock()
        )
        self._store(login)
        return login

    def open(self) -> list[Login]:
        """The codes that can still be scanned or confirmed, oldest first."""
        logins = [self._current(Login(**kept)) for kept in self._drawer.all("login").values()]
        return [login for login in logins if login.state in ("new", "scanned")]

    def scan(self, token: str) -> None:
        """What the phone does first."""
        self._move(token, "new", "scanned")

    def confirm(self, token: str) -> None:
        """What the person then does on the phone."""
        self._move(token, "scanned", "confirmed")

    def check(self, token: str) -> dict[str, Any]:
        """The `data` of an answer. Reading a confirmed code uses it up: the account is linked."""
        login = self._find(token)
        told: dict[str, Any] = {"status": login.state, "unique_id": login.unique_id}
        if login.state == "utilised":
            told["message"] = "QR code has already been used."
        if login.state == "confirmed":
            account = self._accounts.connect()
            login.state = "utilised"
            self._store(login)
            told["account"] = {
                "accountId": account.id,
                "display_name": account.name,
                "username": account.username,
            }
        return told

    def _move(self, token: str, before: str, after: str) -> None:
        login = self._find(token)
        if login.state != before:
            raise RefusedError(409, f"The code is {login.state}")
        login.state = after
        self._store(login)

    def _find(self, token: str) -> Login:
        kept = self._drawer.get("login", token)
        if kept is None:
            raise RefusedError(404, "Invalid token")
        return self._current(Login(**kept))

    def _current(self, login: Login) -> Login:
        if login.state in ("new", "scanned") and self._clock() >= login.at + HOLDS:
            login.state = "expired"
        return login

    def _store(self, login: Login) -> None:
        self._drawer.put("login", login.token, asdict(login))
