"""Channels: create, change, delete, and what roles may do in them."""

from typing import Annotated, Literal

from pydantic import Field

from sandbox.discord import permissions, shapes
from sandbox.discord.call import Call
from sandbox.discord.errors import invalid
from sandbox.discord.forms import Form, SnowflakeId
from sandbox.discord.founding import channel_record
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event, World


class Overwrite(Form):
    """What a role (type 0) or member (type 1) may or may not do in a channel."""

    id: SnowflakeId
    type: Literal[0, 1] = 0
    allow: SnowflakeId = "0"
    deny: SnowflakeId = "0"


class ChannelForm(Form):
    """The body of a channel or thread that is created or changed."""

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    type: Literal[0, 11, 12] | None = None
    topic: Annotated[str, Field(max_length=1024)] | None = None
    permission_overwrites: list[Overwrite] | None = None
    auto_archive_duration: Literal[60, 1440, 4320, 10080] | None = None  # minutes
    archived: bool | None = None
    locked: bool | None = None
    rate_limit_per_user: Annotated[int, Field(ge=0, le=21600)] | None = None

    def required_name(self) -> str:
        """Return the name, or refuse with 50035 a body without one."""
        if not self.name:
            raise invalid(["name"], "BASE_TYPE_REQUIRED", "This field is required")
        return self.name


def publish(world: World, kind: str, channel: Json) -> None:
    """Tell of a channel or thread that came, changed or went."""
    thread = shapes.is_thread(channel)
    name = f"{'THREAD' if thread else 'CHANNEL'}_{kind}"
    world.publish(Event(name, lambda who: shapes.channel_for(channel, who.uid), channel))


def get(call: Call) -> Json:
    """Return a channel or thread."""
    return shapes.channel_for(call.channel(), call.uid)


def create(call: Call) -> Json:
    """Create a text channel; needs MANAGE_CHANNELS."""
    world, form = call.world, call.form(ChannelForm)
    permissions.require_in_guild(world.store, call.uid, P.MANAGE_CHANNELS)
    position = len(world.store.channels)
    record = channel_record(world.new_id(), world.guild_id, form.required_name(), position)
    _change(record, form)
    world.store.channels.save(record)
    publish(world, "CREATE", record)
    return shapes.channel(record)


def edit(call: Call) -> Json:
    """Change a channel (MANAGE_CHANNELS) or a thread (its owner, or MANAGE_THREADS)."""
    channel, form = call.channel(), call.form(ChannelForm)
    thread = shapes.is_thread(channel)
    if not thread:
        call.channel(P.MANAGE_CHANNELS)
    elif channel["owner_id"] != call.uid or form.locked is not None:
        call.channel(P.MANAGE_THREADS)
    _change(channel, form)
    if thread:
        _change_state(call.world, channel, form)
    call.world.store.channels.save(channel)
    publish(call.world, "UPDATE", channel)
    return shapes.channel_for(channel, call.uid)


def _change(channel: Json, form: ChannelForm) -> None:
    given = form.wire()
    names = ("name", "topic", "rate_limit_per_user", "permission_overwrites")
    channel |= {name: given[name] for name in names if name in given}


def _change_state(world: World, thread: Json, form: ChannelForm) -> None:
    given = form.wire()
    names = ("archived", "locked", "auto_archive_duration")
    thread["thread_metadata"] |= {name: given[name] for name in names if name in given}
    if form.archived is not None:
        thread["thread_metadata"]["archive_timestamp"] = world.stamp()


def delete(call: Call) -> Json:
    """Delete a channel with its threads (MANAGE_CHANNELS), or a thread (MANAGE_THREADS)."""
    channel = call.world.channel(call["channel_id"])
    call.channel(P.MANAGE_THREADS if shapes.is_thread(channel) else P.MANAGE_CHANNELS)
    threads = [each for each in call.world.store.channels if each["parent_id"] == channel["id"]]
    for each in (*threads, channel):
        _drop(call.world, each)
    return shapes.channel(channel)


def _drop(world: World, channel: Json) -> None:
    for message_id in list(world.store.message_ids(channel["id"])):
        world.store.drop_message(world.store.messages[str(message_id)])
    publish(world, "DELETE", channel)
    world.store.channels.drop(channel["id"])


def set_overwrite(call: Call) -> None:
    """Say what a role or member may do in a channel; needs MANAGE_ROLES."""
    channel, body = call.channel(P.MANAGE_ROLES), {**call.fields(), "id": call["overwrite_id"]}
    overwrite = Call(call.world, call.who, call.params, {}, body).form(Overwrite)
    others = [each for each in channel["permission_overwrites"] if each["id"] != overwrite.id]
    channel["permission_overwrites"] = [*others, overwrite.model_dump()]
    call.world.store.channels.save(channel)
    publish(call.world, "UPDATE", channel)
