"""Channels and threads: create, change, delete; reading a channel's messages."""

from typing import Annotated, Literal

from pydantic import Field

from sandbox.discord import messages, permissions, shapes
from sandbox.discord.drafts import HAS_THREAD
from sandbox.discord.errors import Refusal, invalid
from sandbox.discord.forms import Form, SnowflakeId
from sandbox.discord.founding import channel_record
from sandbox.discord.message_shape import publish
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World


class Overwrite(Form):
    """What a role (type 0) or member (type 1) may or may not do in a channel."""

    id: SnowflakeId
    type: Literal[0, 1] = 0
    allow: SnowflakeId = "0"
    deny: SnowflakeId = "0"


class ChannelForm(Form):
    """The body of a channel or thread that is created or changed."""

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    type: Literal[0, 11, 12] = 0
    topic: Annotated[str, Field(max_length=1024)] | None = None
    permission_overwrites: list[Overwrite] | None = None
    auto_archive_duration: Literal[60, 1440, 4320, 10080] = 1440
    archived: bool | None = None
    locked: bool | None = None
    rate_limit_per_user: Annotated[int, Field(ge=0, le=21600)] | None = None


def publish_channel(world: World, kind: str, channel: Json) -> None:
    """Tell of a channel or thread that came, changed or went."""
    name = f"{'THREAD' if shapes.is_thread(channel) else 'CHANNEL'}_{kind}"
    scope = channel if shapes.is_thread(channel) else None  # bots hear of every channel
    world.publish(Event(name, lambda who: shapes.channel_for(channel, who.uid), scope))


def create(world: World, who: Viewer, form: ChannelForm) -> Json:
    """Create a text channel; needs MANAGE_CHANNELS."""
    permissions.require_in_guild(world.store, who.uid, P.MANAGE_CHANNELS)
    if not form.name:
        raise invalid(["name"], "BASE_TYPE_REQUIRED", "This field is required")
    record = channel_record(world.new_id(), world.guild_id, form.name, len(world.store.channels))
    _change(record, form)
    world.store.channels.save(record)
    publish_channel(world, "CREATE", record)
    return record


def edit(world: World, who: Viewer, channel_id: str, form: ChannelForm) -> Json:
    """Change a channel (MANAGE_CHANNELS) or a thread (its owner, or MANAGE_THREADS)."""
    channel = world.channel(channel_id)
    thread = shapes.is_thread(channel)
    if not thread:
        permissions.require(world.store, who.uid, channel, P.MANAGE_CHANNELS)
    elif channel["owner_id"] != who.uid or form.locked is not None:
        permissions.require(world.store, who.uid, channel, P.MANAGE_THREADS)
    _change(channel, form)
    if thread:
        _change_thread(world, channel, form)
    world.store.channels.save(channel)
    publish_channel(world, "UPDATE", channel)
    return channel


def _change(channel: Json, form: ChannelForm) -> None:
    given = form.wire()
    names = ("name", "topic", "rate_limit_per_user", "permission_overwrites")
    channel |= {name: given[name] for name in names if name in given}


def _change_thread(world: World, thread: Json, form: ChannelForm) -> None:
    given = form.wire()
    names = ("archived", "locked", "auto_archive_duration")
    thread["thread_metadata"] |= {name: given[name] for name in names if name in given}
    if form.archived is not None:
        thread["thread_metadata"]["archive_timestamp"] = world.stamp()


def delete(world: World, who: Viewer, channel_id: str) -> Json:
    """Delete a channel with its threads (MANAGE_CHANNELS), or a thread (MANAGE_THREADS)."""
    channel = world.channel(channel_id)
    needed = P.MANAGE_THREADS if shapes.is_thread(channel) else P.MANAGE_CHANNELS
    permissions.require(world.store, who.uid, channel, needed)
    for thread in world.store.channels:
        if thread["parent_id"] == channel_id:
            _drop(world, thread)
    _drop(world, channel)
    return channel


def _drop(world: World, channel: Json) -> None:
    for message_id in list(world.store.message_ids(channel["id"])):
        world.store.drop_message(world.store.messages[str(message_id)])
    publish_channel(world, "DELETE", channel)
    world.store.channels.drop(channel["id"])


def set_overwrite(world: World, who: Viewer, channel_id: str, overwrite: Overwrite) -> None:
    """Say what a role or member may do in a channel; needs MANAGE_ROLES."""
    channel = world.channel(channel_id)
    permissions.require(world.store, who.uid, channel, P.MANAGE_ROLES)
    others = [each for each in channel["permission_overwrites"] if each["id"] != overwrite.id]
    channel["permission_overwrites"] = [*others, overwrite.model_dump()]
    world.store.channels.save(channel)
    publish_channel(world, "UPDATE", channel)


def start_thread(
    world: World, who: Viewer, channel_id: str, form: ChannelForm, message_id: str | None = None
) -> Json:
    """Start a thread, from a message or free; needs CREATE_PUBLIC_ or _PRIVATE_THREADS."""
    parent = world.channel(channel_id)
    if shapes.is_thread(parent):
        raise Refusal(50024)
    private = message_id is None and form.type == 12
    needed = P.CREATE_PRIVATE_THREADS if private else P.CREATE_PUBLIC_THREADS
    permissions.require(world.store, who.uid, parent, needed | P.READ_MESSAGE_HISTORY)
    if not form.name:
        raise invalid(["name"], "BASE_TYPE_REQUIRED", "This field is required")
    if message_id is not None:
        _mark_starter(world, channel_id, message_id)
    thread = _thread_record(world, who, parent, form) | {"type": 12 if private else 11}
    thread["id"] = message_id or thread["id"]
    world.store.channels.save(thread)
    _tell_of_thread(world, who, parent, thread, message_id)
    return thread


def _mark_starter(world: World, channel_id: str, message_id: str) -> None:
    message = world.message(channel_id, message_id)
    if world.store.channels.get(message_id):
        raise Refusal(160004)
    message["flags"] |= HAS_THREAD
    world.store.messages.save(message)


def _thread_record(world: World, who: Viewer, parent: Json, form: ChannelForm) -> Json:
    return {
        "id": world.new_id(),
        "guild_id": world.guild_id,
        "parent_id": parent["id"],
        "owner_id": who.uid,
        "name": form.name,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": 1,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "locked": False,
            "auto_archive_duration": form.auto_archive_duration,
            "archive_timestamp": world.stamp(),
            "create_timestamp": world.stamp(),
        },
        "members": {who.uid: world.stamp()},
    }


def _tell_of_thread(
    world: World, who: Viewer, parent: Json, thread: Json, message_id: str | None
) -> None:
    def body(viewer: Viewer) -> Json:
        return shapes.thread_for(thread, viewer.uid) | {"newly_created": True}

    world.publish(Event("THREAD_CREATE", body, thread))
    place = {"channel_id": thread["id"], "guild_id": world.guild_id}
    if message_id is not None:
        publish(world, "MESSAGE_UPDATE", world.store.messages[message_id])
    elif thread["type"] == 11:  # the parent channel says that a thread was started
        note = messages.new_record(world, who.uid, parent)
        note |= {"type": 18, "content": thread["name"], "message_reference": place}
        messages.keep(world, note, parent)


def change_membership(world: World, who: Viewer, channel_id: str, uid: str, *, joins: bool) -> None:
    """Join or leave a thread, or add or remove someone (removing needs MANAGE_THREADS)."""
    thread = world.channel(channel_id)
    if not shapes.is_thread(thread):
        raise Refusal(50024)
    world.member(uid)
    needed = P.MANAGE_THREADS if not joins and uid != who.uid else P.VIEW_CHANNEL
    permissions.require(world.store, who.uid, thread, needed)
    messages.require_awake(thread)
    if joins:
        thread["members"].setdefault(uid, world.stamp())
    else:
        thread["members"].pop(uid, None)
    thread["member_count"] = len(thread["members"])
    world.store.channels.save(thread)
    body: Json = {
        "id": thread["id"],
        "guild_id": world.guild_id,
        "member_count": thread["member_count"],
        "added_members": [shapes.thread_member(thread, uid)] if joins else [],
        "removed_member_ids": [] if joins else [uid],
    }
    world.publish(Event("THREAD_MEMBERS_UPDATE", lambda _: body, thread))


def history(world: World, who: Viewer, channel_id: str, page: Json) -> list[Json]:
    """Return messages newest first; `page` may hold limit and one of before, after, around."""
    channel = world.channel(channel_id)
    permissions.require(world.store, who.uid, channel)
    if not permissions.may(world.store, who.uid, channel, P.READ_MESSAGE_HISTORY):
        return []
    limit = int(page.get("limit") or 50)
    if not 1 <= limit <= 100:
        message = "int value should be between 1 and 100."
        raise invalid(["limit"], "NUMBER_TYPE_BETWEEN", message)
    seen = [world.store.messages[str(each)] for each in world.store.message_ids(channel_id)]
    visible = [each for each in seen if each["viewer"] in (None, who.uid)]
    return _page(visible, page, limit)[::-1]


def _page(oldest_first: list[Json], page: Json, limit: int) -> list[Json]:
    if after := page.get("after"):
        return [each for each in oldest_first if int(each["id"]) > int(after)][:limit]
    if around := page.get("around"):
        half = limit // 2
        before = [each for each in oldest_first if int(each["id"]) < int(around)]
        rest = [each for each in oldest_first if int(each["id"]) >= int(around)]
        return before[-half:] * bool(half) + rest[: limit - half]
    if before := page.get("before"):
        oldest_first = [each for each in oldest_first if int(each["id"]) < int(before)]
    return oldest_first[-limit:]
