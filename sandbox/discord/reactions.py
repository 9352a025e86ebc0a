"""Reactions: add, take away, list; at most 20 different emoji on a message."""

import unicodedata

from sandbox.discord import permissions, shapes
from sandbox.discord.errors import Refusal
from sandbox.discord.messages import require_awake
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World

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


def _open_message(world: World, who: Viewer, channel_id: str, message_id: str) -> Json:
    channel = world.channel(channel_id)
    permissions.require(world.store, who.uid, channel, P.READ_MESSAGE_HISTORY)
    message = world.message(channel_id, message_id)
    require_awake(channel)
    return message


def _entry(message: Json, emoji: str) -> Json | None:
    bare = emoji.replace("\ufe0f", "")
    same = (each for each in message["reactions"] if each["emoji"].replace("\ufe0f", "") == bare)
    return next(same, None)


def add(world: World, who: Viewer, channel_id: str, message_id: str, emoji: str) -> None:
    """React to a message; a new emoji needs ADD_REACTIONS."""
    message = _open_message(world, who, channel_id, message_id)
    entry: Json | None = _entry(message, emoji)
    if entry is None:
        _check_emoji(emoji)
        permissions.require(world.store, who.uid, world.channel(channel_id), P.ADD_REACTIONS)
        if len(message["reactions"]) >= DIFFERENT_EMOJI:
            raise Refusal(30010)
        entry = {"emoji": emoji, "users": []}
        message["reactions"].append(entry)
    if who.uid in entry["users"]:
        return
    entry["users"].append(who.uid)
    world.store.messages.save(message)
    more = {
        "member": shapes.member(world.store.users[who.uid]),
        "message_author_id": message["author_id"],
    }
    _publish(world, "MESSAGE_REACTION_ADD", message, _one(who.uid, entry) | more)


def take(world: World, who: Viewer, channel_id: str, message_id: str, emoji: str, uid: str) -> None:
    """Take away someone's reaction; that of others needs MANAGE_MESSAGES."""
    message = _open_message(world, who, channel_id, message_id)
    if uid != who.uid:
        permissions.require(world.store, who.uid, world.channel(channel_id), P.MANAGE_MESSAGES)
    entry = _entry(message, emoji)
    if entry is None:
        _check_emoji(emoji)
        raise Refusal(10014)
    if uid not in entry["users"]:
        return
    entry["users"].remove(uid)
    if not entry["users"]:
        message["reactions"].remove(entry)
    world.store.messages.save(message)
    _publish(world, "MESSAGE_REACTION_REMOVE", message, _one(uid, entry))


def clear(
    world: World, who: Viewer, channel_id: str, message_id: str, emoji: str | None = None
) -> None:
    """Take away all reactions, or all with one emoji; needs MANAGE_MESSAGES."""
    message = _open_message(world, who, channel_id, message_id)
    permissions.require(world.store, who.uid, world.channel(channel_id), P.MANAGE_MESSAGES)
    if emoji is None:
        message["reactions"] = []
        world.store.messages.save(message)
        _publish(world, "MESSAGE_REACTION_REMOVE_ALL", message, {})
        return
    if entry := _entry(message, emoji):
        message["reactions"].remove(entry)
        world.store.messages.save(message)
        body = {"emoji": shapes.emoji(entry["emoji"])}
        _publish(world, "MESSAGE_REACTION_REMOVE_EMOJI", message, body)


def users(
    world: World, who: Viewer, channel_id: str, message_id: str, emoji: str, page: Json
) -> list[Json]:
    """List who reacted with an emoji, by id; `page` may hold `limit` and `after`."""
    channel = world.channel(channel_id)
    permissions.require(world.store, who.uid, channel, P.READ_MESSAGE_HISTORY)
    entry = _entry(world.message(channel_id, message_id), emoji)
    if entry is None:
        _check_emoji(emoji)
        return []
    after = int(page.get("after") or 0)
    listed = sorted((uid for uid in entry["users"] if int(uid) > after), key=int)
    return [shapes.user(world.store.users[uid]) for uid in listed[: int(page.get("limit") or 25)]]


def _one(uid: str, entry: Json) -> Json:
    emoji = shapes.emoji(entry["emoji"])
    return {"user_id": uid, "emoji": emoji, "burst": False, "type": 0}


def _publish(world: World, name: str, message: Json, body: Json) -> None:
    place = {
        "guild_id": world.guild_id,
        "channel_id": message["channel_id"],
        "message_id": message["id"],
    }
    channel = world.store.channels.get(message["channel_id"])
    world.publish(Event(name, lambda _: place | body, channel))
