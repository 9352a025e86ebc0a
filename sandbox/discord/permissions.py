"""Permissions as Discord computes them: owner, roles, channel overwrites, implicit denials."""

from enum import IntFlag

from sandbox.discord.errors import Refusal
from sandbox.discord.tables import Tables
from sandbox.discord.values import Json


class Permission(IntFlag):
    """The permissions the sandbox looks at; other bits are kept and mean nothing here."""

    KICK_MEMBERS = 1 << 1
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EXTERNAL_APPS = 1 << 50


EVERYTHING = (1 << 53) - 1
P = Permission
EVERYONE = int(
    P.ADD_REACTIONS | P.VIEW_CHANNEL | P.SEND_MESSAGES | P.EMBED_LINKS | P.ATTACH_FILES
    | P.READ_MESSAGE_HISTORY | P.USE_EXTERNAL_EMOJIS | P.USE_APPLICATION_COMMANDS
    | P.CREATE_PUBLIC_THREADS | P.CREATE_PRIVATE_THREADS | P.SEND_MESSAGES_IN_THREADS
)  # fmt: skip
BOT = EVERYONE | int(
    P.MANAGE_MESSAGES | P.MANAGE_CHANNELS | P.MANAGE_ROLES | P.MANAGE_THREADS | P.MENTION_EVERYONE
)
THREADS = (10, 11, 12)


def in_guild(store: Tables, uid: str) -> int:
    """Return what someone may do in the server, before any channel's overwrites."""
    guild, user = store.settings["guild"], store.users[uid]
    if guild["owner_id"] == uid:
        return EVERYTHING
    allowed = 0
    for role_id in (guild["guild_id"], *user["roles"]):
        allowed |= int(store.roles[role_id]["permissions"])
    return EVERYTHING if allowed & P.ADMINISTRATOR else allowed


def in_channel(store: Tables, uid: str, channel: Json) -> int:
    """Return what someone may do in a channel; a thread answers as its parent does."""
    allowed = in_guild(store, uid)
    if allowed == EVERYTHING:
        return allowed
    parent = store.channels[channel["parent_id"]] if channel["type"] in THREADS else channel
    allowed = _with_overwrites(store, uid, parent["permission_overwrites"], allowed)
    if not allowed & P.VIEW_CHANNEL or _closed_to(uid, channel, allowed):
        return 0
    speak = P.SEND_MESSAGES_IN_THREADS if channel["type"] in THREADS else P.SEND_MESSAGES
    if not allowed & speak:
        allowed &= ~int(P.ATTACH_FILES | P.EMBED_LINKS | P.MENTION_EVERYONE)
    return allowed


def _closed_to(uid: str, channel: Json, allowed: int) -> bool:
    private = channel["type"] == 12 and not allowed & P.MANAGE_THREADS
    return private and uid not in channel["members"]


def _with_overwrites(store: Tables, uid: str, overwrites: list[Json], allowed: int) -> int:
    by_id = {each["id"]: each for each in overwrites}
    everyone, roles = store.settings["guild"]["guild_id"], store.users[uid]["roles"]
    # Discord's order: @everyone, then all roles together (an allow beats a deny), then the member
    for layer in ([everyone], roles, [uid]):
        layer_overwrites = [by_id[key] for key in layer if key in by_id]
        for each in layer_overwrites:
            allowed &= ~int(each["deny"])
        for each in layer_overwrites:
            allowed |= int(each["allow"])
    return allowed


def may(store: Tables, uid: str, channel: Json, needed: int) -> bool:
    """Tell whether someone has all of these permissions in a channel."""
    return in_channel(store, uid, channel) & needed == needed


def require(store: Tables, uid: str, channel: Json, needed: int = 0) -> None:
    """Refuse with 50001 what someone cannot see, with 50013 what they may not do."""
    if not may(store, uid, channel, P.VIEW_CHANNEL):
        raise Refusal(50001)
    if not may(store, uid, channel, needed):
        raise Refusal(50013)


def require_in_guild(store: Tables, uid: str, needed: int) -> None:
    """Refuse with 50013 what someone may not do in the server."""
    if in_guild(store, uid) & needed != needed:
        raise Refusal(50013)


def speaking(channel: Json) -> Permission:
    """Return the permission that lets someone send messages there."""
    return P.SEND_MESSAGES_IN_THREADS if channel["type"] in THREADS else P.SEND_MESSAGES
