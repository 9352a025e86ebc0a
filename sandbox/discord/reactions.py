"""Reactions: add, take away, list; at most 20 different emoji on a message."""

import unicodedata

from sandbox.discord import shapes
from sandbox.discord.call import Call
from sandbox.discord.errors import Refusal
from sandbox.discord.messages import require_awake
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event

DIFFERENT_EMOJI = 20
_JOINERS = "\u200d\ufe0f\u20e3"


def _check_emoji(name: str) -> None:
    """Refuse with 10014 what is no Unicode emoji; this server has none of its own."""
    drawn = [char for char in name if char not in _JOINERS]
    keycap = name.endswith("\u20e3") and len(drawn) == 1
    if not keycap and (not drawn or len(name) > 30 or not all(map(_is_picture, drawn))):
        raise Refusal(10014)


def _is_picture(char: str) -> bool:
    tag = 0xE0020 <= ord(char) <= 0xE007F  # the flags of England, Scotland, Wales
    return tag or unicodedata.category(char) in ("So", "Sk", "Sm") or char in "‼⁉〰〽"


def _open_message(call: Call) -> Json:
    channel = call.channel(P.READ_MESSAGE_HISTORY)
    message = call.message()
    require_awake(channel)
    return message


def _entry(message: Json, emoji: str) -> Json | None:
    bare = emoji.replace("\ufe0f", "")
    same = (each for each in message["reactions"] if each["emoji"].replace("\ufe0f", "") == bare)
    return next(same, None)


def add(call: Call) -> None:
    """React to a message; a new emoji needs ADD_REACTIONS."""
    message = _open_message(call)
    entry = _entry(message, call["emoji"]) or _new_entry(call, message)
    if call.uid in entry["users"]:
        return
    entry["users"].append(call.uid)
    call.world.store.messages.save(message)
    member = shapes.member(call.world.store.users[call.uid])
    more = {"member": member, "message_author_id": message["author_id"]}
    _publish(call, "ADD", message, _one(call.uid, entry) | more)


def _new_entry(call: Call, message: Json) -> Json:
    _check_emoji(call["emoji"])
    call.channel(P.ADD_REACTIONS)
    if len(message["reactions"]) >= DIFFERENT_EMOJI:
        raise Refusal(30010)
    entry: Json = {"emoji": call["emoji"], "users": []}
    message["reactions"].append(entry)
    return entry


def take(call: Call) -> None:
    """Take away one's own reaction or, with MANAGE_MESSAGES, that of someone in the path."""
    message = _open_message(call)
    uid = call.params.get("user_id", call.uid)
    if uid != call.uid:
        call.channel(P.MANAGE_MESSAGES)
    entry = _entry(message, call["emoji"])
    if entry is None:
        raise Refusal(10014)
    if uid not in entry["users"]:
        return
    entry["users"].remove(uid)
    if not entry["users"]:
        message["reactions"].remove(entry)
    call.world.store.messages.save(message)
    _publish(call, "REMOVE", message, _one(uid, entry))


def clear(call: Call) -> None:
    """Take away all reactions, or all with the emoji in the path; needs MANAGE_MESSAGES."""
    message = _open_message(call)
    call.channel(P.MANAGE_MESSAGES)
    if "emoji" not in call.params:
        message["reactions"] = []
        _publish(call, "REMOVE_ALL", message, {})
    elif entry := _entry(message, call["emoji"]):
        message["reactions"].remove(entry)
        _publish(call, "REMOVE_EMOJI", message, {"emoji": shapes.emoji(entry["emoji"])})
    call.world.store.messages.save(message)


def users(call: Call) -> list[Json]:
    """List who reacted with an emoji, by id; the query may hold `limit` and `after`."""
    call.channel(P.READ_MESSAGE_HISTORY)
    entry = _entry(call.message(), call["emoji"])
    if entry is None:
        _check_emoji(call["emoji"])
        return []
    after = call.number("after")
    listed = sorted((uid for uid in entry["users"] if int(uid) > after), key=int)
    page = listed[: call.number("limit", 25)]
    return [shapes.user(call.world.store.users[uid]) for uid in page]


def _one(uid: str, entry: Json) -> Json:
    return {"user_id": uid, "emoji": shapes.emoji(entry["emoji"]), "burst": False, "type": 0}


def _publish(call: Call, kind: str, message: Json, body: Json) -> None:
    world, names = call.world, {"channel_id": message["channel_id"], "message_id": message["id"]}
    place = names | {"guild_id": world.guild_id}
    channel = world.store.channels.get(message["channel_id"])
    world.publish(Event(f"MESSAGE_REACTION_{kind}", lambda _: place | body, channel))
