"""Members: one or many, and the roles they hold."""

from sandbox.discord import permissions, shapes
from sandbox.discord.errors import Refusal
from sandbox.discord.permissions import P
from sandbox.discord.values import Json
from sandbox.discord.world import Event, Viewer, World


def get(world: World, uid: str) -> Json:
    """Return a member."""
    return shapes.member(world.member(uid))


def list_page(world: World, page: Json) -> list[Json]:
    """List members by id; `page` may hold `limit` and `after`."""
    after, limit = int(page.get("after") or 0), int(page.get("limit") or 1)
    if not world.store.settings["guild"]["privileged_intents"]:
        raise Refusal(50001)
    people = sorted(world.store.users, key=lambda user: int(user["id"]))
    return [shapes.member(user) for user in people if int(user["id"]) > after][:limit]


def set_role(world: World, who: Viewer, uid: str, role_id: str, *, holds: bool) -> None:
    """Give or take a role; needs MANAGE_ROLES and a higher role of one's own."""
    member, role = world.member(uid), world.role(role_id)
    permissions.require_in_guild(world.store, who.uid, P.MANAGE_ROLES)
    owner = world.store.settings["guild"]["owner_id"] == who.uid
    if role["managed"] or (not owner and _rank(world, who.uid) <= role["position"]):
        raise Refusal(50013)
    if holds == (role_id in member["roles"]):
        return
    member["roles"] = [each for each in member["roles"] if each != role_id] + [role_id] * holds
    world.store.users.save(member)
    body = shapes.member(member) | {"guild_id": world.guild_id}
    world.publish(Event("GUILD_MEMBER_UPDATE", lambda _: body))


def _rank(world: World, uid: str) -> int:
    held = [world.store.roles[role_id]["position"] for role_id in world.store.users[uid]["roles"]]
    return max(held, default=0)
