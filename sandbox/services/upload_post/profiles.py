"""The profiles of the simulated Upload-Post, and the page that connects accounts to them."""

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any, cast

from aiohttp import web

from sandbox.services.upload_post.fields import RefusedError
from sandbox.services.upload_post.links import handle
from sandbox.services.upload_post.parameters import LEVELS
from sandbox.services.upload_post.store import Store

ALL = (
    *("tiktok", "instagram", "youtube", "facebook", "threads"),
    *("x", "linkedin", "pinterest", "bluesky", "reddit"),
)
PLAN, LIMIT = "professional", 25
PREFIX = "/connect"

_NARROWING = ("tiktok", "instagram", "linkedin", "youtube", "facebook", "x", "threads")
_LINK_FIELDS = {
    *("username", "redirect_url", "logo_image", "redirect_button_text", "connect_title"),
    *("connect_description", "platforms", "show_calendar", "readonly_calendar", "language"),
}
_ABLE = ["draft", "cover_timestamp", "photo_privacy", "video_privacy"]
_NAMES = {"harbour": "Harbour Coffee", "roastery": "Harbour Roastery", "pier": "Pier Kiosk"}
_FIRST = {"harbour": ALL, "roastery": ("tiktok", "instagram", "youtube"), "pier": ()}


class Profiles:
    """The calls about profiles; `changed` tells of a new account."""

    def __init__(self, store: Store, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed
        if not store.all("profile"):
            for name, platforms in _FIRST.items():
                accounts = {item: _account(name) if item in platforms else "" for item in ALL}
                self._keep(name, accounts)
            self._expire("roastery", "instagram")

    def routes(self) -> list[web.RouteDef]:
        """Profiles, links, and the page behind a link."""
        users = "/api/uploadposts/users"
        return [
            web.get(users, self._list),
            web.get(users + "/{name}", self._one),
            web.post(users, self._create),
            web.delete(users, self._delete),
            web.post(users + "/generate-jwt", self._make_link),
            web.get("/api/uploadposts/tiktok/settings", self._settings),
            web.get("/api/uploadposts/facebook/pages", self._pages),
            web.get("/api/uploadposts/linkedin/pages", self._pages),
            web.get("/api/uploadposts/pinterest/boards", self._boards),
            web.get(PREFIX, self._page),
        ]

    def get(self, name: str) -> Any:
        """A profile; None when there is none."""
        return self._store.get("profile", name)

    def all(self) -> list[Any]:
        """All profiles, oldest first."""
        return list(self._store.all("profile").values())

    async def _list(self, request: web.Request) -> web.Response:
        body = {"success": True, "plan": PLAN, "limit": LIMIT, "profiles": self.all()}
        return web.json_response(body)

    async def _one(self, request: web.Request) -> web.Response:
        return web.json_response(
            {"success": True, "profile": self._known(request.match_info["name"])}
        )

    async def _create(self, request: web.Request) -> web.Response:
        name = str((await json_of(request, {"username"})).get("username") or "")
        if not name or "/" in name:
            raise RefusedError(400, "Missing or invalid username")
        if self.get(name):
            raise RefusedError(409, "A profile with this username already exists")
        if len(self.all()) >= LIMIT:
            raise RefusedError(403, "Profile limit reached", error_code="PROFILE_LIMIT_REACHED")
        profile = self._keep(name, dict.fromkeys(ALL, ""))
        return web.json_response({"success": True, "profile": profile}, status=201)

    async def _delete(self, request: web.Request) -> web.Response:
        name = str((await json_of(request, {"username"})).get("username") or "")
        self._known(name)
        self._store.remove("profile", name)
        self._changed()
        return web.json_response({"success": True, "message": "Profile deleted"})

    async def _make_link(self, request: web.Request) -> web.Response:
        body = await json_of(request, _LINK_FIELDS)
        name = str(body.get("username") or "")
        self._known(name)
        platforms = cast("list[str]", body.get("platforms") or list(ALL))
        wrong = [item for item in platforms if item not in _NARROWING]
        if body.get("platforms") and wrong:
            raise RefusedError(400, f"Invalid platforms: {wrong}")
        token = secrets.token_urlsafe(24)
        self._store.put("link", token, {"profile": name, "platforms": platforms})
        url = f"{request.url.origin()}{PREFIX}?token={token}"
        return web.json_response({"success": True, "access_url": url, "duration": "48h"})

    async def _settings(self, request: web.Request) -> web.Response:
        profile = self._known(request.query.get("profile", ""))
        if not profile["social_accounts"].get("tiktok"):
            raise RefusedError(404, "No TikTok account connected")
        levels = LEVELS if profile["username"] == "harbour" else ("SELF_ONLY", LEVELS[0])
        body = {
            "success": True,
            "privacy_level_options": levels,
            "max_video_post_duration_sec": 600,
            "comment_disabled": False,
            "duet_disabled": False,
            "stitch_disabled": False,
        }
        return web.json_response(body)

    async def _pages(self, request: web.Request) -> web.Response:
        found = self._things_of(request, ("Harbour Coffee", "Harbour Roastery"), "page")
        return web.json_response({"success": True, "pages": found})

    async def _boards(self, request: web.Request) -> web.Response:
        found = self._things_of(request, ("Coffee", "Cakes", "The harbour"), "board")
        return web.json_response({"success": True, "boards": found})

    def _things_of(self, request: web.Request, names: tuple[str, ...], what: str) -> list[Any]:
        """What a profile has at the platform that the path names."""
        profile = self._known(request.query.get("profile", ""))
        platform = request.path.split("/")[3]
        if not profile["social_accounts"].get(platform):
            raise RefusedError(404, f"No {platform} account connected")
        return [{"id": f"{what}-{number}", "name": name} for number, name in enumerate(names, 1)]

    async def _page(self, request: web.Request) -> web.Response:
        """Connect the one platform that was asked for, or offer the choice."""
        token = request.query.get("token", "")
        asked = self._store.get("link", token)
        if asked is None:
            return _html("This link was used or never made. Ask for a new one.", 410)
        platforms = [request.query["platform"]] if "platform" in request.query else None
        chosen = platforms or asked["platforms"]
        if len(chosen) > 1 or chosen[0] not in asked["platforms"]:
            links = (
                f'<li><a href="?token={escape(token)}&amp;platform={name}">{name}</a></li>'
                for name in asked["platforms"]
            )
            return _html(f"Connect to {escape(asked['profile'])}:<ul>{''.join(links)}</ul>")
        self._store.remove("link", token)
        profile = self._known(asked["profile"])
        profile["social_accounts"][chosen[0]] = _account(asked["profile"])
        self._store.put("profile", asked["profile"], profile)
        self._changed()
        return _html(f"{chosen[0]} is connected to {escape(asked['profile'])}. Close this page.")

    def _known(self, name: str) -> Any:
        if (profile := self.get(name)) is None:
            raise RefusedError(404, "Profile not found", error_code="PROFILE_NOT_FOUND")
        return profile

    def _keep(self, name: str, accounts: dict[str, Any]) -> dict[str, Any]:
        made = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        profile = {"username": name, "created_at": made, "social_accounts": accounts}
        self._store.put("profile", name, profile)
        return profile

    def _expire(self, name: str, platform: str) -> None:
        profile = self.get(name)
        profile["social_accounts"][platform]["reauth_required"] = True
        self._store.put("profile", name, profile)


async def json_of(request: web.Request, known: set[str]) -> dict[str, Any]:
    """A JSON object with no field but the documented ones."""
    try:
        body = await request.json()
    except json.JSONDecodeError as error:
        raise RefusedError(400, "Invalid JSON") from error
    if not isinstance(body, dict):
        raise RefusedError(400, "Invalid JSON")
    fields = cast("dict[str, Any]", body)
    if unknown := set(fields) - known:
        raise RefusedError(400, f"Unknown field: {min(unknown)}")
    return fields


def _account(profile: str) -> dict[str, Any]:
    return {
        "username": handle(profile),
        "handle": f"@{handle(profile)}",
        "display_name": _NAMES.get(profile, profile),
        "social_images": "",
        "reauth_required": False,
        "capabilities": _ABLE if profile == "harbour" else _ABLE[:2],
    }


def _html(text: str, status: int = 200) -> web.Response:
    page = f"<!doctype html><title>Upload-Post</title><p>{text}</p>"
    return web.Response(text=page, content_type="text/html", status=status)
