"""Deadlines of approval as an admin types them, and as they are read."""

import pytest

from bot.domain.approval import Rules
from bot.domain.server import Server
from bot.errors import InputError
from cogs.ui import ballots, rule_text
from tests.factories import SERVER

LEADS = 41


def test_a_role_that_may_decide_too() -> None:
    """One role, taken back by “nobody”; the rest of the rules stays."""
    chosen = rule_text.changed(
        Rules(four_eyes=False),
        everyone=SERVER,
        remind=30,
        escalate_text=f"<@&{LEADS}>",
        escalate_minutes=20,
    )
    assert chosen == Rules(
        four_eyes=False, remind_minutes=30, escalate_role=LEADS, escalate_minutes=20
    )
    back = rule_text.changed(chosen, everyone=SERVER, remind=0, escalate_text=" Nobody ")
    assert (back.remind_minutes, back.escalate_role, back.four_eyes) == (0, None, False)


@pytest.mark.parametrize("text", ["the boss", "<@41>", "<@&41> <@&42>", f"<@&{SERVER}>", ""])
def test_what_is_no_one_role(text: str) -> None:
    """A person, two roles, or the role everyone has are refused, with what to type."""
    with pytest.raises(InputError, match="Such as @Leads, or nobody"):
        rule_text.changed(Rules(), everyone=SERVER, escalate_text=text)


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (Rules(), "a reminder comes after 24 hours and 2 hours before its time."),
        (Rules(remind_minutes=0), "a reminder comes after 24 hours."),
        (Rules(remind_minutes=90), "24 hours and 1 hour 30 minutes before its time."),
        (Rules(escalate_role=LEADS), f"<@&{LEADS}> may decide too from 1 hour before its time."),
    ],
)
def test_how_deadlines_read(rules: Rules, told: str) -> None:
    """The rules on a card and in the settings say when people are reminded, and who comes then."""
    assert ballots.rules(Server(server_id=SERVER, approval=rules)).endswith(told)


def test_rules_without_approval_have_no_deadlines() -> None:
    """Where no approval is needed, nobody is reminded of it."""
    told = ballots.rules(Server(server_id=SERVER, approval=Rules(free=True, escalate_role=LEADS)))
    assert told == "Rules: no approval is needed."
