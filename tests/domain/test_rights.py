"""Who may do what: a table of people against rights."""

import pytest

from bot.domain.approval import Rules, Stage
from bot.domain.rights import Person, Right, has, roles_with
from bot.domain.server import Server

AUTHORS, VIEWERS, APPROVERS, LATE, OTHER = range(1, 6)
RULES = Rules(stages=(Stage(roles=(APPROVERS,), people=(7,)),), escalate_role=LATE)
OPEN = Server(server_id=1, approval=RULES)
WITH_AUTHORS = Server(server_id=1, approval=RULES, author_roles=(AUTHORS,))
WITH_VIEWERS = Server(server_id=1, approval=RULES, viewer_roles=(VIEWERS,))
WITH_BOTH = Server(
    server_id=1, approval=RULES, author_roles=(AUTHORS,), viewer_roles=(VIEWERS, OTHER)
)
ALL = "see write decide manage"


@pytest.mark.parametrize(
    ("server", "person", "may"),
    [
        (OPEN, Person(user_id=9, roles=frozenset()), "see write"),
        (OPEN, Person(user_id=9, roles=frozenset({APPROVERS})), "see write decide"),
        (OPEN, Person(user_id=7, roles=frozenset()), "see write decide"),
        (OPEN, Person(user_id=9, roles=frozenset({LATE})), "see write"),
        (WITH_VIEWERS, Person(user_id=9, roles=frozenset({LATE})), "see write"),
        (OPEN, Person(user_id=9, roles=frozenset(), is_admin=True), ALL),
        (WITH_AUTHORS, Person(user_id=9, roles=frozenset({AUTHORS})), "see write"),
        (WITH_AUTHORS, Person(user_id=9, roles=frozenset({OTHER})), "see"),
        (WITH_AUTHORS, Person(user_id=9, roles=frozenset({APPROVERS})), "see decide"),
        (WITH_VIEWERS, Person(user_id=9, roles=frozenset({VIEWERS})), "see write"),
        (WITH_VIEWERS, Person(user_id=9, roles=frozenset({APPROVERS})), "see write decide"),
        (WITH_VIEWERS, Person(user_id=9, roles=frozenset({AUTHORS})), ""),
        (WITH_BOTH, Person(user_id=9, roles=frozenset({AUTHORS})), "see write"),
        (WITH_BOTH, Person(user_id=9, roles=frozenset({OTHER})), "see"),
        (WITH_BOTH, Person(user_id=9, roles=frozenset({APPROVERS})), "see decide"),
        (WITH_BOTH, Person(user_id=9, roles=frozenset()), ""),
        (WITH_BOTH, Person(user_id=9, roles=frozenset(), is_admin=True), ALL),
    ],
)
def test_who_may_do_what(server: Server, person: Person, may: str) -> None:
    """Roles bring rights; admins have all; where none are named, everyone sees and writes."""
    assert " ".join(right for right in Right if has(right, person, server)) == may


def test_the_roles_that_bring_a_right() -> None:
    """Whoever lacks a right is told which roles bring it."""
    named = [list(roles_with(right, WITH_BOTH)) for right in Right]
    assert named == [[VIEWERS, OTHER], [AUTHORS], [APPROVERS], []]
    assert list(roles_with(Right.WRITE, WITH_VIEWERS)) == [VIEWERS]
