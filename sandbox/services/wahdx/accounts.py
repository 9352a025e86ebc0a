"""The accounts linked to the simulated WAHDX: those it begins with, and those connected later."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sandbox.services.drawer import Drawer
from sandbox.services.wahdx.fields import RefusedError


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A linked account; `privacy` holds TikTok's levels it may post with."""

    id: str
    platform: str
    name: str
    username: str
    status: str = "active"
    followers: int = 0
    privacy: tuple[str, ...] = ()


PUBLIC = "PUBLIC_TO_EVERYONE"
ACCOUNTS = (
    Account(
        id="aada5586-0c1e-4d55-9a40-1f6f5b7d0001",
        platform="tiktok",
        name="Harbour Coffee",
        username="harbour.coffee.example",
        followers=15_200,
        privacy=(PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"),
    ),
    Account(
        id="aada5586-0c1e-4d55-9a40-1f6f5b7d0002",
        platform="tiktok",
        name="Harbour Roastery",
        username="harbour.roastery.example",
        followers=830,
        privacy=(PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"),
    ),
    Account(
        id="8abd72f0-3b52-441c-9c17-6a2de8f10003",
        platform="instagram",
        name="Harbour Coffee",
        username="harbour_coffee_example",
        followers=9_800,
    ),
    Account(
        id="c9152d30-77a4-4f0b-8a3e-02b4c6d80004",
        platform="threads",
        name="Harbour Coffee",
        username="harbour_coffee_example",
        followers=4_300,
    ),
    Account(
        id="23369e89-5d0f-4b6e-9f21-9b7c1e2a0005",
        platform="facebook",
        name="Harbour Coffee",
        username="100064512345678",
        followers=24_000,
    ),
    Account(
        id="23369e89-5d0f-4b6e-9f21-9b7c1e2a0006",
        platform="facebook",
        name="Harbour Coffee (old page)",
        username="100064587654321",
        status="expired",
        followers=310,
    ),
)


class Accounts:
    """All of them; the connected ones are on disk. `have_expired` says whether all have, now."""

    def __init__(self, drawer: Drawer, have_expired: Callable[[], bool] = lambda: False) -> None:
        self._drawer = drawer
        self._have_expired = have_expired

    def all(self) -> list[Account]:
        """Every account, in the order in which they were linked."""
        linked = [*ACCOUNTS, *map(_account, self._drawer.all("account").values())]
        return (
            [replace(item, status="expired") for item in linked] if self._have_expired() else linked
        )

    def find(self, account_id: object) -> Account:
        """One account; refuses an unknown one."""
        for account in self.all():
            if account.id == account_id:
                return account
        raise RefusedError(404, "Account not found")

    def connect(self) -> Account:
        """Link one more TikTok account of Harbour Coffee."""
        number = len(self._drawer.all("account").values()) + 1
        account = Account(
            id=f"aada5586-0c1e-4d55-9a40-1f6f5b7d1{number:03}",
            platform="tiktok",
            name=f"Harbour Coffee Van {number}",
            username=f"harbour.van{number}.example",
            followers=40 * number,
            privacy=(PUBLIC, "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"),
        )
        self._drawer.put("account", account.id, asdict(account))
        return account


def _account(kept: dict[str, Any]) -> Account:
    privacy = tuple(kept.pop("privacy"))  # JSON has no tuples
    return Account(**kept, privacy=privacy)
