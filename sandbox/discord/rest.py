"""Discord's REST as the bot uses it: which route does what."""

import asyncio
from typing import Any

from aiohttp import web

from sandbox.discord import (
    callbacks,
    channels,
    commands,
    members,
    messages,
    permissions,
    reactions,
    shapes,
)
from sandbox.discord.calls import Action, Call, Edge, unknown
from sandbox.discord.channels import ChannelForm, Overwrite
from sandbox.discord.drafts import EPHEMERAL, LOADING
from sandbox.discord.errors import Refusal
from sandbox.discord.forms import read
from sandbox.discord.interactions import Interaction, Interactions
from sandbox.discord.message_shape import shape
from sandbox.discord.messages import Parcel
from sandbox.discord.values import Json
from sandbox.discord.world import Event

ROOT = "/api/v10"
Route = tuple[str, str, Action]
_CHANNEL = "/channels/{channel_id}"
_MESSAGE = _CHANNEL + "/messages/{message_id}"
_REACTIONS = _MESSAGE + "/reactions"
_APP = "/applications/{application_id}"


def _guild(call: Call) -> Json:
    return shapes.guild(_same_guild(call).world)


def _same_guild(call: Call) -> Call:
    if call["guild_id"] != call.world.guild_id:
        raise Refusal(10004)
    return call


def _scope(call: Call) -> str | None:
    if call["application_id"] != call.world.bot_id:
        raise Refusal(10002)
    return _same_guild(call)["guild_id"] if "guild_id" in call.params else None


def _gateway(call: Call) -> Json:
    return {
        "url": call.who.origin.replace("http", "ws", 1) + "/gateway",
        "shards": 1,
        "session_start_limit": {
            "total": 1000,
            "remaining": 999,
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    }


def _channel(call: Call) -> Json:
    record = call.world.channel(call["channel_id"])
    permissions.require(call.world.store, call.who.uid, record)
    return shapes.channel_for(record, call.who.uid)


def _shown(call: Call, record: Json) -> Json:
    return shape(call.world, call.who, record)


def _send(call: Call) -> Json:
    return _shown(call, messages.send(call.world, call.who, call["channel_id"], call.parcel()))


def _get(call: Call) -> Json:
    place = (call["channel_id"], call["message_id"])
    return _shown(call, messages.get(call.world, call.who, *place))


def _history(call: Call) -> list[Json]:
    found = channels.history(call.world, call.who, call["channel_id"], call.query)
    return [_shown(call, record) for record in found]


def _edit(call: Call) -> Json:
    place = (call["channel_id"], call["message_id"])
    return _shown(call, messages.edit(call.world, call.who, *place, call.parcel()))


def _delete(call: Call) -> None:
    messages.delete(call.world, call.who, call["channel_id"], call["message_id"])


def react(call: Call) -> None:
    """Add one's own reaction."""
    place = (call["channel_id"], call["message_id"])
    reactions.add(call.world, call.who, *place, call["emoji"])


def unreact(call: Call) -> None:
    """Take away a reaction, one's own unless the path names someone."""
    place = (call["channel_id"], call["message_id"])
    uid = call.params.get("user_id", call.who.uid)
    reactions.take(call.world, call.who, *place, call["emoji"], uid)


def reactors(call: Call) -> list[Json]:
    """List who reacted with an emoji."""
    place = (call["channel_id"], call["message_id"])
    return reactions.users(call.world, call.who, *place, call["emoji"], call.query)


def _clear(call: Call) -> None:
    place = (call["channel_id"], call["message_id"])
    reactions.clear(call.world, call.who, *place, call.params.get("emoji"))


def start_thread(call: Call) -> Json:
    """Start a thread, from the message in the path or free."""
    form = read(ChannelForm, call.body)
    message_id = call.params.get("message_id")
    thread = channels.start_thread(call.world, call.who, call["channel_id"], form, message_id)
    return shapes.thread_for(thread, call.who.uid)


def _active_threads(call: Call) -> Json:
    world, uid = call.world, call.who.uid
    return _threads(call, [
        each for each in world.store.channels
        if shapes.is_thread(each) and not each["thread_metadata"]["archived"]
        and permissions.may(world.store, uid, each, permissions.P.VIEW_CHANNEL)
    ])  # fmt: skip


def _archived_threads(call: Call) -> Json:
    parent = call.world.channel(call["channel_id"])
    needed = permissions.P.READ_MESSAGE_HISTORY
    permissions.require(call.world.store, call.who.uid, parent, needed)
    return _threads(call, [
        each for each in call.world.store.channels
        if each["parent_id"] == parent["id"] and each["type"] == 11
        and each["thread_metadata"]["archived"]
    ]) | {"has_more": False}  # fmt: skip


def _threads(call: Call, found: list[Json]) -> Json:
    uid = call.who.uid
    joined = [shapes.thread_member(each, uid) for each in found if uid in each["members"]]
    return {"threads": [shapes.thread_for(each, uid) for each in found], "members": joined}


def _join(call: Call) -> None:
    _change_membership(call, joins=True)


def _leave(call: Call) -> None:
    _change_membership(call, joins=False)


def _change_membership(call: Call, *, joins: bool) -> None:
    uid = call.who.uid if call["user_id"] == "@me" else call["user_id"]
    channels.change_membership(call.world, call.who, call["channel_id"], uid, joins=joins)


def _thread_members(call: Call) -> list[Json]:
    thread = call.world.channel(call["channel_id"])
    permissions.require(call.world.store, call.who.uid, thread)
    if not shapes.is_thread(thread):
        raise Refusal(50024)
    return [shapes.thread_member(thread, uid) for uid in thread["members"]]


def _typing(call: Call) -> None:
    world, channel = call.world, call.world.channel(call["channel_id"])
    permissions.require(world.store, call.who.uid, channel, permissions.speaking(channel))
    body: Json = {
        "channel_id": channel["id"],
        "guild_id": world.guild_id,
        "user_id": call.who.uid,
        "timestamp": int(world.now().timestamp()),
        "member": shapes.member(world.store.users[call.who.uid]),
    }
    world.publish(Event("TYPING_START", lambda _: body, channel))


def create_channel(call: Call) -> Json:
    """Create a text channel."""
    form = read(ChannelForm, _same_guild(call).body)
    return shapes.channel(channels.create(call.world, call.who, form))


def _edit_channel(call: Call) -> Json:
    form = read(ChannelForm, call.body)
    return shapes.channel(channels.edit(call.world, call.who, call["channel_id"], form))


def delete_channel(call: Call) -> Json:
    """Delete a channel or thread."""
    return shapes.channel(channels.delete(call.world, call.who, call["channel_id"]))


def set_overwrite(call: Call) -> None:
    """Say what a role or member may do in a channel."""
    overwrite = read(Overwrite, {**call.body, "id": call["overwrite_id"]})
    channels.set_overwrite(call.world, call.who, call["channel_id"], overwrite)


def give_role(call: Call) -> None:
    """Give a member a role."""
    members.set_role(call.world, call.who, call["user_id"], call["role_id"], holds=True)


def take_role(call: Call) -> None:
    """Take a role from a member."""
    members.set_role(call.world, call.who, call["user_id"], call["role_id"], holds=False)


def _list_commands(call: Call) -> list[Json]:
    return commands.in_scope(call.world, _scope(call))


def _overwrite_commands(call: Call) -> list[Json]:
    return commands.overwrite(call.world, _scope(call), call.body)


def _one_command(call: Call) -> Json:
    return commands.get(call.world, _scope(call), call["command_id"])


def _change_command(call: Call) -> Json:
    return commands.upsert(call.world, _scope(call), _one_command(call) | call.body)


def _create_command(call: Call) -> Json:
    return commands.upsert(call.world, _scope(call), call.body)


def _delete_command(call: Call) -> None:
    commands.delete(call.world, _scope(call), call["command_id"])


def _command_routes() -> list[Route]:
    routes: list[Route] = []
    for scope in (_APP, _APP + "/guilds/{guild_id}"):
        one = scope + "/commands/{command_id}"
        routes += [
            ("GET", scope + "/commands", _list_commands),
            ("PUT", scope + "/commands", _overwrite_commands),
            ("POST", scope + "/commands", _create_command),
            ("GET", one, _one_command),
            ("PATCH", one, _change_command),
            ("DELETE", one, _delete_command),
        ]
    return routes


BOT_ROUTES: list[Route] = [
    ("GET", "/users/@me", lambda call: shapes.user(call.world.user(call.who.uid))),
    ("GET", "/users/{user_id}", lambda call: shapes.user(call.world.user(call["user_id"]))),
    ("GET", "/applications/@me", lambda call: shapes.application(call.world)),
    ("GET", "/oauth2/applications/@me", lambda call: shapes.application(call.world)),
    ("GET", "/gateway/bot", _gateway),
    ("GET", "/guilds/{guild_id}", _guild),
    ("GET", "/guilds/{guild_id}/channels", lambda call: [
        shapes.channel(each) for each in _same_guild(call).world.store.channels
        if not shapes.is_thread(each)
    ]),
    ("POST", "/guilds/{guild_id}/channels", create_channel),
    ("GET", "/guilds/{guild_id}/roles", lambda call: list(_same_guild(call).world.store.roles)),
    ("GET", "/guilds/{guild_id}/members", lambda call: members.list_page(_same_guild(call).world, call.query)),
    ("GET", "/guilds/{guild_id}/members/{user_id}", lambda call: members.get(_same_guild(call).world, call["user_id"])),
    ("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", give_role),
    ("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", take_role),
    ("GET", "/guilds/{guild_id}/threads/active", _active_threads),
    ("GET", _CHANNEL, _channel),
    ("PATCH", _CHANNEL, _edit_channel),
    ("DELETE", _CHANNEL, delete_channel),
    ("PUT", _CHANNEL + "/permissions/{overwrite_id}", set_overwrite),
    ("POST", _CHANNEL + "/typing", _typing),
    ("GET", _CHANNEL + "/messages", _history),
    ("POST", _CHANNEL + "/messages", _send),
    ("GET", _MESSAGE, _get),
    ("PATCH", _MESSAGE, _edit),
    ("DELETE", _MESSAGE, _delete),
    ("DELETE", _REACTIONS, _clear),
    ("GET", _REACTIONS + "/{emoji}", reactors),
    ("DELETE", _REACTIONS + "/{emoji}", _clear),
    ("PUT", _REACTIONS + "/{emoji}/@me", react),
    ("DELETE", _REACTIONS + "/{emoji}/@me", unreact),
    ("DELETE", _REACTIONS + "/{emoji}/{user_id}", unreact),
    ("POST", _CHANNEL + "/threads", start_thread),
    ("POST", _MESSAGE + "/threads", start_thread),
    ("GET", _CHANNEL + "/threads/archived/public", _archived_threads),
    ("GET", _CHANNEL + "/thread-members", _thread_members),
    ("PUT", _CHANNEL + "/thread-members/{user_id}", _join),
    ("DELETE", _CHANNEL + "/thread-members/{user_id}", _leave),
    *_command_routes(),
]  # fmt: skip


class Webhooks:
    """The routes whose address holds an interaction's token."""

    def __init__(self, interactions: Interactions) -> None:
        self._interactions = interactions

    def routes(self) -> list[Route]:
        """Return the routes with what each does."""
        hook = "/webhooks/{application_id}/{token}"
        one = hook + "/messages/{message_id}"
        return [
            ("POST", "/interactions/{interaction_id}/{token}/callback", self._respond),
            ("POST", hook, self._follow_up),
            ("GET", one, self._get),
            ("PATCH", one, self._edit),
            ("DELETE", one, self._delete),
        ]

    def _answered(self, call: Call) -> Interaction:
        if call["application_id"] != call.world.bot_id:
            raise Refusal(10015)
        return self._interactions.answered(call["token"])

    def _respond(self, call: Call) -> Json | None:
        interaction = self._interactions.awaiting(call["interaction_id"], call["token"])
        parcel = Parcel(callbacks.parcel_draft(call.body), call.uploads)
        record = callbacks.respond(call.world, interaction, call.body, parcel)
        if call.query.get("with_response") not in ("1", "true", "True"):
            return None
        return self._callback(call, interaction, record)

    def _callback(self, call: Call, interaction: Interaction, record: Json | None) -> Json:
        about: Json = {"id": interaction.id, "type": interaction.kind}
        resource: Json = {"type": interaction.callback_type}
        if record:
            about |= {
                "response_message_id": record["id"],
                "response_message_loading": bool(record["flags"] & LOADING),
                "response_message_ephemeral": bool(record["flags"] & EPHEMERAL),
            }
            resource["message"] = _shown(call, record)
        return {"interaction": about, "resource": resource}

    def _follow_up(self, call: Call) -> Json:
        return _shown(call, callbacks.follow_up(call.world, self._answered(call), call.parcel()))

    def _get(self, call: Call) -> Json:
        return _shown(call, callbacks.find(call.world, self._answered(call), call["message_id"]))

    def _edit(self, call: Call) -> Json:
        place = (self._answered(call), call["message_id"])
        return _shown(call, callbacks.edit(call.world, *place, call.parcel()))

    def _delete(self, call: Call) -> None:
        record = callbacks.find(call.world, self._answered(call), call["message_id"])
        messages.remove(call.world, record)


def mount(app: web.Application, edge: Edge, interactions: Interactions) -> None:
    """Add Discord's REST to an application."""

    async def not_there(request: web.Request) -> web.Response:
        await asyncio.sleep(0)
        return unknown(request)

    def add(method: str, path: str, handler: Any) -> None:
        app.router.add_route(method, ROOT + path, handler)

    add("GET", "/gateway", edge.for_token(lambda call: {"url": _gateway(call)["url"]}))
    for method, path, action in BOT_ROUTES:
        add(method, path, edge.for_bot(action))
    for method, path, action in Webhooks(interactions).routes():
        add(method, path, edge.for_token(action))
    add("*", "/{tail:.*}", not_there)
