"""A definite no of the simulated Genviral, in its envelope (its Response page)."""

import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from sandbox.services.genviral.shapes import Issue, Shape


class RefusedError(Exception):
    """A refusal: its HTTP status, its code, its sentence, and the fields that are wrong."""

    def __init__(
        self, status: int, code: str, message: str, issues: Sequence[Issue] | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.issues = status, code, message, issues

    def response(self, headers: dict[str, str] | None = None) -> web.Response:
        """The refusal as an answer."""
        body: dict[str, Any] = {
            "ok": False,
            "code": self.status,
            "message": self.message,
            "error_code": self.code,
        }
        if self.issues is not None:
            body["issues"] = list(self.issues)
        return web.json_response(body, status=self.status, headers=headers)


def invalid(message: str) -> RefusedError:
    """The refusal of a post that breaks a rule."""
    return RefusedError(400, "validation_failed", message)


async def body_of(request: web.Request, shape: Shape) -> dict[str, Any]:
    """The body, or a refusal: of what is no JSON, or that names everything wrong with its shape."""
    try:
        body = await request.json() if request.content_type == "application/json" else None
    except json.JSONDecodeError:
        body = None
    if body is None:
        raise RefusedError(400, "invalid_json", "Request body is not valid JSON")
    issues = list(shape(body, ()))
    if issues:
        raise RefusedError(422, "invalid_payload", "Invalid request payload", issues)
    return body
