"""Refusals with Discord's status, code and wording."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sandbox.discord.values import Json

BAD, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_LARGE = 400, 401, 403, 404, 413

REASONS: dict[int, tuple[int, str]] = {
    10002: (NOT_FOUND, "Unknown Application"),
    10003: (NOT_FOUND, "Unknown Channel"),
    10004: (NOT_FOUND, "Unknown Guild"),
    10007: (NOT_FOUND, "Unknown Member"),
    10008: (NOT_FOUND, "Unknown Message"),
    10011: (NOT_FOUND, "Unknown Role"),
    10013: (NOT_FOUND, "Unknown User"),
    10014: (BAD, "Unknown Emoji"),
    10015: (NOT_FOUND, "Unknown Webhook"),
    10062: (NOT_FOUND, "Unknown interaction"),
    10063: (NOT_FOUND, "Unknown application command"),
    30010: (BAD, "Maximum number of reactions reached (20)"),
    30032: (BAD, "Maximum number of application commands reached (100)"),
    30034: (BAD, "Max number of daily application command creates has been reached (200)"),
    40005: (TOO_LARGE, "Request entity too large"),
    40060: (BAD, "Interaction has already been acknowledged."),
    50001: (FORBIDDEN, "Missing Access"),
    50005: (FORBIDDEN, "Cannot edit a message authored by another user"),
    50006: (BAD, "Cannot send an empty message"),
    50007: (FORBIDDEN, "Cannot send messages to this user"),
    50013: (FORBIDDEN, "Missing Permissions"),
    50021: (FORBIDDEN, "Cannot execute action on a system message"),
    50024: (BAD, "Cannot execute action on this channel type"),
    50027: (UNAUTHORIZED, "Invalid Webhook Token"),
    50083: (BAD, "Thread is archived"),
    50109: (BAD, "The request body contains invalid JSON."),
    160002: (BAD, "You cannot reply without permission to read message history"),
    160004: (BAD, "A thread has already been created for this message"),
}


class Refusal(Exception):  # noqa: N818 - what Discord does, not what went wrong
    """What Discord answers when it does not do what was asked."""

    def __init__(self, code: int, *, errors: Json | None = None, message: str = "") -> None:
        self.status, wording = REASONS.get(code, (BAD, "Invalid Form Body"))
        self.body: Json = {"message": message or wording, "code": code}
        if errors is not None:
            self.body["errors"] = errors
        super().__init__(f"{self.status} {code}: {self.body['message']}")


def status_refusal(status: int) -> Refusal:
    """Return a refusal that has only a status, as for unknown routes (code 0)."""
    refusal = Refusal(0, message=f"{status}: {HTTPStatus(status).phrase}")
    refusal.status = status
    return refusal


def invalid(path: Sequence[str | int], code: str, message: str) -> Refusal:
    """Return 50035 for one field."""
    return Refusal(50035, errors=_nested([(path, code, message)]))


def invalid_form(error: ValidationError, root: Sequence[str | int] = ()) -> Refusal:
    """Turn pydantic's findings into Discord's 50035 with its nested `errors`."""
    found = [
        ([*root, *(part for part in each["loc"] if not str(part).startswith("~"))], *_wording(each))
        for each in error.errors(include_url=False)
    ]
    return Refusal(50035, errors=_nested(found))


def _nested(found: Sequence[tuple[Sequence[str | int], str, str]]) -> Json:
    tree: Json = {}
    for path, code, message in found:
        leaf = tree
        for part in path:
            leaf = leaf.setdefault(str(part), {})
        leaf.setdefault("_errors", []).append({"code": code, "message": message})
    return tree


# pydantic's type of finding → Discord's code and wording
_WORDINGS = {
    "missing": ("BASE_TYPE_REQUIRED", "This field is required"),
    "string_too_long": ("BASE_TYPE_MAX_LENGTH", "Must be {max_length} or fewer in length."),
    "string_too_short": ("BASE_TYPE_MIN_LENGTH", "Must be {min_length} or more in length."),
    "too_long": ("BASE_TYPE_MAX_LENGTH", "Must be {max_length} or fewer in length."),
    "too_short": ("BASE_TYPE_MIN_LENGTH", "Must be {min_length} or more in length."),
    "less_than_equal": ("NUMBER_TYPE_MAX", "Value should be less than or equal to {le}."),
    "greater_than_equal": ("NUMBER_TYPE_MIN", "Value should be greater than or equal to {ge}."),
    "literal_error": ("BASE_TYPE_CHOICES", "Value must be one of ({expected})."),
    "union_tag_invalid": ("UNION_TYPE_CHOICES", "Value of field must be one of the known types."),
    "list_type": ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType"),
    "string_type": ("STRING_TYPE_CONVERT", "Could not interpret value as string."),
    "dict_type": ("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"),
}


def _wording(found: ErrorDetails) -> tuple[str, str]:
    kind = found["type"]
    if kind.isupper():  # raised by a rule of ours, with Discord's own code
        return kind, found["msg"]
    context: dict[str, Any] = found.get("ctx", {})
    code, message = _WORDINGS.get(kind, ("MODEL_TYPE_CONVERT", found["msg"]))
    return code, message.format(**context)
