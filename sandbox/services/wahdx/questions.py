"""What can be asked of the simulated WAHDX about posts: one by one, by a list, by a stored post."""

from typing import Any

from aiohttp import web

from sandbox.services.shelf import Post, Shelf
from sandbox.services.wahdx import answers
from sandbox.services.wahdx.accounts import Accounts
from sandbox.services.wahdx.dashboard import Dashboard
from sandbox.services.wahdx.fields import BATCH, CHECK, RefusedError, body_of, media_type, read


class Questions:
    """The status routes."""

    def __init__(self, shelf: Shelf, accounts: Accounts, dashboard: Dashboard) -> None:
        self._shelf = shelf
        self._accounts = accounts
        self._dashboard = dashboard

    def routes(self) -> list[web.RouteDef]:
        """Both documented calls."""
        return [
            web.get("/api/content/status/{account}/{publish}", self._one),
            web.post("/api/content/status/batch", self._batch),
        ]

    async def _one(self, request: web.Request) -> web.Response:
        query = read(dict(request.query), {"mediaType": str}, "the query")
        account = self._accounts.find(request.match_info["account"])
        post = self._found(account.id, request.match_info["publish"])
        told = answers.status(post, account, media_type(query.get("mediaType")))
        return web.json_response(told)

    async def _batch(self, request: web.Request) -> web.Response:
        body = read(await body_of(request), BATCH)
        if "postId" in body:
            found = self._dashboard.posted(body["postId"])
            checks: list[Any] = [{"accountId": one, "publishId": other} for one, other in found]
        else:
            checks = body.get("checks", [])
        if not checks:
            raise RefusedError(400, "checks must be a list with at least one item, or give postId")
        results = [self._checked(read(item, CHECK, "checks")) for item in checks]
        return web.json_response(answers.batch(results))

    def _checked(self, item: dict[str, Any]) -> dict[str, Any]:
        kind = media_type(item.pop("mediaType", None))
        try:
            account = self._accounts.find(item.get("accountId"))
            post = self._found(account.id, item.get("publishId", ""))
        except RefusedError as error:
            return item | error.body
        return item | {"success": True} | answers.progress(post, account, kind)

    def _found(self, account_id: str, publish_id: str) -> Post:
        post = self._shelf.get(publish_id)
        if post is None or post.account_id != account_id:
            raise RefusedError(404, "Publish not found")
        return post
