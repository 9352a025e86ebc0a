"""Threads: start one, from a message or free; join and leave; list."""

from sandbox.discord import message_shape, messages, permissions, shapes
from sandbox.discord.call import Call
from sandbox.discord.channels import ChannelForm
from sandbox.discord.drafts import HAS_THREAD
from sandbox.discord.errors import Refusal
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer


def start(call: Call) -> Json:
    """Start a thread; needs CREATE_PUBLIC_THREADS or CREATE_PRIVATE_THREADS."""
    form, starter = call.form(ChannelForm), call.params.get("message_id")
    private = starter is None and form.type != 11  # Discord's default without a message
    needed = P.CREATE_PRIVATE_THREADS if private else P.CREATE_PUBLIC_THREADS
    parent = call.channel(needed | P.READ_MESSAGE_HISTORY)
    if shapes.is_thread(parent):
        raise Refusal(50024)
    thread = _record(call, parent, form) | {"type": 12 if private else 11}
    if starter is not None:
        _mark_starter(call)
        thread["id"] = starter
    call.world.store.channels.save(thread)
    _tell(call, parent, thread)
    return shapes.thread_for(thread, call.uid)


def _record(call: Call, parent: Json, form: ChannelForm) -> Json:
    now = call.world.stamp()
    return {
        "id": call.world.new_id(),
        "guild_id": call.world.guild_id,
        "parent_id": parent["id"],
        "owner_id": call.uid,
        "name": form.required_name(),
        "last_message_id": None,
        "rate_limit_per_user": form.rate_limit_per_user or 0,
        "message_count": 0,
        "total_message_sent": 0,
        "member_count": 1,
        "flags": 0,
        "thread_metadata": {
            "archived": False,
            "locked": False,
            "auto_archive_duration": form.auto_archive_duration or 1440,
            "archive_timestamp": now,
            "create_timestamp": now,
        },
        "members": {call.uid: now},
    }


def _mark_starter(call: Call) -> None:
    message = call.message()
    if call.world.store.channels.get(message["id"]):
        raise Refusal(160004)
    message["flags"] |= HAS_THREAD
    call.world.store.messages.save(message)


def _tell(call: Call, parent: Json, thread: Json) -> None:
    def body(who: Viewer) -> Json:
        return shapes.thread_for(thread, who.uid) | {"newly_created": True}

    call.world.publish(Event("THREAD_CREATE", body, thread))
    if starter := call.world.store.messages.get(thread["id"]):
        message_shape.publish(call.world, "MESSAGE_UPDATE", starter)
    elif thread["type"] == 11:  # the parent channel says that a thread was started
        place = {"channel_id": thread["id"], "guild_id": call.world.guild_id}
        note = messages.new_record(call.world, call.uid, parent)
        note |= {"type": 18, "content": thread["name"], "message_reference": place}
        messages.keep(call.world, note)


def join(call: Call) -> None:
    """Join a thread, or add someone to it."""
    _change_membership(call, P.VIEW_CHANNEL, joins=True)


def leave(call: Call) -> None:
    """Leave a thread or, with MANAGE_THREADS, remove someone from it."""
    own = call["user_id"] in ("@me", call.uid)
    _change_membership(call, P.VIEW_CHANNEL if own else P.MANAGE_THREADS, joins=False)


def _change_membership(call: Call, needed: int, *, joins: bool) -> None:
    thread = _thread(call, needed)
    uid = call.uid if call["user_id"] == "@me" else call["user_id"]
    call.world.member(uid)
    messages.require_awake(thread)
    if joins:
        thread["members"].setdefault(uid, call.world.stamp())
    else:
        thread["members"].pop(uid, None)
    thread["member_count"] = len(thread["members"])
    call.world.store.channels.save(thread)
    body: Json = {
        "id": thread["id"],
        "guild_id": call.world.guild_id,
        "member_count": thread["member_count"],
        "added_members": [shapes.thread_member(thread, uid)] if joins else [],
        "removed_member_ids": [] if joins else [uid],
    }
    call.world.publish(Event("THREAD_MEMBERS_UPDATE", lambda _: body, thread))


def _thread(call: Call, needed: int = 0) -> Json:
    thread = call.channel(needed)
    if not shapes.is_thread(thread):
        raise Refusal(50024)
    return thread


def members(call: Call) -> list[Json]:
    """List who joined a thread."""
    thread = _thread(call)
    return [shapes.thread_member(thread, uid) for uid in thread["members"]]


def active(call: Call) -> Json:
    """List the server's open threads that the caller may see."""
    return _listing(call, [each for each in call.same_guild().store.channels if _open(call, each)])


def _open(call: Call, channel: Json) -> bool:
    if not shapes.is_thread(channel) or channel["thread_metadata"]["archived"]:
        return False
    return permissions.may(call.world.store, call.uid, channel, P.VIEW_CHANNEL)


def archived(call: Call) -> Json:
    """List a channel's public archived threads."""
    parent = call.channel(P.READ_MESSAGE_HISTORY)
    inside = [each for each in call.world.store.channels if each["parent_id"] == parent["id"]]
    public = [each for each in inside if each["type"] == 11 and each["thread_metadata"]["archived"]]
    return _listing(call, public) | {"has_more": False}


def _listing(call: Call, found: list[Json]) -> Json:
    joined = [shapes.thread_member(each, call.uid) for each in found if call.uid in each["members"]]
    return {"threads": [shapes.thread_for(each, call.uid) for each in found], "members": joined}
