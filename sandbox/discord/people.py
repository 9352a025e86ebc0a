"""What people do: the routes the page calls, each as one person, by Discord's rules."""

import asyncio
import json

from aiohttp import web

from sandbox.discord import commands, messages, permissions, rest, shapes
from sandbox.discord.calls import Call, Edge, origin
from sandbox.discord.channels import history
from sandbox.discord.errors import Refusal
from sandbox.discord.interactions import Interactions
from sandbox.discord.message_shape import shape
from sandbox.discord.permissions import P
from sandbox.discord.rest import Route
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World

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
    store, uid = call.world.store, call.who.uid
    found: list[Json] = []
    for record in store.channels:
        allowed = permissions.in_channel(store, uid, record)
        archived = shapes.is_thread(record) and record["thread_metadata"]["archived"]
        if allowed & P.VIEW_CHANNEL and not archived:
            found.append(shapes.channel_for(record, uid) | {"my_permissions": str(allowed)})
    return found


def _history(call: Call) -> list[Json]:
    newest_first = history(call.world, call.who, call["channel_id"], call.query)
    return [shape(call.world, call.who, record) for record in reversed(newest_first)]


def _send(call: Call) -> Json:
    record = messages.send(call.world, call.who, call["channel_id"], call.parcel())
    return shape(call.world, call.who, record)


def _edit(call: Call) -> Json:
    place = (call["channel_id"], call["message_id"])
    return shape(call.world, call.who, messages.edit(call.world, call.who, *place, call.parcel()))


def _delete(call: Call) -> None:
    record = call.world.store.messages.get(call["message_id"])
    if record and record["viewer"] == call.who.uid:  # "dismiss message"
        messages.remove(call.world, record)
    else:
        messages.delete(call.world, call.who, call["channel_id"], call["message_id"])


def _start_thread(call: Call) -> Json:
    body: Json = {"type": 11} | call.body
    if body.get("message_id"):
        call.params["message_id"] = str(body["message_id"])
    return rest.start_thread(Call(call.world, call.who, call.params, {}, body))


def _commands(call: Call) -> list[Json]:
    return commands.usable(call.world, call.who.uid)


ROUTES: list[Route] = [
    ("GET", "/people", _everyone),
    ("GET", _ONE + "/channels", _channels),
    ("GET", _ONE + "/commands", _commands),
    ("DELETE", _CHANNEL, rest.delete_channel),
    ("PUT", _CHANNEL + "/permissions/{overwrite_id}", rest.set_overwrite),
    ("GET", _CHANNEL + "/messages", _history),
    ("POST", _CHANNEL + "/messages", _send),
    ("PATCH", _MESSAGE, _edit),
    ("DELETE", _MESSAGE, _delete),
    ("GET", _REACTIONS, rest.reactors),
    ("PUT", _REACTIONS, rest.react),
    ("DELETE", _REACTIONS, rest.unreact),
    ("POST", _CHANNEL + "/threads", _start_thread),
    ("PUT", _ONE + "/members/{user_id}/roles/{role_id}", rest.give_role),
    ("DELETE", _ONE + "/members/{user_id}/roles/{role_id}", rest.take_role),
]


class Live:
    """The live sockets: each person hears what they may see, as it happens."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._outboxes: dict[asyncio.Queue[str], Viewer] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        world.listeners.append(self.deliver)

    def deliver(self, event: Event) -> None:
        """Give an event to everyone who may see it."""
        if event.name == "INTERACTION_CREATE":
            return
        for outbox, viewer in self._outboxes.items():
            if self._world.sees(viewer.uid, event):
                frame = {"t": event.name, "d": event.body(viewer)}
                outbox.put_nowait(json.dumps(frame))

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one person's socket for as long as it lasts."""
        uid = request.match_info["uid"]
        if not self._world.store.users.get(uid):
            return web.Response(status=404)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        outbox: asyncio.Queue[str] = asyncio.Queue()
        self._outboxes[outbox] = Viewer(uid, origin(request))
        self._sockets.add(socket)
        writer = asyncio.create_task(_write(outbox, socket))
        try:
            async for _ in socket:  # people's pages only listen
                pass
        finally:
            writer.cancel()
            del self._outboxes[outbox]
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Close all sockets, as at a shut-down."""
        for socket in list(self._sockets):
            await socket.close(code=1001)


async def _write(outbox: "asyncio.Queue[str]", socket: web.WebSocketResponse) -> None:
    while True:
        frame = await outbox.get()
        try:
            await socket.send_str(frame)
        except ConnectionError:
            return


def mount(app: web.Application, edge: Edge, interactions: Interactions, live: Live) -> None:
    """Add the people's routes to an application."""

    async def interact(call: Call) -> Json:
        return await interactions.start(call.who, call.body, call.uploads)

    for method, path, action in [*ROUTES, ("POST", _ONE + "/interactions", interact)]:
        app.router.add_route(method, path, edge.for_person(action))
    app.router.add_get(_ONE + "/live", live.connect)
    app.router.add_route("*", "/people/{tail:.*}", edge.for_person(_nothing))


def _nothing(_: Call) -> None:
    refusal = Refusal(0, message="404: Not Found")
    refusal.status = 404
    raise refusal
