"""The page of the simulated WAHDX: the phone that scans codes, and posts it is to publish.

None of it is in the documented API; it stands in for the service's website and for TikTok's app.
"""

import secrets
from collections.abc import Awaitable, Callable
from html import escape
from typing import Any

from aiohttp import web

from sandbox.services.drawer import Drawer
from sandbox.services.wahdx.fields import RefusedError, body_of
from sandbox.services.wahdx.logins import Login, Logins

PREFIX = "/dashboard"
_STEPS = {"new": "scan", "scanned": "confirm"}


class Dashboard:
    """Its routes; `publish` takes the body of a post and gives the account id and publish id."""

    def __init__(
        self,
        logins: Logins,
        drawer: Drawer,
        publish: Callable[[Any], Awaitable[tuple[str, str]]],
    ) -> None:
        self._logins = logins
        self._drawer = drawer
        self._publish = publish

    def routes(self) -> list[web.RouteDef]:
        """The page, what a phone does with a code, and storing a post."""
        return [
            web.get(PREFIX, self._page),
            web.get(PREFIX + "/scan/{token}", self._scan),
            web.get(PREFIX + "/confirm/{token}", self._confirm),
            web.post(PREFIX + "/posts", self._post),
        ]

    def posted(self, post_id: str) -> list[tuple[str, str]]:
        """The account ids and publish ids of a stored post; refuses an unknown one."""
        kept = self._drawer.get("post", post_id)
        if kept is None:
            raise RefusedError(404, "Post not found")
        return [(account_id, publish_id) for account_id, publish_id in kept]

    async def _page(self, request: web.Request) -> web.Response:
        codes = "".join(map(_line, self._logins.open()))
        text = f"<title>WAHDX, simulated</title><h1>Codes to scan</h1><ul>{codes}</ul>"
        return web.Response(text=text, content_type="text/html")

    async def _scan(self, request: web.Request) -> web.Response:
        self._logins.scan(request.match_info["token"])
        raise web.HTTPSeeOther(PREFIX)

    async def _confirm(self, request: web.Request) -> web.Response:
        self._logins.confirm(request.match_info["token"])
        raise web.HTTPSeeOther(PREFIX)

    async def _post(self, request: web.Request) -> web.Response:
        """Take a list of posts, one per account, as a stored post that is published at once."""
        publish_ids = [await self._publish(body) for body in await body_of(request)]
        post_id = f"post_{secrets.token_hex(8)}"
        self._drawer.put("post", post_id, publish_ids)
        return web.json_response({"postId": post_id})


def _line(login: Login) -> str:
    step = _STEPS[login.state]
    link = f"{PREFIX}/{step}/{login.token}"
    return f'<li>{escape(login.unique_id)}: <a href="{link}">{step} with the phone</a></li>'
