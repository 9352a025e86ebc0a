"""The CDN: files behind signed links, and avatars made of initials."""

import colorsys
from html import escape

from aiohttp import web

from sandbox.discord import files
from sandbox.discord.edge import answer
from sandbox.discord.world import World

_GONE = "This content is no longer available."


class Cdn:
    """Serves attachments and avatars."""

    def __init__(self, world: World) -> None:
        self._world = world

    def mount(self, app: web.Application) -> None:
        """Add the routes to an application."""
        for kind in ("attachments", "ephemeral-attachments"):
            app.router.add_get(f"/cdn/{kind}/{{channel_id}}/{{file_id}}/{{name}}", self.attachment)
        app.router.add_get("/cdn/avatars/{user_id}/{name}", self.avatar)
        app.router.add_get("/cdn/embed/avatars/{name}", self.avatar)

    async def attachment(self, request: web.Request) -> web.StreamResponse:
        """Serve a file while its link is valid; refuse with 404 as Discord does."""
        file_id = request.match_info["file_id"]
        record = self._world.store.files.get(file_id)
        if not record or not files.valid(self._world, file_id, request.query):
            return web.Response(status=404, text=_GONE)
        headers = {
            "Content-Type": record["content_type"],
            "Cache-Control": "private, max-age=86400",
            # what people upload must not act with the rights of the page
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        return web.FileResponse(self._world.store.files_folder / file_id, headers=headers)

    async def avatar(self, request: web.Request) -> web.Response:
        """Draw someone's initials on their colour."""
        user = self._world.store.users.get(request.match_info.get("user_id", ""))
        if user is None:
            return answer({"message": "404: Not Found", "code": 0}, 404)
        name: str = user["global_name"] or user["username"]
        initials = "".join(word[0] for word in name.split()[:2]).upper()
        return web.Response(text=_drawing(initials, int(user["id"])), content_type="image/svg+xml")


def _drawing(initials: str, seed: int) -> str:
    red, green, blue = (
        int(part * 255) for part in colorsys.hls_to_rgb((seed >> 22) % 97 / 97, 0.4, 0.5)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128" width="128" height="128">'
        f'<rect width="128" height="128" fill="rgb({red},{green},{blue})"/>'
        '<text x="64" y="66" fill="white" font-family="sans-serif" font-size="52" '
        'text-anchor="middle" dominant-baseline="central">'
        f"{escape(initials)}</text></svg>"
    )
