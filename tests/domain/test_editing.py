"""Changing a draft's content piece by piece."""

from dataclasses import replace

import pytest

from bot.domain import editing
from bot.domain.platform import Platform
from bot.domain.server import Account
from bot.domain.times import Timing
from tests.factories import SERVER, a_revision, a_target

OWN = a_target(2, caption="Mine", options={"draft": "true"})
CONTENT = a_revision(targets=(a_target(1), OWN))


def an_account(account_id: int) -> Account:
    """Make an account of the same connection as the targets."""
    return Account(
        id=account_id,
        server_id=SERVER,
        connection_id=1,
        provider="wahdx",
        remote_id=f"account-{account_id}",
        platform=Platform.THREADS,
        name="Talk",
        username="talk",
        usable=True,
    )


def test_accounts_that_stay_keep_what_was_chosen_for_them() -> None:
    """Adding and leaving out accounts touches no other; those not offered stay, too."""
    changed = editing.with_accounts(CONTENT, [an_account(3)], offered={1, 3})
    assert changed.targets == (OWN, a_target(3))
    again = editing.with_accounts(changed, [an_account(2), an_account(3)], offered={2, 3})
    assert again.targets == (OWN, a_target(3))


def test_text_of_its_own() -> None:
    """Only what differs is an account's own, so the rest follows the post's text."""
    changed = editing.with_own_text(CONTENT, 1, (" Short\x00 ", ""))
    assert changed.text_for(1) == ("Short", "")
    assert changed.targets[0].title is None
    assert editing.with_own_text(changed, 1, None) == CONTENT
    assert editing.with_own_text(changed, 1, ("Hello", "")) == CONTENT
    silent = editing.with_own_text(CONTENT, 1, ("", ""))
    assert silent.text_for(1) == ("", "")


def test_text_of_the_post_reaches_those_without_their_own() -> None:
    """Who has an own text keeps it when the post's changes."""
    changed = editing.with_text(CONTENT, "New", "Title")
    assert changed.text_for(1) == ("New", "Title")
    assert changed.text_for(2) == ("Mine", "Title")


def test_options_are_added_and_emptied() -> None:
    """What a form does not show stays; what is left empty is not chosen any more."""
    changed = editing.with_options(CONTENT, 2, {"visibility": " SELF_ONLY "})
    assert changed.targets[1].options == {"draft": "true", "visibility": "SELF_ONLY"}
    assert editing.with_options(changed, 2, {"visibility": ""}) == CONTENT


def test_an_account_that_is_none_any_more() -> None:
    """Nothing is changed for an account that was taken away."""
    with pytest.raises(KeyError):
        editing.with_options(CONTENT, 9, {"draft": "true"})
    with pytest.raises(KeyError):
        editing.with_own_text(CONTENT, 9, None)


def test_what_was_frozen_becomes_a_draft() -> None:
    """What followed from rules is left to them again: the time, backups, options nobody chose."""
    frozen = replace(
        CONTENT,
        number=4,
        repeats="tue 09:00",
        targets=(
            a_target(
                1,
                options={"visibility": "PUBLIC_TO_EVERYONE", "draft": "true"},
                assumed=("visibility",),
                backup=a_target(7),
            ),
        ),
    )
    draft = editing.as_draft(frozen)
    assert (draft.number, draft.due_at, draft.repeats) == (1, None, "")
    assert draft.targets == (a_target(1, options={"draft": "true"}),)


def test_time_and_who_keeps_it() -> None:
    """A time is kept as it was typed."""
    changed = editing.with_when(CONTENT, " tomorrow 9:00 ", Timing.SERVICE)
    assert (changed.when_text, changed.timing) == ("tomorrow 9:00", Timing.SERVICE)


def test_a_name_stays_with_its_value() -> None:
    """The name of a chosen value is kept as long as the value; it is no content that is approved."""
    board = editing.with_options(CONTENT, 2, {"board": "7"}, {"board": "Cakes"})
    (_, target) = board.targets
    assert target.named == {"board": "Cakes"}
    assert board.digest() == editing.with_options(CONTENT, 2, {"board": "7"}).digest()
    other = editing.with_options(board, 2, {"draft": "true"})
    assert other.targets[1].named == {"board": "Cakes"}
    for given in ({"board": "8"}, {"board": ""}):
        assert editing.with_options(board, 2, given).targets[1].named == {}
