"""The QR login of the simulated WAHDX as it is called: for the Maximum plan only."""

from collections.abc import Callable

from aiohttp import web

from sandbox.services.wahdx import answers
from sandbox.services.wahdx.dashboard import PREFIX
from sandbox.services.wahdx.fields import LOGIN, LOGIN_CHECK, RefusedError, body_of, read
from sandbox.services.wahdx.logins import Logins
from sandbox.services.wahdx.picture import picture

MAXIMUM = "maximum"


class Codes:
    """The two calls; `plan` is the subscription at the moment, `changed` tells of a new account."""

    def __init__(
        self, logins: Logins, plan: Callable[[], str], changed: Callable[[], None]
    ) -> None:
        self._logins = logins
        self._plan = plan
        self._changed = changed

    def routes(self) -> list[web.RouteDef]:
        """Both documented calls."""
        return [
            web.post("/api/content/qr-login/request", self._request),
            web.post("/api/content/qr-login/check", self._check),
        ]

    async def _request(self, request: web.Request) -> web.Response:
        if self._plan() != MAXIMUM:
            return self._too_small()
        fields = read(await body_of(request), LOGIN) if request.can_read_body else {}
        login = self._logins.request(fields.get("unique_id"))
        image = picture(login.token, f"Sandbox: open {request.url.origin()}{PREFIX}")
        return web.json_response(answers.code(login, image))

    async def _check(self, request: web.Request) -> web.Response:
        if self._plan() != MAXIMUM:
            return self._too_small()
        token = read(await body_of(request), LOGIN_CHECK).get("token")
        if not token:
            raise RefusedError(400, "token is required")
        data = self._logins.check(token)
        if "account" in data:
            self._changed()
        return web.json_response({"success": True, "data": data})

    def _too_small(self) -> web.Response:
        error = "QR Code login is only available for Maximum subscription"
        return web.json_response({"error": error, "subscription": self._plan()}, status=403)
