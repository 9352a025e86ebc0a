"""How records look on the wire: people, members, channels, the server."""

from sandbox.discord import permissions
from sandbox.discord.values import Json
from sandbox.discord.world import World


def user(record: Json) -> Json:
    """Return Discord's user object."""
    names = ("id", "username", "global_name", "avatar")
    return {name: record[name] for name in names} | {
        "discriminator": "0",
        "bot": record["bot"],
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "clan": None,
    }


def member(record: Json, *, with_user: bool = True) -> Json:
    """Return Discord's guild member object."""
    shape: Json = {
        "nick": record["nick"],
        "avatar": None,
        "banner": None,
        "roles": record["roles"],
        "joined_at": record["joined_at"],
        "premium_since": None,
        "communication_disabled_until": None,
        "pending": False,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    return {"user": user(record)} | shape if with_user else shape


def member_in(world: World, uid: str, channel: Json) -> Json:
    """Return a member as interactions carry them: with their permissions in the channel."""
    allowed = permissions.in_channel(world.store, uid, channel)
    return member(world.store.users[uid]) | {"permissions": str(allowed)}


def channel(record: Json) -> Json:
    """Return Discord's channel object."""
    return {key: value for key, value in record.items() if key != "members"}


def thread_for(record: Json, uid: str) -> Json:
    """Return a thread, with the viewer's membership when they joined it."""
    shape = channel(record)
    if uid in record["members"]:
        shape["member"] = thread_member(record, uid)
    return shape


def thread_member(record: Json, uid: str) -> Json:
    """Return Discord's thread member object."""
    joined = record["members"][uid]
    return {"id": record["id"], "user_id": uid, "join_timestamp": joined, "flags": 1}


def channel_for(record: Json, uid: str) -> Json:
    """Return a channel or thread as someone sees it."""
    return thread_for(record, uid) if is_thread(record) else channel(record)


def is_thread(record: Json) -> bool:
    """Tell threads from channels."""
    return record["type"] in permissions.THREADS


def emoji(name: str) -> Json:
    """Return the partial emoji object of a Unicode emoji."""
    return {"id": None, "name": name}


def guild(world: World) -> Json:
    """Return Discord's guild object, as REST answers it."""
    settings = world.store.settings["guild"]
    return {
        "id": world.guild_id,
        "name": settings["name"],
        "owner_id": settings["owner_id"],
        "icon": None,
        "banner": None,
        "splash": None,
        "discovery_splash": None,
        "description": None,
        "features": [],
        "emojis": [],
        "stickers": [],
        "roles": list(world.store.roles),
        "afk_timeout": 300,
        "afk_channel_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "safety_alerts_channel_id": None,
        "application_id": None,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "nsfw": False,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "vanity_url_code": None,
        "max_members": 500_000,
    }


def guild_create(world: World) -> Json:
    """Return the guild as GUILD_CREATE brings it to the bot: with channels, threads, members."""
    people = [member(each) for each in world.store.users]
    mine = world.store.users[world.bot_id]
    view = permissions.P.VIEW_CHANNEL
    threads = [
        thread_for(each, world.bot_id)
        for each in world.store.channels
        if is_thread(each)
        and not each["thread_metadata"]["archived"]
        and permissions.may(world.store, world.bot_id, each, view)
    ]
    return guild(world) | {
        "joined_at": mine["joined_at"],
        "large": False,
        "unavailable": False,
        "member_count": len(people),
        "members": people,
        "channels": [channel(each) for each in world.store.channels if not is_thread(each)],
        "threads": threads,
        "presences": [],
        "voice_states": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def application(world: World) -> Json:
    """Return the bot's application."""
    bot = world.store.users[world.bot_id]
    owner = world.store.users[world.store.settings["guild"]["owner_id"]]
    granted = world.store.settings["guild"]["privileged_intents"]
    limited_intents = 1 << 13 | 1 << 15 | 1 << 19  # presence, members, message content
    return {
        "id": world.bot_id,
        "name": bot["username"],
        "icon": None,
        "description": "",
        "bot_public": False,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": limited_intents if granted else 0,
        "owner": user(owner),
        "team": None,
        "bot": user(bot),
        "summary": "",
        "install_params": None,
    }
