"""What people do: the routes the page calls, each as one person, by Discord's rules."""

from aiohttp import web

from sandbox.discord import (
    channels,
    commands,
    history,
    members,
    messages,
    permissions,
    reactions,
    shapes,
    threads,
)
from sandbox.discord.call import Call
from sandbox.discord.edge import Edge
from sandbox.discord.forms import Form, SnowflakeId
from sandbox.discord.interactions import Interactions
from sandbox.discord.live import Live
from sandbox.discord.permissions import P
from sandbox.discord.rest import Route, unknown
from sandbox.discord.values import Json

_ONE = "/people/{uid}"
_CHANNEL = _ONE + "/channels/{channel_id}"
_MESSAGE = _CHANNEL + "/messages/{message_id}"
_REACTIONS = _MESSAGE + "/reactions/{emoji}"


def _everyone(call: Call) -> Json:
    world = call.world
    people = [_person(call, user) for user in world.store.users]
    return {
        "people": people,
        "roles": list(world.store.roles),
        "guild": {"id": world.guild_id, "name": world.store.settings["guild"]["name"]},
        "application_id": world.bot_id,
    }


def _person(call: Call, user: Json) -> Json:
    held = [call.world.store.roles[role_id] for role_id in user["roles"]]
    coloured = [role for role in held if role["color"]]
    top = max(coloured, key=lambda role: role["position"], default={"color": 0})
    names = ("id", "username", "global_name", "roles", "bot")
    avatar = f"{call.who.origin}/cdn/avatars/{user['id']}/{user['avatar']}.png"
    return {name: user[name] for name in names} | {"avatar": avatar, "color": top["color"]}


def _channels(call: Call) -> list[Json]:
    store, uid = call.world.store, call.uid
    found: list[Json] = []
    for record in store.channels:
        allowed = permissions.in_channel(store, uid, record)
        archived = shapes.is_thread(record) and record["thread_metadata"]["archived"]
        if allowed & P.VIEW_CHANNEL and not archived:
            found.append(shapes.channel_for(record, uid) | {"my_permissions": str(allowed)})
    return found


def _history(call: Call) -> list[Json]:
    return history.page(call)[::-1]


def _delete(call: Call) -> None:
    record = call.world.store.messages.get(call["message_id"])
    if record and record["viewer"] == call.uid:  # "dismiss message"
        messages.remove(call.world, record)
    else:
        messages.delete(call)


class ThreadStart(Form):
    """Which message a thread starts from, if any."""

    message_id: SnowflakeId | None = None


def _start_thread(call: Call) -> Json:
    if message_id := call.form(ThreadStart).message_id:
        call.params["message_id"] = message_id
    call.body = {"type": 11} | call.fields()
    return threads.start(call)


ROUTES: list[Route] = [
    ("GET", "/people", _everyone),
    ("GET", _ONE + "/channels", _channels),
    ("GET", _ONE + "/commands", commands.usable),
    ("DELETE", _CHANNEL, channels.delete),
    ("PUT", _CHANNEL + "/permissions/{overwrite_id}", channels.set_overwrite),
    ("GET", _CHANNEL + "/messages", _history),
    ("POST", _CHANNEL + "/messages", messages.send),
    ("PATCH", _MESSAGE, messages.edit),
    ("DELETE", _MESSAGE, _delete),
    ("GET", _REACTIONS, reactions.users),
    ("PUT", _REACTIONS, reactions.add),
    ("DELETE", _REACTIONS, reactions.take),
    ("POST", _CHANNEL + "/threads", _start_thread),
    ("PUT", _ONE + "/members/{user_id}/roles/{role_id}", members.give_role),
    ("DELETE", _ONE + "/members/{user_id}/roles/{role_id}", members.take_role),
]


def mount(app: web.Application, edge: Edge, interactions: Interactions, live: Live) -> None:
    """Add the people's routes to an application."""
    for method, path, action in [*ROUTES, ("POST", _ONE + "/interactions", interactions.start)]:
        app.router.add_route(method, path, edge.for_person(action))
    app.router.add_get(_ONE + "/live", live.connect)
    app.router.add_route("*", "/people/{tail:.*}", edge.for_token(unknown))
