"""Who may do what in a server, from the roles and permissions people have when they do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.approval import Roles
from bot.domain.server import Server


class Right(StrEnum):
    """What something asks of whoever does it; each but the last contains the first."""

    SEE = "see"  # viewers: what is planned, waits and went out
    WRITE = "write"  # authors
    DECIDE = "decide"  # approvers: those who are asked by the rules
    MANAGE = "manage"  # admins: settings, connections, keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who does something, with the roles they have now; `is_admin` says whether Discord
    lets them manage the server.
    """

    user_id: int
    roles: Roles
    is_admin: bool = False


def has(right: Right, person: Person, server: Server) -> bool:
    """Whether a person may do what asks for a right. Admins may do everything.

    Where no author roles are named, everyone who sees may write; where no viewer roles are named,
    everyone sees.
    """
    if person.is_admin:
        return True
    match right:
        case Right.SEE:
            return _sees(person, server)
        case Right.WRITE:
            return _sees(person, server) and _is_one_of(person, server.author_roles)
        case Right.DECIDE:
            return _decides(person, server)
        case Right.MANAGE:
            return False


def roles_with(right: Right, server: Server) -> Sequence[int]:
    """The roles that bring a right, as far as roles do."""
    match right:
        case Right.SEE:
            return server.viewer_roles
        case Right.WRITE:
            return server.author_roles or server.viewer_roles
        case Right.DECIDE:
            named = (role for stage in server.rules.stages for role in stage.roles)
            return tuple(dict.fromkeys(named))
        case Right.MANAGE:
            return ()


def _sees(person: Person, server: Server) -> bool:
    is_author = bool(server.author_roles) and _is_one_of(person, server.author_roles)
    is_deputy = server.rules.escalate_role in person.roles
    is_asked = is_deputy or _decides(person, server)
    return is_author or is_asked or _is_one_of(person, server.viewer_roles)


def _decides(person: Person, server: Server) -> bool:
    return server.rules.may_vote(person.user_id, person.roles)


def _is_one_of(person: Person, roles: Sequence[int]) -> bool:
    """Whether a person has one of the roles; everyone has where none is named."""
    return not roles or any(role in person.roles for role in roles)
