"""Accounts as people name them."""

import pytest
from sqlalchemy import String

from bot.domain import naming
from bot.domain.naming import told_apart
from bot.domain.platform import Platform
from bot.domain.server import Account
from db.tables import deliveries

KNOWN = {"Brand": [1, 2], "Threads · Harbour": [1], "TikTok · Harbour": [2], "TikTok · Quay": [3]}


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("Threads · Harbour", [1]),
        ("brand", [1, 2]),
        ("tiktok", [2, 3]),
        ("harbour", [1, 2]),
        ("Orkut", []),
    ],
)
def test_what_a_name_means(name: str, ids: list[int]) -> None:
    """A whole name means itself, a part of one all that hold it; case does not matter."""
    assert naming.meant(name, KNOWN) == ids


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("quay", ["TikTok · Quay"]),
        ("Brand, quay", ["Brand, TikTok · Quay"]),
        ("Brand, br", []),
        ("Brand,", [f"Brand, {name}" for name in KNOWN if name != "Brand"]),
    ],
)
def test_the_last_name_is_completed(text: str, lines: list[str]) -> None:
    """What stands before the last comma stays, and is not offered again."""
    assert naming.completed(text, list(KNOWN), longest=100) == lines


def test_what_is_too_long_is_not_suggested() -> None:
    """Discord takes 100 characters of a suggestion; what would be cut would mean something else."""
    assert naming.completed("Brand, ", list(KNOWN), longest=18) == []


def an_account(number: int, username: str, name: str = "Talk") -> Account:
    """Return an account on Threads."""
    return Account(
        id=number,
        server_id=1,
        connection_id=number,
        provider="wahdx",
        remote_id=str(number),
        platform=Platform.THREADS,
        name=name,
        username=username,
        usable=True,
    )


@pytest.mark.parametrize(
    ("accounts", "labels"),
    [
        ([("talk", "Talk"), ("harbour", "Harbour")], ["Talk", "Harbour"]),
        ([("talk", "Talk"), ("talk.two", "talk")], ["Talk (@talk)", "talk (@talk.two)"]),
        ([("talk", "Talk"), ("Talk", "Talk")], ["Talk (Own)", "Talk (Agency)"]),
    ],
)
def test_accounts_of_one_name_are_told_apart(
    accounts: list[tuple[str, str]], labels: list[str]
) -> None:
    """Accounts of one platform and name are told apart by username, or else by connection."""
    known = [an_account(number, *each) for number, each in enumerate(accounts)]
    told = told_apart(known, ["Own", "Agency"])
    assert [account.label for account in told] == [f"Threads · {label}" for label in labels]


def test_what_an_account_is_called_can_be_kept() -> None:
    """However long names are, what an account is called fits where it is kept, with its mark."""
    kept_in = deliveries.c.name.type
    assert isinstance(kept_in, String)
    known = [an_account(number, f"{number}" * 255, "T" * 255) for number in (1, 2)]
    for account in told_apart(known, ["Own", "Agency"]):
        assert len(account.called) == kept_in.length
        assert account.called.endswith(f" (@{account.username[:99]})")
