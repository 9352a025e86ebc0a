"""What the simulated OpenShorts sends to Upload-Post: the same fields as the real server, over
HTTP, to the simulated Upload-Post beside it.
"""

import json
from pathlib import Path
from typing import Any, cast

import aiohttp

from sandbox.services.base import AddressOf
from sandbox.services.openshorts.rules import PostRequest, RefusedError

TIMEOUT = 120.0  # seconds the real server waits for Upload-Post
SHOWN = ("tiktok", "instagram", "youtube")

_DROPPED = "Server disconnected without sending a response."
_FALLBACK = "Viral Short"


class Vendor:
    """Upload-Post as OpenShorts sees it. Every trouble is a RefusedError with OpenShorts' words."""

    def __init__(self, address_of: AddressOf | None, timeout: float) -> None:
        self._address_of = address_of
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def ask(self, key: str, method: str, path: str, **parts: Any) -> tuple[int, str]:
        """Make one call: the status and the text of the answer."""
        headers = {"Authorization": f"Apikey {key}"}
        url = f"{self._base()}/api/{path}"
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=headers) as session,
                session.request(method, url, **parts) as response,
            ):
                return response.status, await response.text()
        except TimeoutError as error:
            raise RefusedError(500, "timed out") from error
        except aiohttp.ClientConnectorError as error:
            raise RefusedError(500, "All connection attempts failed") from error
        except aiohttp.ClientError as error:
            raise RefusedError(500, _DROPPED) from error

    async def upload(self, key: str, post: PostRequest, clip: dict[str, Any], file: Path) -> Any:
        """Hand a clip over; the answer as it came."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in upload_fields(post, clip):
            form.add_field(name, value)
        content = file.read_bytes()  # noqa: ASYNC240 - as blocking as the real server
        form.add_field("video", content, filename=file.name, content_type="video/mp4")
        status, text = await self.ask(key, "POST", "upload", data=form)
        if status not in (200, 201, 202):
            raise RefusedError(500, f"{status}: Vendor API Error: {text}")
        return _json(text)

    async def profiles(self, key: str) -> list[dict[str, Any]]:
        """The profiles with what is connected, and nothing of whether it still works."""
        status, text = await self.ask(key, "GET", "uploadposts/users")
        if status != 200:
            raise RefusedError(500, f"{status}: Failed to fetch user: {text}")
        return [
            {"username": profile["username"], "connected": _connected(profile)}
            for profile in _json(text).get("profiles", [])
        ]

    async def scheduled(self, key: str, profile: str) -> list[dict[str, Any]]:
        """What a profile has scheduled, soonest first."""
        found = await self.proxied(key, "GET", "uploadposts/schedule")
        # Documented as a bare list, seen as a list in an object.
        posts = cast(
            "list[dict[str, Any]]", found if isinstance(found, list) else found["scheduled_posts"]
        )
        mine = [post for post in posts if post.get("profile_username") == profile]
        return sorted(mine, key=lambda post: str(post.get("scheduled_date")))

    async def proxied(self, key: str, method: str, path: str, **parts: Any) -> Any:
        """A call whose status is kept."""
        status, text = await self.ask(key, method, path, **parts)
        if status >= 400:
            raise RefusedError(status, f"Vendor API Error: {text}")
        return _json(text)

    def _base(self) -> str:
        if self._address_of is None:
            raise RefusedError(500, "All connection attempts failed")
        return self._address_of("upload_post")


def upload_fields(post: PostRequest, clip: dict[str, Any]) -> list[tuple[str, str]]:
    """The fields of an upload. The description of every platform is Instagram's by default."""
    title = post.title or _FALLBACK
    description = post.description or clip.get("video_description_for_instagram") or _FALLBACK
    fields = [("user", post.user_id or ""), ("title", title)]
    fields += [("platform[]", name) for name in post.platforms]
    fields += [("async_upload", "true")]
    if post.scheduled_date:
        fields += [("scheduled_date", post.scheduled_date)]
        fields += [("timezone", post.timezone)] if post.timezone else []
    if "tiktok" in post.platforms:
        fields += [("tiktok_title", description), ("post_mode", "MEDIA_UPLOAD")]
    if "instagram" in post.platforms:
        fields += [("instagram_title", description), ("media_type", "REELS")]
    if "youtube" in post.platforms:
        short = post.title or clip.get("video_title_for_youtube_short") or title
        fields += [("youtube_title", short), ("youtube_description", description)]
        fields += [("privacyStatus", "public")]
    return fields


def _connected(profile: dict[str, Any]) -> list[str]:
    accounts: dict[str, Any] = profile.get("social_accounts") or {}
    return [name for name in SHOWN if isinstance(accounts.get(name), dict)]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise RefusedError(500, str(error)) from error
