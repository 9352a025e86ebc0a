"""How the simulated WayinVideo says no, and the reading of a body that takes nothing unknown."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from types import NoneType
from typing import Any, cast

from aiohttp import web

TEXT, NUMBER, SWITCH, LIST, OBJECT = (str,), (int,), (bool,), (list,), (dict,)
OPTIONAL_TEXT, OPTIONAL_NUMBER = (str, NoneType), (int, NoneType)


class RefusedError(Exception):
    """A definite no, with its HTTP status."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def refusal(status: int, path: str, message: str = "") -> web.Response:
    """An error in the shape WayinVideo documents, which is Spring's."""
    body = {
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "status": status,
        "error": HTTPStatus(status).phrase,
        "path": path,
    }
    return web.json_response(body | ({"message": message} if message else {}), status=status)


def fields_of(body: Any, known: Mapping[str, tuple[type, ...]], *needed: str) -> dict[str, Any]:
    """The fields of a body; refuses what is unknown, of another type, or missing."""
    if not isinstance(body, dict):
        raise RefusedError(400, "The body must be a JSON object")
    fields = cast("dict[str, Any]", body)
    for name, value in fields.items():
        if name not in known:
            raise RefusedError(400, f"Unrecognized field: {name}")
        if type(value) not in known[name]:
            raise RefusedError(400, f"{name} has the wrong type")
    for name in needed:
        if fields.get(name) in (None, "", {}):
            raise RefusedError(400, f"{name} is required")
    return fields


def one_of(fields: Mapping[str, Any], name: str, *allowed: str) -> None:
    """Refuse a field with a value that is not among the documented ones."""
    if fields.get(name) is not None and fields[name] not in allowed:
        raise RefusedError(400, f"{name} must be one of {', '.join(allowed)}")
