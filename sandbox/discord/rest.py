"""Discord's REST as the bot uses it: which route does what."""

import logging
from typing import Any

from aiohttp import web

from sandbox.discord import (
    channels,
    commands,
    history,
    members,
    messages,
    reactions,
    shapes,
    threads,
)
from sandbox.discord.call import Call
from sandbox.discord.edge import Action, Edge
from sandbox.discord.errors import Refusal, status_refusal
from sandbox.discord.interactions import Interactions
from sandbox.discord.values import Json
from sandbox.discord.webhooks import Webhooks

log = logging.getLogger(__name__)

ROOT = "/api/v10"
Route = tuple[str, str, Action]
_GUILD = "/guilds/{guild_id}"
_CHANNEL = "/channels/{channel_id}"
_MESSAGE = _CHANNEL + "/messages/{message_id}"
_REACTIONS = _MESSAGE + "/reactions"
_APP = "/applications/{application_id}"


def _gateway(call: Call) -> Json:
    limits = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
    url = call.who.origin.replace("http", "ws", 1) + "/gateway"
    return {"url": url, "shards": 1, "session_start_limit": limits}


def _channels(call: Call) -> list[Json]:
    found = call.same_guild().store.channels
    return [shapes.channel(each) for each in found if not shapes.is_thread(each)]


def _closed(_: Call) -> None:
    """Refuse a direct message: people of the sandbox take none, as many on Discord."""
    raise Refusal(50007)


def unknown(call: Call) -> None:
    """Refuse a route that this Discord does not have."""
    log.warning("Unknown route: %s", call.params["tail"])
    raise status_refusal(404)


def _command_routes() -> list[Route]:
    routes: list[Route] = []
    for scope in (_APP, _APP + _GUILD):
        one = scope + "/commands/{command_id}"
        routes += [
            ("GET", scope + "/commands", commands.listing),
            ("PUT", scope + "/commands", commands.overwrite),
            ("POST", scope + "/commands", commands.create),
            ("GET", one, commands.get),
            ("PATCH", one, commands.change),
            ("DELETE", one, commands.delete),
        ]
    return routes


ROUTES: list[Route] = [
    ("GET", "/users/@me", lambda call: shapes.user(call.world.user(call.uid))),
    ("POST", "/users/@me/channels", _closed),
    ("GET", "/users/{user_id}", lambda call: shapes.user(call.world.user(call["user_id"]))),
    ("GET", "/applications/@me", lambda call: shapes.application(call.world)),
    ("GET", "/oauth2/applications/@me", lambda call: shapes.application(call.world)),
    ("GET", "/gateway/bot", _gateway),
    ("GET", _GUILD, lambda call: shapes.guild(call.same_guild())),
    ("GET", _GUILD + "/channels", _channels),
    ("POST", _GUILD + "/channels", channels.create),
    ("GET", _GUILD + "/roles", lambda call: list(call.same_guild().store.roles)),
    ("GET", _GUILD + "/members", members.page),
    ("GET", _GUILD + "/members/{user_id}", members.get),
    ("PUT", _GUILD + "/members/{user_id}/roles/{role_id}", members.give_role),
    ("DELETE", _GUILD + "/members/{user_id}/roles/{role_id}", members.take_role),
    ("GET", _GUILD + "/threads/active", threads.active),
    ("GET", _CHANNEL, channels.get),
    ("PATCH", _CHANNEL, channels.edit),
    ("DELETE", _CHANNEL, channels.delete),
    ("PUT", _CHANNEL + "/permissions/{overwrite_id}", channels.set_overwrite),
    ("POST", _CHANNEL + "/typing", members.typing),
    ("GET", _CHANNEL + "/messages", history.page),
    ("POST", _CHANNEL + "/messages", messages.send),
    ("GET", _MESSAGE, history.get),
    ("PATCH", _MESSAGE, messages.edit),
    ("DELETE", _MESSAGE, messages.delete),
    ("DELETE", _REACTIONS, reactions.clear),
    ("GET", _REACTIONS + "/{emoji}", reactions.users),
    ("DELETE", _REACTIONS + "/{emoji}", reactions.clear),
    ("PUT", _REACTIONS + "/{emoji}/@me", reactions.add),
    ("DELETE", _REACTIONS + "/{emoji}/@me", reactions.take),
    ("DELETE", _REACTIONS + "/{emoji}/{user_id}", reactions.take),
    ("POST", _CHANNEL + "/threads", threads.start),
    ("POST", _MESSAGE + "/threads", threads.start),
    ("GET", _CHANNEL + "/threads/archived/public", threads.archived),
    ("GET", _CHANNEL + "/thread-members", threads.members),
    ("PUT", _CHANNEL + "/thread-members/{user_id}", threads.join),
    ("DELETE", _CHANNEL + "/thread-members/{user_id}", threads.leave),
    *_command_routes(),
]


def mount(app: web.Application, edge: Edge, interactions: Interactions) -> None:
    """Add Discord's REST to an application."""

    def add(method: str, path: str, handler: Any) -> None:
        app.router.add_route(method, ROOT + path, handler)

    add("GET", "/gateway", edge.for_token(lambda call: {"url": _gateway(call)["url"]}))
    for method, path, action in ROUTES:
        add(method, path, edge.for_bot(action))
    for method, path, action in Webhooks(interactions).routes():
        add(method, path, edge.for_token(action))
    add("*", "/{tail:.*}", edge.for_token(unknown))
