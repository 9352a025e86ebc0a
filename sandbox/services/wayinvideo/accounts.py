"""The connected accounts of the simulated WayinVideo, and the authorisation that adds one."""

import secrets
from typing import Any

from sandbox.services.wayinvideo.refusals import RefusedError
from sandbox.services.wayinvideo.store import Store

PLATFORMS = ("youtube", "tiktok", "instagram", "facebook", "twitter", "linkedin")


def _account(number: int, platform: str, name: str, **more: bool) -> dict[str, Any]:
    return {
        "id": f"smacct06harbour{number}",
        "platform": platform,
        "platform_username": name,
        "platform_avatar": None,
        "token_valid": True,
        "token_expiring_soon": False,
        **more,
    }


FIRST = (
    _account(1, "youtube", "Harbour Coffee Example"),
    _account(2, "tiktok", "harbour.coffee.example"),
    _account(3, "instagram", "harbour_coffee_example"),
    _account(4, "facebook", "Harbour Coffee Example"),
    _account(5, "twitter", "harbour_example", token_expiring_soon=True),
    _account(6, "linkedin", "Harbour Coffee Example"),
    _account(7, "youtube", "Harbour Roastery Example", token_valid=False),
)
"""What is connected at the first start: one whose token ends soon, one whose token has ended."""


class Accounts:
    """The accounts and the links that connect another."""

    def __init__(self, store: Store) -> None:
        self._store = store
        for account in FIRST:
            if store.get("account", account["id"]) is None:
                store.put("account", account)

    def all(self, *, active_only: bool = False) -> list[dict[str, Any]]:
        """The accounts, in the order they were connected."""
        accounts = self._store.all("account")
        return [item for item in accounts if item["token_valid"] or not active_only]

    def usable(self, account_id: str) -> dict[str, Any]:
        """An account that can be published to; refuses others."""
        account = self._store.get("account", account_id)
        if account is None:
            raise RefusedError(400, f"Social account not found: {account_id}")
        if not account["token_valid"]:
            raise RefusedError(400, "Account token has expired. Reconnect the account.")
        return account

    def link(self, platform: str) -> str:
        """Begin an authorisation; its state."""
        if platform not in PLATFORMS:
            raise RefusedError(400, f"Unsupported platform: {platform}")
        state = secrets.token_hex(12)
        self._store.put("authorisation", {"id": state, "platform": platform, "used": False})
        return state

    def authorise(self, state: str) -> dict[str, Any] | None:
        """Connect the account a link was made for; None for a link that is used or unknown."""
        asked = self._store.get("authorisation", state)
        if asked is None or asked["used"]:
            return None
        self._store.put("authorisation", asked | {"used": True})
        number = len(self._store.all("account")) + 1
        account = _account(number, asked["platform"], f"harbour_{number}_example")
        self._store.put("account", account)
        return account
