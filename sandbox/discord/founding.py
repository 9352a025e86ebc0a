"""The first minute of a server: its plan becomes roles, people and channels."""

import secrets

from sandbox.discord import permissions
from sandbox.discord.plan import ChannelPlan, RolePlan, ServerPlan
from sandbox.discord.tables import Tables
from sandbox.discord.values import Json, Snowflakes, stamp, utcnow


def found_server(store: Tables, plan: ServerPlan) -> None:
    """Create the guild, the application with its bot, roles, people and channels."""
    ids = Snowflakes(utcnow)
    guild_id, application_id = ids(), ids()
    _found_roles(store, plan, guild_id, ids)
    role_ids = {role["name"]: role["id"] for role in store.roles}
    for person in plan.people:
        held = [role_ids[name] for name in person.roles]
        store.users.save(_user(ids(), person.username, person.global_name, held))
    bot = _user(application_id, plan.bot_name, None, [role_ids[plan.bot_name]])
    store.users.save(bot | {"bot": True})
    for position, channel in enumerate(plan.channels):
        store.channels.save(_channel(ids(), guild_id, channel, position, role_ids))
    store.settings.save(
        {
            "id": "guild",
            "guild_id": guild_id,
            "name": plan.name,
            "owner_id": next(user["id"] for user in store.users if user["username"] == plan.owner),
            "application_id": application_id,
            "privileged_intents": plan.privileged_intents,
            "signing_key": secrets.token_hex(16),
        }
    )


def _found_roles(store: Tables, plan: ServerPlan, guild_id: str, ids: Snowflakes) -> None:
    everyone = RolePlan(name="@everyone", permissions=plan.everyone or permissions.EVERYONE)
    store.roles.save(role_record(guild_id, everyone, 0))
    own = RolePlan(name=plan.bot_name, permissions=plan.bot_permissions or permissions.BOT)
    ranked = [own, *plan.roles] if plan.bot_role_first else [*plan.roles, own]
    for position, role in enumerate(reversed(ranked), start=1):
        record = role_record(ids(), role, position)
        store.roles.save(record | {"managed": role is own})


def role_record(role_id: str, plan: RolePlan, position: int) -> Json:
    """Return a role in Discord's shape."""
    return {
        "id": role_id,
        "name": plan.name,
        "color": plan.color,
        "colors": {"primary_color": plan.color, "secondary_color": None, "tertiary_color": None},
        "hoist": plan.hoist and position > 0,
        "icon": None,
        "unicode_emoji": None,
        "position": position,
        "permissions": str(plan.permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def _user(user_id: str, username: str, global_name: str | None, roles: list[str]) -> Json:
    return {
        "id": user_id,
        "username": username.lower() if global_name else username,
        "global_name": global_name,
        "avatar": f"{int(user_id):032x}"[-32:],
        "bot": False,
        "roles": roles,
        "nick": None,
        "joined_at": stamp(utcnow()),
    }


def _channel(
    channel_id: str, guild_id: str, plan: ChannelPlan, position: int, role_ids: dict[str, str]
) -> Json:
    overwrites = [
        {"id": role_ids[each.role], "type": 0, "allow": str(each.allow), "deny": str(each.deny)}
        for each in plan.overwrites
    ]
    return channel_record(channel_id, guild_id, plan.name, position) | {
        "topic": plan.topic or None,
        "permission_overwrites": overwrites,
    }


def channel_record(channel_id: str, guild_id: str, name: str, position: int) -> Json:
    """Return a text channel in Discord's shape."""
    return {
        "id": channel_id,
        "type": 0,
        "guild_id": guild_id,
        "name": name,
        "topic": None,
        "position": position,
        "permission_overwrites": [],
        "nsfw": False,
        "parent_id": None,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "flags": 0,
    }
