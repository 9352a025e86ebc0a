"""Members: one or many, the roles they hold, and that they are typing."""

from sandbox.discord import permissions, shapes
from sandbox.discord.call import Call
from sandbox.discord.errors import Refusal
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event, World


def get(call: Call) -> Json:
    """Return a member."""
    return shapes.member(call.same_guild().member(call["user_id"]))


def page(call: Call) -> list[Json]:
    """List members by id; needs the members intent. The query may hold `limit` and `after`."""
    world = call.same_guild()
    if not world.store.settings["guild"]["privileged_intents"]:
        raise Refusal(50001)
    after, limit = call.number("after"), call.number("limit", 1)
    people = sorted(world.store.users, key=lambda user: int(user["id"]))
    return [shapes.member(user) for user in people if int(user["id"]) > after][:limit]


def give_role(call: Call) -> None:
    """Give a member a role."""
    _set_role(call, holds=True)


def take_role(call: Call) -> None:
    """Take a role from a member."""
    _set_role(call, holds=False)


def _set_role(call: Call, *, holds: bool) -> None:
    """Needs MANAGE_ROLES and a role of one's own above the one that is given or taken."""
    world = call.world
    member, role = world.member(call["user_id"]), world.role(call["role_id"])
    permissions.require_in_guild(world.store, call.uid, P.MANAGE_ROLES)
    owner = world.store.settings["guild"]["owner_id"] == call.uid
    if role["managed"] or (not owner and _rank(world, call.uid) <= role["position"]):
        raise Refusal(50013)
    if holds == (role["id"] in member["roles"]):
        return
    others = [each for each in member["roles"] if each != role["id"]]
    member["roles"] = [*others, role["id"]] if holds else others
    world.store.users.save(member)
    body = shapes.member(member) | {"guild_id": world.guild_id}
    world.publish(Event("GUILD_MEMBER_UPDATE", lambda _: body))


def _rank(world: World, uid: str) -> int:
    held = [world.store.roles[role_id]["position"] for role_id in world.store.users[uid]["roles"]]
    return max(held, default=0)


def typing(call: Call) -> None:
    """Tell a channel that someone is typing."""
    channel = call.channel()
    call.channel(permissions.speaking(channel))
    body: Json = {
        "channel_id": channel["id"],
        "guild_id": call.world.guild_id,
        "user_id": call.uid,
        "timestamp": int(call.world.now().timestamp()),
        "member": shapes.member(call.world.store.users[call.uid]),
    }
    call.world.publish(Event("TYPING_START", lambda _: body, channel))
